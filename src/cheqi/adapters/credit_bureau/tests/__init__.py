"""Tests of credit bureau."""
