"""Rule packs in force: the YAML baseline, and what the lender published over it."""
