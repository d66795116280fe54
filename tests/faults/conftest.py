"""The demo lender with a recogniser that is told what it sees; a case brought to any of its steps."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps

from cheqi import ports
from cheqi.areas.origination.operations.documents import confirm, upload
from cheqi.areas.origination.operations.reviewing import give_opinion
from cheqi.core.base.findings import Finding, Refused
from cheqi.foundation.documents.models import Document
from cheqi.foundation.workflow.models import Case
from cheqi.ports.ocr import Ocr
from tests.faults.told import Told
from tests.journeys.acts import (
    FACTS,
    authorised,
    done,
    open_steps,
    owner_of,
    secured,
    sent,
    settle_everything,
    signed,
)
from tests.journeys.conftest import World, outside, world

__all__ = ["outside", "world"]
SLOTS = ("ID_CARD_FRONT", "ID_CARD_BACK", "DRIVING_LICENCE", "PURCHASE_INVOICE", "BANK_STATEMENT")
UNTOUCHED_BY_A_REFUSAL = {"access_throttle"}


@dataclass
class Way:
    """One application on its way; each method brings it one stage further."""

    world: World
    told: Told
    case_id: int = 0

    @property
    def party_id(self) -> int:
        """Whose application it is."""
        return int(Case.objects.get(pk=self.case_id).party_id or 0)

    def send(self) -> "Way":
        """Entered and sent; the customer has the ball."""
        self.case_id = sent(self.world)
        return self

    def review(self) -> "Way":
        """Documents read, verified, credit asked: the reviewers have it."""
        customer = self.world.customer(self.party_id)
        for slot in SLOTS:
            picture = io.BytesIO(self.told.drawn(slot, FACTS))
            given = {"case_id": self.case_id, "slot": slot, "actor": customer, "now": self.world.now}
            done(upload(picture, **given, key=f"up-{slot}"))
        self.world.pass_time()
        authorised(self.world, self.case_id, self.party_id)
        self.world.pass_time()
        if "verify_documents" in open_steps(self.case_id):
            clerk = self.world.staff("limin")
            settle_everything(self.world, self.case_id, clerk)
            given = {"case_id": self.case_id, "actor": clerk, "now": self.world.now}
            done(confirm(**given, comment="已电话核实", key="confirm-1"))
            self.world.pass_time()
        assert open_steps(self.case_id) == {"review"}
        return self

    def payout(self) -> "Way":
        """Approved, signed, secured: only the order to pay is missing."""
        reviewer = owner_of(self.world, self.case_id, "review")
        given = {"case_id": self.case_id, "actor": reviewer, "now": self.world.now}
        done(give_opinion(**given, step="review", opinion="approve", key="review-1"))
        self.world.pass_time()
        signed(self.world, self.case_id, self.party_id)
        self.world.pass_time()
        secured(self.world, self.case_id, self.world.staff("limin"))
        assert open_steps(self.case_id) == {"disburse"}
        return self


@pytest.fixture
def way(world: World) -> Iterator[Way]:
    """A way that has not begun."""
    told = Told()
    with ports.bound(Ocr, told):
        yield Way(world, told)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the product, to see that nothing changed."""
    return {
        model._meta.db_table: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model.__module__.startswith("cheqi.") and model._meta.db_table not in UNTOUCHED_BY_A_REFUSAL
    }


NEXT_WORDS_ZH = ("请", "须", "可", "重新", "联系", "稍后", "先", "再")


def says_what_next(finding: Finding) -> bool:
    """Whether a sentence, in both languages, says more than no: what to do now."""
    en = finding.message.en
    return bool(en.strip()) and any(word in finding.message.zh for word in NEXT_WORDS_ZH)


def refused(answer: object) -> Refused:
    """The refusal, all of whose sentences tell a person what to do."""
    assert isinstance(answer, Refused), answer
    for finding in answer.findings:
        assert says_what_next(finding), (finding.rule, finding.message)
    return answer


def live_documents() -> int:
    """How many documents are kept."""
    return Document.objects.count()
