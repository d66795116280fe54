"""Reads the event log and the records, never an area."""
