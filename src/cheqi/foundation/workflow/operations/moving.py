"""One move of a case, from request to commit.

Read the case, ask the engine, plan the rows, then write them under a compare-and-swap. When somebody else
moved the case in between, or logged about it, the request is asked again on the new state: so the second of
two reviewers is told who decided and when, instead of overwriting.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.process.engine import advance
from cheqi.core.process.inputs import Input
from cheqi.core.process.people import reference
from cheqi.foundation.workflow import rows
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations.planning import plan_of
from cheqi.foundation.workflow.operations.writing import MovedMeanwhile, script_of, write
from cheqi.foundation.workflow.people import at_branch
from cheqi.foundation.workflow.record import CaseRecord, sees
from cheqi.foundation.workflow.store import Loaded, load_case

MAX_TRIES = 8
_CUSTOMER_NAME = "客户"

Ask = Callable[[CaseRecord, Actor], Input | Refused]


class UnableToMove(RuntimeError):
    """The case was moved by others again and again while this request was being written."""


def move(
    case_id: int,
    ask: Ask,
    *,
    actor: Actor,
    now: datetime,
    key: str = "",
    what: tuple[Any, ...] = (),
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    backfilled: bool = False,
) -> CaseMoved | Refused:
    """Does what `ask` makes of the case, once for a key. `what` identifies the request beside its key.

    Refusals change nothing and are not remembered. Raises UnableToMove after too many lost swaps.
    """
    fingerprint = fingerprint_of(case_id, *what)
    lost: Exception | None = None
    for _ in range(MAX_TRIES):
        loaded = load_case(case_id, actor=reference(actor), key=key)
        if loaded is None or not _is_seen(loaded, actor):
            return not_found()
        if loaded.fingerprint is not None:
            return repeated(loaded, fingerprint)
        here = acting(actor, loaded.record.branch_id, now)
        event = ask(loaded.record, here)
        if isinstance(event, Refused):
            return event
        result = advance(loaded.record.definition, loaded.record.state, event, now)
        if isinstance(result, Refused):
            return result
        if not result.items:
            return unchanged(loaded.record)
        plan = plan_of(loaded.record, result, actor=here, now=now, reason=reason, data=data)
        script = script_of(plan, loaded.tail, key=key, fingerprint=fingerprint, backfilled=backfilled)
        try:
            with rows.in_turn(), transaction.atomic():
                return write(script)
        except (MovedMeanwhile, IntegrityError) as rival:
            lost = rival
    raise UnableToMove(f"case {case_id} kept being moved by others") from lost


def acting(actor: Actor, branch_id: int | None, now: datetime) -> Actor:
    """The actor as rows and the engine know them: roles that count at the branch, no customer's name."""
    here = at_branch(actor, branch_id, now)
    return replace(here, name=_CUSTOMER_NAME) if here.kind is ActorKind.CUSTOMER else here


def fingerprint_of(*what: Any) -> str:
    """A digest of what a key was used for."""
    return hashlib.blake2b(msgspec.json.encode(what, enc_hook=str), digest_size=16).hexdigest()


def repeated(loaded: Loaded, fingerprint: str) -> CaseMoved | Refused:
    """The answer given before, or a refusal when the key was used for something else."""
    if loaded.fingerprint == fingerprint and loaded.answer is not None:
        return CaseMoved.from_json(loaded.answer)
    return refuse(
        RefusalKind.CONFLICT,
        "workflow.key",
        Text("这个请求编号已用于另一个操作，请刷新后重试", "This key was used for another request; reload"),
    )


def unchanged(record: CaseRecord) -> CaseMoved:
    """The answer where there was nothing left to do."""
    steps = tuple((step.key, step.round) for step in record.state.steps.values() if step.is_open)
    return CaseMoved(record.id, record.number, record.process, record.status, record.version, steps)


def not_found() -> Refused:
    """The same for a case that is not there and for one outside the actor's scope."""
    return refuse(
        RefusalKind.NOT_FOUND,
        "workflow.case",
        Text("没有找到这个案件，请核对编号", "There is no such case; check its number"),
    )


def _is_seen(loaded: Loaded, actor: Actor) -> bool:
    record = loaded.record
    return sees(actor, case_id=record.id, branch_id=record.branch_id, party_id=record.party_id)
