"""Opening a case: its number, the definition it is pinned to, its first steps."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.process import inputs
from cheqi.core.process.definition import FactValue
from cheqi.core.process.engine import advance
from cheqi.core.process.people import reference, references
from cheqi.core.process.state import NEW, CaseState
from cheqi.foundation.eventlog.chains import Tail
from cheqi.foundation.workflow import rows
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.definitions import definition_of, in_force
from cheqi.foundation.workflow.operations.moving import acting, fingerprint_of
from cheqi.foundation.workflow.operations.planning import plan_of
from cheqi.foundation.workflow.operations.writing import script_of, write
from cheqi.foundation.workflow.record import CaseRecord, sees

_NOT_THEIRS = Text("您不能为该客户或网点开立案件", "You may not open a case for this customer or branch")
_NUMBER = """
INSERT INTO workflow_casecounter (prefix, year, last) VALUES (%s, %s, 1)
ON CONFLICT (prefix, year) DO UPDATE SET last = workflow_casecounter.last + 1 RETURNING last
"""
_REQUEST = "SELECT fingerprint, answer FROM workflow_request WHERE actor = %s AND key = %s"


def open_case(
    *,
    process: str,
    branch_id: int | None,
    party_id: int | None,
    facts: Mapping[str, FactValue] | None = None,
    subject_kind: str = "",
    subject_id: int | None = None,
    value_fen: int = 0,
    actor: Actor,
    now: datetime,
    key: str,
    backfilled: bool = False,
) -> CaseMoved | Refused:
    """Opens a case of the process version in force today and its first steps.

    Customers open for themselves, staff within their scope: NOT_ALLOWED otherwise. INVALID names every
    fact that does not fit, NOT_NOW a process that is not in force. `value_fen` orders queues.
    """
    what = (process, branch_id, party_id, facts, subject_kind, subject_id, value_fen)
    fingerprint = fingerprint_of("open", *what)
    if (known := _answered(actor, key, fingerprint)) is not None:
        return known
    if not sees(actor, case_id=0, branch_id=branch_id, party_id=party_id):
        return refuse(RefusalKind.NOT_ALLOWED, "workflow.open", _NOT_THEIRS)
    row = in_force(process, _local_date(now))
    if row is None:
        message = Text(f"流程 {process} 还没有生效的版本", f"No version of {process} is in force")
        return refuse(RefusalKind.NOT_NOW, "workflow.process", message, process=process)
    here = acting(actor, branch_id, now)
    definition = definition_of(row)
    result = advance(definition, CaseState(), inputs.OpenCase(here, facts or {}), now)
    if isinstance(result, Refused):
        return result
    record = CaseRecord(
        id=0,
        number="",
        process=process,
        version=0,
        branch_id=branch_id,
        party_id=party_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        value_fen=value_fen,
        opened_at=now,
        created_by_name=here.name,
        definition=definition,
        state=CaseState(),
    )
    try:
        with rows.in_turn(), transaction.atomic():
            plan = plan_of(_inserted(record, row.pk, here), result, actor=here, now=now)
            tail = Tail(0, None)
            return write(script_of(plan, tail, key=key, fingerprint=fingerprint, backfilled=backfilled))
    except IntegrityError:
        if (known := _answered(actor, key, fingerprint)) is not None:
            return known
        raise


def _inserted(record: CaseRecord, definition_id: int, here: Actor) -> CaseRecord:
    """Inserts the bare case row under the next number; the plan of its first move fills it."""
    number = next_number(record.definition.number, record.opened_at)
    columns = {
        "number": number,
        "process": record.process,
        "definition_id": definition_id,
        "status": NEW,
        "version": 0,
        "branch_id": record.branch_id,
        "party_id": record.party_id,
        "subject_kind": record.subject_kind,
        "subject_id": record.subject_id,
        "value_fen": record.value_fen,
        "facts": {},
        "creators": ",".join(sorted(references(here))),
        "created_by_name": here.name,
        "opened_at": record.opened_at,
        "closed_at": None,
    }
    return replace(record, id=rows.insert("workflow_case", [columns], "id")[0][0], number=number)


def next_number(prefix: str, now: datetime) -> str:
    """The next case number of a prefix in this year, such as CQ-2026-000381; never used twice."""
    year = _local_date(now).year
    last = rows.select(_NUMBER, [prefix, year])[0][0]
    return f"{prefix}-{year}-{last:06d}"


def _answered(actor: Actor, key: str, fingerprint: str) -> CaseMoved | Refused | None:
    found = rows.select(_REQUEST, [reference(actor), key]) if key else []
    if not found:
        return None
    if found[0][0] != fingerprint:
        message = Text("这个请求编号已用于另一个操作", "This key was used for another request")
        return refuse(RefusalKind.CONFLICT, "workflow.key", message)
    return CaseMoved.from_json(rows.parsed(found[0][1]))


def _local_date(now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
