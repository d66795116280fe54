"""Tests of contact."""
