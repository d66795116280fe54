"""The history of the demo lender: alive, consistent, the same for the same seed, loaded once."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.demo.history import Loaded, load_history
from cheqi.demo.lender import DemoLender, found_lender
from cheqi.demo.second_factors import code_of, enrol
from cheqi.foundation.eventlog.keyring import log_name, signing_key
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.eventlog.operations import seal
from cheqi.foundation.eventlog.operations.delivering import deliver
from cheqi.foundation.eventlog.queries import timeline
from cheqi.foundation.eventlog.verification import verify_everything
from cheqi.foundation.messages.models import Message
from cheqi.foundation.staff.operations import pass_second_factor
from cheqi.foundation.workflow.models import Case, ClockInterval, Escalation, Progress, StepRow
from cheqi.foundation.workflow.operations import finish_step
from cheqi.foundation.workflow.queries import QueueFilters, Whose, board, case_view, progress, queue
from cheqi.foundation.workflow.queries.case import CaseView
from cheqi.insight.estimates import queries as estimates
from cheqi.records.applications.models import Application

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CASES = 160


@pytest.fixture
def lender() -> DemoLender:
    return found_lender(NOW)


def test_the_history_is_alive_and_consistent(lender: DemoLender) -> None:
    loaded = load_history(lender, cases=CASES, now=NOW)
    statuses = Counter(Case.objects.values_list("status", flat=True))
    assert loaded.cases == Case.objects.count() == sum(statuses.values())
    assert loaded.open == statuses["OPEN"] >= CASES // 10
    assert min(statuses["DISBURSED"], statuses["REFUSED"], statuses["WITHDRAWN"]) > 0
    assert Escalation.objects.filter(settled_at=None).exists()
    assert len(set(Case.objects.values_list("branch_id", flat=True))) == 2
    assert Progress.objects.count() == loaded.cases
    ended = StepRow.objects.exclude(status="OPEN")
    assert not ended.filter(finished_at=None).exists()
    assert not ClockInterval.objects.filter(step__in=ended, ended_at=None).exists()
    assert not StepRow.objects.filter(status="OPEN").exclude(case__status="OPEN").exists()
    assert not StepRow.objects.filter(opened_at__gt=NOW).exists()
    sent = StepRow.objects.filter(key__in=("submit_online", "submit_at_desk"), status="DONE")
    assert Application.objects.count() == sent.count()
    assert EventRow.objects.filter(backfilled=True).count() == loaded.events


def test_loading_again_changes_nothing(lender: DemoLender) -> None:
    load_history(lender, cases=20, now=NOW)
    before = (Case.objects.count(), EventRow.objects.count(), Application.objects.count())
    assert load_history(lender, cases=20, now=NOW) == Loaded()
    assert (Case.objects.count(), EventRow.objects.count(), Application.objects.count()) == before


def test_pages_read_it_like_any_other_case(lender: DemoLender) -> None:
    load_history(lender, cases=CASES, now=NOW)
    assert queue(SYSTEM, QueueFilters(Whose.ALL), NOW).total > 0
    assert sum(column.count for column in board("application", SYSTEM, NOW)) > 0
    done = Case.objects.filter(status="DISBURSED").order_by("pk").first()
    assert done is not None
    customer = Actor(ActorKind.CUSTOMER, str(done.party_id), "", scope=Scope(party_id=done.party_id))
    view = case_view(done.pk, customer, NOW)
    assert isinstance(view, CaseView)
    answer = progress(done.pk, customer)
    assert answer is not None
    shown = json.loads(answer.body)
    assert (shown["is_open"], [stage["standing"] for stage in shown["stages"]]) == (False, ["DONE"] * 7)
    sentences = [entry.sentence.zh for entry in timeline(done.pk, SYSTEM)]
    assert sentences[0] == f"案件 {done.number} 开始：车贷申请"
    assert sentences[-1].startswith("案件结束：已放款")
    moments = [entry.occurred_at for entry in timeline(done.pk, SYSTEM)]
    assert moments == sorted(moments)


def test_an_open_case_of_the_history_goes_on_with_the_operations(lender: DemoLender) -> None:
    load_history(lender, cases=CASES, now=NOW)
    step = StepRow.objects.filter(status="OPEN", key="sign_contract").order_by("pk").first()
    assert step is not None
    case = Case.objects.get(pk=step.case_id)
    customer = Actor(ActorKind.CUSTOMER, str(case.party_id), "", scope=Scope(party_id=case.party_id))
    moved = finish_step(
        case_id=case.pk, step="sign_contract", outcome="decline", actor=customer, now=NOW, key="no"
    )
    assert moved
    assert Case.objects.get(pk=case.pk).status == "WITHDRAWN"


def test_promises_have_a_record_and_open_steps_an_estimate(lender: DemoLender) -> None:
    load_history(lender, cases=CASES, now=NOW)
    share = estimates.kept_share("application", "verify_payee", NOW)
    assert share is not None
    assert 60 <= share.percent <= 95
    assert estimates.usual("application", "register_lien") is not None
    step = StepRow.objects.filter(status="OPEN").order_by("pk").first()
    assert step is not None
    (expected,) = [one for one in estimates.current(step.case_id, SYSTEM, now=NOW) if one.step == step.key]
    assert expected.lacking is not None or (expected.high_at is not None and expected.high_at > NOW)


def test_nobody_is_told_of_the_past_and_the_log_holds(lender: DemoLender) -> None:
    load_history(lender, cases=12, now=NOW)
    while seal(NOW).events:
        pass
    deliver(NOW, limit=5000)
    assert Message.objects.count() == 0
    found = verify_everything(signing_key().public_key(), log_name())
    assert (found.differences, found.unsealed) == ([], 0)
    assert found.events > 400


def test_a_demo_code_passes_the_second_factor(lender: DemoLender) -> None:
    assert enrol(lender.members, NOW) == len(lender.members)
    assert enrol(found_lender(NOW).members, NOW) == 0
    member = lender.members["zhaolei"]
    assert pass_second_factor(member, code=code_of("zhaolei", NOW), now=NOW) == NOW
    with pytest.raises(KeyError):
        code_of("nobody", NOW)
