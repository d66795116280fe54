"""The chart of accounts as data, and transfers that balance by construction."""
