"""Tests of what the shells share."""
