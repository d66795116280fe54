"""Tests of vehicle registry."""
