"""May we contact this person now, and why not."""
