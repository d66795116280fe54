"""The chart of accounts as data, and transfers that balance by construction."""

from cheqi.core.ledger.chart import STANDARD_CHART, AccountDefinition, AccountKind, ChartOfAccounts, Purpose
from cheqi.core.ledger.transfer import Transfer, balances

__all__ = [
    "STANDARD_CHART",
    "AccountDefinition",
    "AccountKind",
    "ChartOfAccounts",
    "Purpose",
    "Transfer",
    "balances",
]
