"""The customer's pages of an application: apply, documents, consent, contract, loan."""
