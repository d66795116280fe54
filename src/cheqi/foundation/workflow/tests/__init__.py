"""Tests of persisted cases."""
