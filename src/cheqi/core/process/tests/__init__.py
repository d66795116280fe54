"""Tests of the process core."""
