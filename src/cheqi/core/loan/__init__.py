"""Loan arithmetic in integer fen: terms, schedules, the annual rate for disclosure."""
