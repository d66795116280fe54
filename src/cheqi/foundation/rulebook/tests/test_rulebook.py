"""Which rules count, and how they change."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.core.base.findings import Refused
from cheqi.core.base.workdays import WorkCalendar
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.rulebook import baseline, queries
from cheqi.foundation.rulebook.models import PackVersion
from cheqi.foundation.rulebook.operations import propose, publish, turn_down
from cheqi.rules import evaluate

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MAKER = Actor(ActorKind.STAFF, "1", "林悦", frozenset({"operations_manager"}))
CHECKER = Actor(ActorKind.STAFF, "2", "周正", frozenset({"admin"}))
CLERK = Actor(ActorKind.STAFF, "3", "陈静", frozenset({"client_manager"}))
USED = {"is_used": True}


def term_pack(version: int = 2, effective_from: str = "2026-12-01", months: int = 30) -> str:
    """A house that lends shorter on used cars."""
    return f"""
pack: auto_loan_term
kind: HOUSE
version: {version}
effective_from: {effective_from}
title: {{zh: 期限上限, en: Longest term}}
source: {{title: 信贷政策, clause: 第三条}}
decisions:
  - key: max_term
    title: {{zh: 最长期限, en: Longest term}}
    inputs: {{is_used: {{kind: boolean}}}}
    outputs: {{max_term_months: {{kind: number}}}}
    rows:
      - {{key: used, when: {{is_used: true}}, then: {{max_term_months: {months}}}}}
      - {{key: new, then: {{max_term_months: 60}}}}
cases:
  - name: 二手车
    decision: max_term
    given: {{is_used: true}}
    rows: [used]
    expect: {{max_term_months: 30}}
