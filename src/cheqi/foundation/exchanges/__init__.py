"""What we ask of outside systems and what they tell us: every message a row, nothing lost, nothing twice."""
