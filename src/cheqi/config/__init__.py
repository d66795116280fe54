"""Settings, wiring, addresses, the command line."""
