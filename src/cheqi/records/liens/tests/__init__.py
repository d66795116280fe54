"""Tests of liens."""
