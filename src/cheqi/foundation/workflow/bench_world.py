"""The lender that the benchmark of transitions writes for: one branch, its people, the real process.

The process is the application pack under a name of its own, so that the area's guards, which look at
records that the benchmark does not have, stay out of the measurement; materials are always complete.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cheqi.rules
from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.foundation.staff.models import Branch, Member, RoleAssignment
from cheqi.foundation.staff.queries import actor_for
from cheqi.foundation.workflow import operations, registry
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.models import DefinitionRow

PACK = Path(cheqi.rules.__file__).parent / "packs" / "processes" / "application.yaml"
FACTS: Mapping[str, Any] = {
    "started_by": "CUSTOMER",
    "fields_for_clerk": 2,
    "amount_fen": 12_000_000,
    "phone_check_above_fen": 5_000_000,
    "four_eyes_above_fen": 50_000_000,
}
_PROCESS = "bench_application"
_MATERIALS = "bench.materials"
_PARTY = 5_000
_OUTCOMES = {
    "submit_online": "submit",
    "collect_materials": "complete",
    "authorise_credit": "authorise",
    "verify_documents": "confirm",
    "call_customer": "confirmed",
}


def register_stand_ins() -> None:
    """Registers the source of materials that has everything."""
    if _MATERIALS not in registry.MATERIALS:
        registry.materials(_MATERIALS)(lambda case: ())


def pack() -> str:
    """The application pack as the benchmark publishes it."""
    text = PACK.read_text(encoding="utf-8")
    text = text.replace("process: application\n", f"process: {_PROCESS}\n")
    return text.replace("from: application_materials", f"from: {_MATERIALS}")


def prepare(now: datetime) -> None:
    """The branch, four people for each role, and the published process."""
    branch = Branch.objects.create(code="BENCH", name="压测网点")
    for role in ("back_office", "reviewer", "senior_reviewer", "client_manager"):
        for number in range(4):
            member = Member.objects.create(login=f"{role}-{number}", name=f"{role} {number}", branch=branch)
            RoleAssignment.objects.create(member=member, role=role, branch=branch, granted_at=now)
    row = operations.publish_definition(source=pack(), actor=SYSTEM, now=now, effective_from=now.date())
    if not isinstance(row, DefinitionRow):
        raise TypeError(f"the pack has mistakes: {[str(one.message) for one in row.findings]}")


def open_cases(name: str, cases: int, steps: Sequence[str], now: datetime) -> Iterator[bool]:
    """Opens cases, pauses once, then finishes each of the steps of each case; gives whether it was done."""
    branch = Branch.objects.get(code="BENCH")
    customer = Actor(ActorKind.CUSTOMER, str(_PARTY), "客户", scope=Scope(party_id=_PARTY))
    clerks = [actor_for(one, now) for one in Member.objects.filter(login__startswith="back_office")]
    opened = [
        operations.open_case(
            process=_PROCESS,
            branch_id=branch.pk,
            party_id=_PARTY,
            facts=FACTS,
            value_fen=12_000_000,
            actor=customer,
            now=now,
            key=f"bench:{name}:{number}",
        )
        for number in range(cases)
    ]
    ids = [case.case_id for case in opened if isinstance(case, CaseMoved)]
    yield True
    for at, step in enumerate(steps, 1):
        moment = now + timedelta(minutes=at)
        for place, case_id in enumerate(ids):
            by = clerks[place % len(clerks)] if step in {"verify_documents", "call_customer"} else customer
            yield bool(
                operations.finish_step(
                    case_id=case_id,
                    step=step,
                    outcome=_OUTCOMES[step],
                    actor=by,
                    now=moment,
                    key=f"{name}:{case_id}:{step}",
                )
            )
