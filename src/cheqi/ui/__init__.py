"""The component library: what every page of desk and portal is made of, each thing once."""
