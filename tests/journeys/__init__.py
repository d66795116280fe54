"""Whole ways through the product, from the first visit on, without a browser."""
