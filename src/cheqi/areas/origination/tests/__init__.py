"""Tests of the application area."""
