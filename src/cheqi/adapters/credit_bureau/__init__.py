"""The credit bureau over signed HTTP, and its simulator."""
