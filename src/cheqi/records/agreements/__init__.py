"""Contracts: frozen terms, documents, signatures."""
