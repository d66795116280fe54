"""Accounts and transfers: balanced by construction."""
