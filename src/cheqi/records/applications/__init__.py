"""Who wants which loan for which car, and what was decided."""
