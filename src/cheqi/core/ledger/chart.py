"""The chart of accounts as data: code, names, kind, and the purpose that postings name it by.

Postings never write a code: they ask for a purpose (`LOAN_PRINCIPAL`), and the lender's chart says
which account that is, so another lender's numbering is another piece of data.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cheqi.core.base.text import Text


class AccountKind(StrEnum):
    """Which side increases the account: assets and expenses by debit, the others by credit."""

    ASSET = "ASSET"
    LIABILITY = "LIABILITY"
    EQUITY = "EQUITY"
    INCOME = "INCOME"
    EXPENSE = "EXPENSE"

    @property
    def debit_is_plus(self) -> bool:
        """Whether a debit makes the balance grow."""
        return self in {AccountKind.ASSET, AccountKind.EXPENSE}


class Purpose(StrEnum):
    """What a posting needs an account for."""

    LOAN_PRINCIPAL = "LOAN_PRINCIPAL"
    BANK = "BANK"
    PAYOUT_IN_TRANSIT = "PAYOUT_IN_TRANSIT"
    INTEREST_RECEIVABLE = "INTEREST_RECEIVABLE"
    INTEREST_INCOME = "INTEREST_INCOME"
    FEE_INCOME = "FEE_INCOME"
    PENALTY_INCOME = "PENALTY_INCOME"
    CUSTOMER_CREDIT = "CUSTOMER_CREDIT"
    LOAN_LOSS = "LOAN_LOSS"


@dataclass(frozen=True, slots=True)
class AccountDefinition:
    """One account of the chart."""

    code: str
    title: Text
    kind: AccountKind
    purpose: Purpose | None = None


class ChartOfAccounts:
    """All accounts of one legal entity. Raises ValueError where a code or a purpose comes twice."""

    def __init__(self, accounts: Iterable[AccountDefinition]) -> None:
        self.accounts = tuple(accounts)
        codes = Counter(account.code for account in self.accounts)
        purposes = Counter(account.purpose for account in self.accounts if account.purpose)
        if twice := [name for name, count in (*codes.items(), *purposes.items()) if count > 1]:
            raise ValueError(f"twice in the chart of accounts: {', '.join(map(str, twice))}")
        self._by_code = {account.code: account for account in self.accounts}
        self._by_purpose = {account.purpose: account for account in self.accounts if account.purpose}

    def account(self, code: str) -> AccountDefinition:
        """The account with a code. Raises KeyError where the chart has none."""
        return self._by_code[code]

    def code_for(self, purpose: Purpose) -> str:
        """The code of the account that serves a purpose. Raises KeyError where the chart has none."""
        return self._by_purpose[purpose].code


STANDARD_CHART = ChartOfAccounts(
    (
        AccountDefinition("1002", Text("银行存款", "Bank"), AccountKind.ASSET, Purpose.BANK),
        AccountDefinition(
            "1132", Text("应收利息", "Interest receivable"), AccountKind.ASSET, Purpose.INTEREST_RECEIVABLE
        ),
        AccountDefinition("1303", Text("发放贷款及垫款", "Loans"), AccountKind.ASSET, Purpose.LOAN_PRINCIPAL),
        AccountDefinition(
            "2241", Text("放款在途", "Payouts in transit"), AccountKind.LIABILITY, Purpose.PAYOUT_IN_TRANSIT
        ),
        AccountDefinition(
            "2203", Text("客户溢缴款", "Customer credit"), AccountKind.LIABILITY, Purpose.CUSTOMER_CREDIT
        ),
        AccountDefinition(
            "6011", Text("利息收入", "Interest income"), AccountKind.INCOME, Purpose.INTEREST_INCOME
        ),
        AccountDefinition("6021", Text("手续费收入", "Fee income"), AccountKind.INCOME, Purpose.FEE_INCOME),
        AccountDefinition(
            "6051", Text("罚息收入", "Penalty income"), AccountKind.INCOME, Purpose.PENALTY_INCOME
        ),
        AccountDefinition(
            "6702", Text("信用减值损失", "Loan losses"), AccountKind.EXPENSE, Purpose.LOAN_LOSS
        ),
    )
)
