"""Keys from files in the home, or from the environment."""
