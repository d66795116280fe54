"""Tests of settings, supervisor and command line."""
