"""Background work: rows are the truth, a job is only a wake-up."""
