"""Tests of the file store's housekeeping."""
