"""Transfers and the chart of accounts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.base.text import Text
from cheqi.core.ledger import (
    STANDARD_CHART,
    AccountDefinition,
    AccountKind,
    ChartOfAccounts,
    Purpose,
    Transfer,
    balances,
)

DAY = date(2026, 1, 15)
CODES = [account.code for account in STANDARD_CHART.accounts]
TRANSFERS = st.builds(
    lambda pair, amount: Transfer(pair[0], pair[1], amount, DAY, DAY),
    st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)).filter(lambda pair: pair[0] != pair[1]),
    st.integers(1, 10**12),
)


@given(st.lists(TRANSFERS))
def test_balances_sum_to_zero_and_reversals_take_everything_back(transfers: list[Transfer]) -> None:
    assert sum(balances(transfers).values()) == 0
    both = transfers + [transfer.reversed(date(2026, 1, 16)) for transfer in transfers]
    assert set(balances(both).values()) <= {0}


def test_balances_are_debits_less_credits() -> None:
    transfers = [Transfer("1303", "1002", 500, DAY, DAY), Transfer("1002", "1303", 200, DAY, DAY)]
    assert balances(transfers) == {"1002": -300, "1303": 300}


def test_a_reversal_keeps_the_value_date_and_is_booked_when_it_happens() -> None:
    back = Transfer("1303", "1002", 500, DAY, DAY).reversed(date(2026, 2, 1))
    assert back == Transfer("1002", "1303", 500, DAY, date(2026, 2, 1))


@pytest.mark.parametrize(("debit", "credit", "amount"), [("1", "2", 0), ("1", "2", -5), ("1", "1", 5)])
def test_a_transfer_that_moves_nothing_cannot_be_made(debit: str, credit: str, amount: int) -> None:
    with pytest.raises(ValueError, match="a transfer moves"):
        Transfer(debit, credit, amount, DAY, DAY)


def test_the_standard_chart_serves_every_purpose() -> None:
    assert [STANDARD_CHART.account(STANDARD_CHART.code_for(purpose)).purpose for purpose in Purpose] == list(
        Purpose
    )
    assert STANDARD_CHART.account("1303").kind.debit_is_plus
    assert not STANDARD_CHART.account("6011").kind.debit_is_plus


def test_a_code_or_purpose_that_comes_twice_is_refused() -> None:
    first = AccountDefinition("1", Text("一", "One"), AccountKind.ASSET, Purpose.BANK)
    second = AccountDefinition("2", Text("二", "Two"), AccountKind.ASSET, Purpose.BANK)
    with pytest.raises(ValueError, match="twice in the chart of accounts: 1, BANK"):
        ChartOfAccounts((first, first, second))
