"""Liens, title custody, insurance and GPS contracts."""
