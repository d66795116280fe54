"""The bank over signed HTTP, and its simulator."""
