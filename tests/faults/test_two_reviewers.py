"""Two reviewers decide at the same moment: one wins, the other is told who it was and when."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from cheqi.areas.origination.operations.reviewing import give_opinion
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.models import StepRow, Transition
from cheqi.records.applications.models import CreditDecision
from tests.faults.conftest import Way
from tests.outside.separate import shared_database

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told_by_whom_and_when(
    way: Way, tmp_path: Path
) -> None:
    case_id, now = way.send().review().case_id, way.world.now
    with shared_database(tmp_path):
        both_ready = threading.Barrier(2, timeout=20)

        def decides(actor: Actor, opinion: str) -> CaseMoved | Refused:
            both_ready.wait()
            try:
                given: dict[str, Any] = {"case_id": case_id, "actor": actor, "now": now, "reasons": ["DEBT"]}
                return give_opinion(**given, step="review", opinion=opinion, key=f"{opinion}-1")
            finally:
                connections.close_all()

        rivals = [way.world.staff("zhaolei"), way.world.staff("hejun")]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(decides, rivals, ["approve", "refuse"]))
        won = [number for number, answer in enumerate(answers) if isinstance(answer, CaseMoved)]
        assert len(won) == 1, answers
        winner, lost = rivals[won[0]], answers[1 - won[0]]
        assert isinstance(lost, Refused)
        assert lost.kind is RefusalKind.CONFLICT
        told = dict(lost.findings[0].data)
        assert (told["by_name"], told["at"]) == (winner.name, str(now))
        outcome = ("approve", "refuse")[won[0]]
        assert StepRow.objects.get(case_id=case_id, key="review").outcome == outcome
        assert Transition.objects.filter(step="review", after="DONE").count() == 1
        assert list(CreditDecision.objects.values_list("actor_id", flat=True)) == [winner.id]
