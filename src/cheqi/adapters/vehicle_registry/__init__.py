"""The vehicle registry over signed HTTP, and its simulator."""
