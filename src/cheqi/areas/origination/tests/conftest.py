"""A small lender for this area: a branch, people of every role, a product, a dealer, the process."""
