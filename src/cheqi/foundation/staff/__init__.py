"""People of the lender, their branches, roles, scopes, delegations and second factors."""
