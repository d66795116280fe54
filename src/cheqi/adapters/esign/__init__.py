"""Electronic signatures: a simulator with a test certification authority."""
