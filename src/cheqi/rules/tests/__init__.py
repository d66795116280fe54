"""Tests of rule packs, and the packs' own cases."""
