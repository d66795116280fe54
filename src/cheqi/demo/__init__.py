"""A synthetic lender: people, cars, drawn documents and months of history."""
