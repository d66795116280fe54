"""What a process is, and the pure step function that moves a case through it."""