"""


def proposed() -> PackVersion:
    """A version that waits for a second person."""
    row = propose(source=term_pack(), reason="缩短二手车期限", actor=MAKER, now=NOW)
    assert isinstance(row, PackVersion)
    return row


def test_without_published_versions_the_baseline_counts() -> None:
    found = evaluate(queries.pack("auto_loan_term", date(2026, 11, 23)), USED)
    assert found.value == {"max_term_months": 36}


def test_a_version_counts_from_its_day_once_a_second_person_published_it() -> None:
    row = proposed()
    assert queries.pack("auto_loan_term", date(2026, 12, 1)).version == 1
    assert publish(version_id=row.pk, actor=CHECKER, now=NOW)
    assert evaluate(queries.pack("auto_loan_term", date(2026, 12, 1)), USED).value == {"max_term_months": 30}
    assert queries.pack("auto_loan_term", date(2026, 11, 30)).version == 1
    assert list(EventRow.objects.order_by("id").values_list("type", flat=True)) == [
        "rulebook.pack_proposed",
        "rulebook.pack_published",
    ]


def test_the_proposer_cannot_publish_or_turn_down() -> None:
    row = proposed()
    for result in (
        publish(version_id=row.pk, actor=MAKER, now=NOW),
        turn_down(version_id=row.pk, reason="不", actor=MAKER, now=NOW),
    ):
        assert isinstance(result, Refused)
        assert result.findings[0].rule == "rulebook.four_eyes"
    row.refresh_from_db()
    assert (row.state, row.decider_id) == ("PROPOSED", None)


def test_a_clerk_neither_proposes_nor_publishes() -> None:
    assert isinstance(propose(source=term_pack(), reason="x", actor=CLERK, now=NOW), Refused)
    assert PackVersion.objects.count() == 0
    row = proposed()
    assert isinstance(publish(version_id=row.pk, actor=CLERK, now=NOW), Refused)
    row.refresh_from_db()
    assert row.state == "PROPOSED"


def test_a_broken_pack_is_refused_with_all_its_problems_and_nothing_is_kept() -> None:
    source = term_pack().replace("kind: HOUSE", "kind: HOME").replace("version: 2", "version: two")
    result = propose(source=source, reason="x", actor=MAKER, now=NOW)
    assert isinstance(result, Refused)
    assert [finding.field for finding in result.findings] == ["kind", "version"]
    assert PackVersion.objects.count() == EventRow.objects.count() == 0


def test_a_pack_whose_own_case_fails_is_refused() -> None:
    result = propose(source=term_pack(months=24), reason="x", actor=MAKER, now=NOW)
    assert isinstance(result, Refused)
    assert result.findings[0].message.en == "expected max_term_months = 30, found [24]"
    assert PackVersion.objects.count() == 0


@pytest.mark.parametrize(
    ("version", "day", "rule"),
    [(1, "2026-12-01", "rulebook.version"), (2, "2026-11-22", "rulebook.past")],
)
def test_the_past_is_not_rewritten(version: int, day: str, rule: str) -> None:
    result = propose(source=term_pack(version, day), reason="x", actor=MAKER, now=NOW)
    assert isinstance(result, Refused)
    assert result.findings[0].rule == rule
    assert PackVersion.objects.count() == 0


def test_a_proposal_whose_day_went_by_cannot_be_published() -> None:
    row = proposed()
    result = publish(version_id=row.pk, actor=CHECKER, now=datetime(2026, 12, 2, tzinfo=UTC))
    assert isinstance(result, Refused)
    row.refresh_from_db()
    assert row.state == "PROPOSED"


def test_a_decided_version_is_not_decided_again_and_a_turned_down_number_is_free() -> None:
    row = proposed()
    assert turn_down(version_id=row.pk, reason="理由不足", actor=CHECKER, now=NOW)
    again = publish(version_id=row.pk, actor=CHECKER, now=NOW)
    assert isinstance(again, Refused)
    assert again.findings[0].rule == "rulebook.decided"
    assert isinstance(propose(source=term_pack(), reason="再提", actor=MAKER, now=NOW), PackVersion)
    assert [each.state for each in queries.versions("auto_loan_term", MAKER)] == ["PROPOSED", "TURNED_DOWN"]
    assert len(queries.proposals(MAKER)) == 1


def test_customers_see_no_proposals() -> None:
    proposed()
    customer = Actor(ActorKind.CUSTOMER, "9", "王强")
    assert queries.proposals(customer) == ()
    assert queries.versions("auto_loan_term", customer) == ()


def test_the_business_calendar_comes_from_the_baseline_until_one_is_published() -> None:
    calendar = queries.calendar("cn_business")
    assert calendar.is_workday(date(2026, 2, 14))
    (source,) = baseline.calendars().values()
    changed = f"version: 2\n{source}".replace("effective_from: 2025-01-01", "effective_from: 2026-12-01")
    changed = changed.replace("  - 2026-02-14\n", "")
    row = propose(source=changed, reason="更正", actor=MAKER, now=NOW)
    assert isinstance(row, PackVersion)
    assert queries.calendar("cn_business").is_workday(date(2026, 2, 14))
    assert publish(version_id=row.pk, actor=CHECKER, now=NOW)
    assert not queries.calendar("cn_business").is_workday(date(2026, 2, 14))


def test_a_calendar_without_version_is_refused() -> None:
    (source,) = baseline.calendars().values()
    result = propose(source=source, reason="更正", actor=MAKER, now=NOW)
    assert isinstance(result, Refused)
    assert "version" in [finding.field for finding in result.findings]


def test_a_pack_or_calendar_that_nobody_wrote_is_not_guessed() -> None:
    for ask in (lambda: queries.pack("missing", date(2026, 1, 1)), lambda: queries.calendar("mars")):
        with pytest.raises(queries.NoSuchPack):
            ask()


def test_all_packs_in_force_are_listed_by_name() -> None:
    names = [each.name for each in queries.packs(date(2026, 11, 23))]
    assert names == sorted(names)
    assert "credit_policy" in names
    assert queries.pack("auto_loan_ltv", date(2026, 11, 23)).version == 2
    assert isinstance(queries.calendar("cn_business"), WorkCalendar)
    assert SYSTEM.scope.everything
    assert queries.pack("judicial_rate_cap", date(2026, 11, 23)).value(
        "lpr_1y", date(2026, 11, 23)
    ) == Decimal("0.0300")
