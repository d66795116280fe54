"""Tests that belong to no app: tidiness, properties, golden files, journeys, faults."""
