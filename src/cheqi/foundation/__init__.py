"""Django machinery without a lending word."""
