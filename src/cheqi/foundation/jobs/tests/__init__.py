"""Tests of wake-ups and the worker."""
