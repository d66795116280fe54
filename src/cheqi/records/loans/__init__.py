"""Loan accounts and their installments."""
