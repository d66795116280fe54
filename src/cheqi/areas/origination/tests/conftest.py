"""A small lender for the tests of this area: a branch, people of every role, products, a dealer, the process."""
