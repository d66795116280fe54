"""The application pack, walked by the pure engine with the names that the area really registers."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import cheqi.rules
from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.core.base.findings import Refused
from cheqi.core.process import inputs
from cheqi.core.process.changes import Changes
from cheqi.core.process.definition import Ball, Definition, OwnerKind
from cheqi.core.process.engine import advance
from cheqi.core.process.loading import load
from cheqi.core.process.state import CaseState
from cheqi.foundation.workflow.registry import catalogue
from cheqi.rules.reading import read_yaml

PACK = Path(cheqi.rules.__file__).parent / "packs" / "processes" / "application.yaml"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CUSTOMER = Actor(ActorKind.CUSTOMER, "7", "客户")
USUAL = {
    "started_by": "CUSTOMER", "customer_type": "EMPLOYEE", "car_type": "NEW", "amount_fen": 10_000_000,
    "four_eyes_above_fen": 30_000_000, "phone_check_above_fen": 20_000_000, "gps_required": False,
    "fields_for_clerk": 0, "disagreements": 0, "payee_matches": True,
}  # fmt: skip
GOOD = {
    "submit_online": "submit", "submit_at_desk": "submit", "collect_materials": "complete",
    "authorise_credit": "authorise", "verify_documents": "confirm", "call_customer": "confirmed",
    "correct_payee": "corrected", "review": "approve", "second_review": "approve", "decide": "approved",
    "settle_split": "approve", "sign_contract": "sign", "change_people": "changed",
    "authorise_credit_of_others": "authorised", "co_sign": "signed",
    "record_insurance": "recorded", "record_gps": "recorded",
    "prepare_lien": "ready", "register_lien": "registered", "take_title": "stored", "disburse": "pay",
    "pay_out": "paid",
}  # fmt: skip


def definition() -> Definition:
    loaded = load(read_yaml(PACK.read_text(encoding="utf-8")), catalogue())
    assert isinstance(loaded, Definition), loaded
    return loaded


class Walk:
    """A case in which every open step ends as `GOOD` says, unless a test says otherwise, once."""

    def __init__(self, **facts: Any) -> None:
        self.definition = definition()
        self.order: list[str] = []
        self.once: dict[str, str] = {}
        self.facts_at: dict[str, dict[str, Any]] = {}
        opener = (
            CUSTOMER
            if facts.get("started_by", "CUSTOMER") == "CUSTOMER"
            else self.staff("client_manager", "0")
        )
        self.state = self.send(inputs.OpenCase(opener, {**USUAL, **facts}), CaseState())

    def staff(self, role: str, number: str) -> Actor:
        return Actor(ActorKind.STAFF, number, role, frozenset({role}))

    def send(self, event: inputs.Input, state: CaseState) -> CaseState:
        answer = advance(self.definition, state, event, NOW)
        assert isinstance(answer, Changes), answer
        return answer.state

    def to_the_end(self) -> str:
        """Finishes the first open step again and again; gives the status of the case."""
        for _ in range(80):
            current = next((step for step in self.state.steps.values() if step.is_open), None)
            if current is None or not self.state.is_open:
                return self.state.status
            self.order.append(current.key)
            self.state = self.send(self.ending(current.key, current.round), self.state)
        raise AssertionError(f"the case does not end: {self.order}")

    def ending(self, key: str, number: int) -> inputs.Input:
        step = self.definition.by_key[key]
        facts = self.facts_at.pop(key, {})
        outcome = self.once.pop(key, "") or GOOD.get(key, "")
        if step.awaits:
            return inputs.Signal(step.awaits, SYSTEM, outcome, facts, key, number)
        if step.run:
            return inputs.RanOperation(key, number, SYSTEM, outcome, facts)
        by = (
            CUSTOMER
            if step.owner.kind is OwnerKind.CUSTOMER
            else self.staff(step.owner.role, f"{key}-person")
        )
        return inputs.FinishStep(key, number, by, outcome, facts=facts)


def test_the_usual_application_is_disbursed_in_eighteen_steps() -> None:
    walk = Walk()
    assert walk.to_the_end() == "DISBURSED"
    assert sorted(walk.order) == sorted(
        [
            "submit_online", "collect_materials", "authorise_credit", "verify_payee", "enquire_credit",
            "check_policy", "review", "decide", "prepare_contract", "sign_contract", "countersign",
            "set_up_mandate", "record_insurance", "prepare_lien", "register_lien", "take_title", "disburse",
            "pay_out",
        ]
    )  # fmt: skip
    skipped = {key for key, step in walk.state.steps.items() if step.status == "SKIPPED"}
    assert skipped == {
        "submit_at_desk", "change_people", "authorise_credit_of_others", "verify_documents", "call_customer",
        "correct_payee", "second_review", "settle_split", "co_sign", "record_gps",
    }  # fmt: skip


def test_the_bureau_and_the_lender_wait_for_everybody_beside_the_applicant() -> None:
    walk = Walk(consents_of_others=2, signatures_of_others=2)
    assert walk.to_the_end() == "DISBURSED"
    at = walk.order.index
    assert at("authorise_credit_of_others") < at("enquire_credit")
    assert max(at("sign_contract"), at("co_sign")) < at("countersign")


def test_the_ball_is_with_the_others_once_the_applicant_has_done_everything() -> None:
    walk = Walk(consents_of_others=1)
    while "authorise_credit" not in walk.order:
        current = next(step for step in walk.state.steps.values() if step.is_open)
        walk.order.append(current.key)
        walk.state = walk.send(walk.ending(current.key, current.round), walk.state)
    waiting = walk.state.steps["authorise_credit_of_others"]
    assert (waiting.is_open, waiting.ball) == (True, Ball.CO_SIGNER)


@pytest.mark.parametrize(("step", "again"), [("authorise_credit_of_others", 0), ("co_sign", 1)])
def test_who_declines_brings_the_case_to_the_client_manager_and_all_behind_it_begins_anew(
    step: str, again: int
) -> None:
    walk = Walk(consents_of_others=1, signatures_of_others=1)
    walk.once = {step: "declined"}
    walk.facts_at = {step: {"declined_by_others": 1}, "change_people": {"declined_by_others": 0}}
    assert walk.to_the_end() == "DISBURSED"
    assert walk.order.count("change_people") == 1
    behind = walk.order[walk.order.index("change_people") + 1 :]
    assert {"collect_materials", "authorise_credit_of_others", "review", "co_sign"} <= set(behind)
    assert walk.order.count("review") == 1 + again
    assert walk.order.count("authorise_credit") == 1


def test_a_large_loan_entered_at_the_desk_goes_past_clerk_call_two_reviewers_and_gps() -> None:
    walk = Walk(started_by="STAFF", amount_fen=50_000_000, fields_for_clerk=3, gps_required=True)
    assert walk.to_the_end() == "DISBURSED"
    done = {"submit_at_desk", "verify_documents", "call_customer", "second_review", "record_gps"}
    assert done <= set(walk.order)


def test_two_reviewers_who_differ_are_settled_by_the_manager() -> None:
    walk = Walk(amount_fen=50_000_000)
    walk.once = {"second_review": "refuse", "decide": "split", "settle_split": "refuse"}
    walk.facts_at = {"decide": {"decision": "SPLIT"}}
    assert walk.to_the_end() == "REFUSED"
    assert walk.order[-1] == "settle_split"


def test_a_refusal_ends_the_case() -> None:
    walk = Walk()
    walk.once = {"review": "refuse", "decide": "refused"}
    walk.facts_at = {"decide": {"decision": "REFUSED"}}
    assert walk.to_the_end() == "REFUSED"


def test_a_reviewer_sends_the_application_back_for_more_documents() -> None:
    walk = Walk()
    walk.once = {"review": "return"}
    assert walk.to_the_end() == "DISBURSED"
    assert (walk.order.count("collect_materials"), walk.order.count("review")) == (2, 2)
    assert walk.order.count("authorise_credit") == 1


def test_a_payee_that_the_bank_does_not_know_is_corrected_and_checked_again() -> None:
    walk = Walk(payee_matches=None)
    walk.facts_at = {"verify_payee": {"payee_matches": False}, "correct_payee": {"payee_matches": True}}
    assert walk.to_the_end() == "DISBURSED"
    assert (walk.order.count("verify_payee"), walk.order.count("correct_payee")) == (2, 1)


def test_a_payment_that_the_bank_returned_goes_back_to_correcting_the_payee() -> None:
    walk = Walk()
    walk.once = {"pay_out": "returned"}
    assert walk.to_the_end() == "DISBURSED"
    assert (walk.order.count("pay_out"), walk.order.count("correct_payee")) == (2, 1)
    assert walk.order.count("verify_payee") == 2


@pytest.mark.parametrize(("step", "payouts"), [("disburse", 1), ("pay_out", 2)])
def test_a_payee_that_changed_before_the_payout_is_checked_again_and_nothing_else_is(
    step: str, payouts: int
) -> None:
    walk = Walk(gps_required=True)
    walk.once = {step: "recheck"}
    assert walk.to_the_end() == "DISBURSED"
    again = {key for key in walk.order if walk.order.count(key) > 1}
    assert again == (
        {"verify_payee", "disburse"} if payouts == 1 else {"verify_payee", "disburse", "pay_out"}
    )
    assert walk.order.count("pay_out") == payouts


def test_a_payee_that_the_bank_refuses_at_the_second_look_is_corrected() -> None:
    walk = Walk()
    while "take_title" not in walk.order:
        current = next(step for step in walk.state.steps.values() if step.is_open)
        walk.order.append(current.key)
        walk.state = walk.send(walk.ending(current.key, current.round), walk.state)
    walk.once = {"disburse": "recheck"}
    walk.facts_at = {"verify_payee": {"payee_matches": False}, "correct_payee": {"payee_matches": True}}
    assert walk.to_the_end() == "DISBURSED"
    behind = walk.order[walk.order.index("disburse") + 1 :]
    assert behind[:3] == ["verify_payee", "correct_payee", "verify_payee"]
    assert walk.order.count("register_lien") == walk.order.count("sign_contract") == 1


def test_a_filing_that_the_registry_returned_is_prepared_again() -> None:
    walk = Walk()
    walk.once = {"register_lien": "returned"}
    assert walk.to_the_end() == "DISBURSED"
    assert (walk.order.count("prepare_lien"), walk.order.count("register_lien")) == (2, 2)


def test_a_customer_who_declines_the_contract_has_withdrawn() -> None:
    walk = Walk()
    walk.once = {"sign_contract": "decline"}
    assert walk.to_the_end() == "WITHDRAWN"


def test_who_entered_the_application_may_not_review_it() -> None:
    walk = Walk(started_by="STAFF")
    while "review" not in walk.state.steps:
        current = next(step for step in walk.state.steps.values() if step.is_open)
        walk.state = walk.send(walk.ending(current.key, current.round), walk.state)
    both = Actor(ActorKind.STAFF, "0", "陈静", frozenset({"reviewer", "client_manager"}))
    answer = advance(walk.definition, walk.state, inputs.FinishStep("review", 1, both, "approve"), NOW)
    assert isinstance(answer, Refused)
    assert answer.findings[0].rule == "process.four_eyes"
