"""Tests of what every part speaks."""
