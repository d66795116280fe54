"""Persisted cases: what `core.process` decides, kept in rows, with queues, clocks and trackers."""
