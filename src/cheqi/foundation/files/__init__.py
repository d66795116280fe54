"""Keeps the file store tidy: what no row names is set aside, and forgotten after a month."""
