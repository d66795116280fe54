"""Pure Python and numpy: no framework, no I/O, no clock, no randomness."""
