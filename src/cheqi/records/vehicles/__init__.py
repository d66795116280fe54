"""The cars that loans are about."""
