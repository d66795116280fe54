"""People and companies: customers, guarantors, representatives."""
