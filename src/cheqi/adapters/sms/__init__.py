"""Short messages over signed HTTP, and a simulated provider with an inbox."""
