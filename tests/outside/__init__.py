"""Our side and simulated outside systems together: pushes, and processes that are killed."""
