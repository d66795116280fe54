"""A lender of a hundred thousand cases, for measuring: `python -m cheqi.demo.many 100000`.

The demo lender with its history is loaded as it always is; then the database copies it, set by set, into ten
regions with branches and people of their own, until there are so many cases. Each copy has its own number,
customer, car, application, steps, clocks, promises and tracker, and its times lie some minutes earlier; the
log is copied with every tenth. An envelope is bound to its row: those of copied customers are sealed again,
other sealed columns of copies do not open, so pages that show them are looked at where the original is.
Prints how many there are, as JSON.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import django
from django.core.management.color import no_style
from django.db import connection, models, transaction

if TYPE_CHECKING:
    from cheqi.demo.lender import DemoLender

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheqi.config.settings")
T = TypeVar("T")
REGIONS, BASE_CASES, SEALED_AT_ONCE = 10, 600, 5_000
HURRIED = "PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000"
SAFE_AGAIN = "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON"
ROWS, PEOPLE = 1_000_000, 1_000  # how far apart the ids of two copies are
PEOPLED = ("staff.Branch", "staff.Member", "staff.RoleAssignment")
COPIED = (
    ("parties.Party", 1), ("parties.PartyBranch", 1), ("parties.BankAccount", 1),
    ("vehicles.Vehicle", 1), ("vehicles.VehicleBranch", 1), ("workflow.Case", 1), ("workflow.StepRow", 1),
    ("workflow.ClockInterval", 1), ("workflow.Reminder", 1), ("workflow.Escalation", 1),
    ("workflow.Progress", 1), ("workflow.Transition", 10), ("applications.Application", 1),
    ("applications.ApplicationParty", 1), ("applications.CreditAuthorisation", 1),
    ("applications.CreditDecision", 1), ("origination.Draft", 1), ("estimates.Estimate", 1),
    ("exchanges.Exchange", 1), ("jobs.Wakeup", 1), ("eventlog.EventRow", 10),
)  # fmt: skip
MOVED = {
    "case_id", "party_id", "step_id", "application_id", "vehicle_id", "collection_account_id", "sequence",
}  # fmt: skip
NUMBERED = {
    ("staff_branch", "code"), ("staff_member", "login"), ("workflow_case", "number"),
    ("workflow_progress", "number"), ("applications_application", "number"), ("origination_draft", "number"),
    ("exchanges_exchange", "key"), ("jobs_wakeup", "key"),
}  # fmt: skip
_AT_A_BRANCH = "SELECT id FROM staff_member WHERE branch_id IS NOT NULL"
EARLIER = {("workflow_case", "opened_at")} | {
    ("workflow_steprow", name) for name in ("opened_at", "amber_at", "due_at")
}


def fill(cases: int, now: datetime) -> dict[str, Any]:
    """Loads the demo, copies it, and says how many cases, open ones and people there are."""
    from cheqi.demo.lender import found_lender
    from cheqi.demo.loading import load_demo
    from cheqi.foundation.eventlog.operations import seal
    from cheqi.foundation.workflow.models import Case, StepRow

    load_demo(now, cases=min(cases, BASE_CASES))
    lender = found_lender(now)
    while seal(now).events:
        pass
    _tell(now)
    _begin(lender, now)
    multiply(-(-cases // Case.objects.count()) - 1)
    _give_up(now)
    opened = Case.objects.filter(closed_at=None).count()
    steps = StepRow.objects.filter(status="OPEN").count()
    return {"cases": Case.objects.count(), "open": opened, "open_steps": steps}


def multiply(copies: int) -> None:
    """Copies all cases with what belongs to them, so many times, and the people of the branches."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        for statement in HURRIED if is_sqlite else ():
            cursor.execute(statement)
        for label in PEOPLED:
            _copy(cursor, label, REGIONS - 1, 1, PEOPLE)
        for label, every in COPIED:
            _copy(cursor, label, copies, every, ROWS)
        _seal_again(cursor)
        for statement in connection.ops.sequence_reset_sql(no_style(), [_model(one) for one in _labels()]):
            cursor.execute(statement)
        for statement in SAFE_AGAIN if is_sqlite else ():
            cursor.execute(statement)
        cursor.execute("ANALYZE" if is_sqlite else "VACUUM ANALYZE")


def _seal_again(cursor: Any) -> None:
    """Gives the copied customers envelopes of their own, with what the originals' say."""
    from cheqi.foundation.privacy.fields import SealedTextField
    from cheqi.records.parties.models import Party

    fields = [one for one in Party._meta.concrete_fields if isinstance(one, SealedTextField)]
    said = {
        one.pk: [(field, getattr(one, field.attname)) for field in fields]
        for one in Party.objects.filter(pk__lt=ROWS)
    }
    places = ", ".join(f'"{field.column}" = %s' for field in fields)
    copies = Party.objects.filter(pk__gt=ROWS).values_list("pk", "row_seal").order_by("pk")
    with transaction.atomic():
        for some in batched(copies, SEALED_AT_ONCE):
            values = [
                [*(field.sealed(text, seal).content if text else "" for field, text in said[pk % ROWS]), pk]
                for pk, seal in some
            ]
            cursor.executemany(f"UPDATE {Party._meta.db_table} SET {places} WHERE id = %s", values)  # noqa: S608


def batched(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows in lists of so many."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


def _tell(now: datetime) -> None:
    """Sixty messages in the inbox of each of the demo's people."""
    from cheqi.core.base.text import Text
    from cheqi.foundation.jobs.running import drain
    from cheqi.foundation.messages.operations import send
    from cheqi.foundation.staff.models import Member

    words: dict[str, str | int | Text] = {
        "step": Text("审批", "Review"),
        "reason": "待办最少",
        "until": "明天 18:00",
        "link": "/desk/",
    }
    for member_id in Member.objects.order_by("pk").values_list("pk", flat=True):
        for number in range(60):
            send(
                "staff_assigned",
                data={**words, "case_number": f"CQ-2026-{number:06}"},
                key=f"many:{member_id}:{number}",
                now=now,
                member_id=member_id,
            )
    drain(now)


def _begin(lender: "DemoLender", now: datetime) -> None:
    """An application that a client manager has only begun."""
    from cheqi.areas.origination.operations.drafting import start
    from cheqi.foundation.staff.queries import actor_for

    actor = actor_for(lender.members["chenjing"], now)
    start(branch_id=lender.branches["HZ"].pk, mobile="13800020099", actor=actor, now=now, key="many:draft")


def _give_up(now: datetime) -> None:
    """Three hundred tasks and requests that nobody has looked at yet."""
    from cheqi.foundation.exchanges.models import Exchange
    from cheqi.foundation.jobs.models import Wakeup

    over = Wakeup.objects.filter(finished_at__isnull=False).order_by("pk").values("pk")[:300]
    Wakeup.objects.filter(pk__in=over).update(state="DEAD", attempts=8, last_error="超时", finished_at=now)
    answered = Exchange.objects.filter(finished_at__isnull=False).order_by("pk").values("pk")[:300]
    Exchange.objects.filter(pk__in=answered).update(
        state="DEAD", died_in="WAITING", attempts=8, reason="超时", finished_at=now
    )


def _copy(cursor: Any, label: str, copies: int, every: int, apart: int) -> None:
    """Every row of a table again, so many times, or once in `every` copies."""
    model = _model(label)
    table = model._meta.db_table
    fields = model._meta.concrete_fields
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_column(table, field, apart) for field in fields)
    only = " AND t.branch_id IS NOT NULL" if label in PEOPLED[1:] else ""
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, {_series(copies)}"  # noqa: S608
        f" WHERE s.n % {every} = 0{only}"
    )


def _column(table: str, field: "models.Field[Any, Any]", apart: int) -> str:
    """What a copy has in this column, as SQL over `t`, the original, and `s.n`, the number of the copy."""
    name, old = str(field.column), f't."{field.column}"'
    region = f"s.n % {REGIONS} * {PEOPLE}" if apart == ROWS else f"s.n * {PEOPLE}"
    made = {
        "row_seal": _seal(),
        "branch_id": f"{old} + {region}",
        "member_id": f"{old} + {region}",
        "owner_id": f"{old} + CASE WHEN {old} IN ({_AT_A_BRANCH}) THEN {region} ELSE 0 END",
        "vin": f"substr({old}, 1, 10) || {_digits('t.id + s.n * 1000', 7)}",
        "mobile_last4": _digits("(t.id * 7919 + s.n * 137) % 10000", 4),
        "body": _body(),
    }
    if name in made:
        return made[name]
    if name in MOVED or (field.primary_key and field.remote_field is None):
        return f"{old} + s.n * {apart}"
    if (table, name) in NUMBERED:
        return f"{old} || '-' || s.n"
    if name.endswith("_index"):
        return f"CASE WHEN {old} = '' THEN '' ELSE substr({old}, 1, 24) || {_digits('s.n', 6)} END"
    return _earlier(old) if (table, name) in EARLIER else old


def _model(label: str) -> type[models.Model]:
    from django.apps import apps

    return apps.get_model(label)


def _labels() -> Iterator[str]:
    yield from PEOPLED
    yield from (label for label, _ in COPIED)


def _series(count: int) -> str:
    if connection.vendor == "postgresql":
        return f"generate_series(1, {count}) AS s(n)"
    counted = "SELECT 1 UNION ALL SELECT n + 1 FROM s"
    return f"(WITH RECURSIVE s(n) AS ({counted} WHERE n < {count}) SELECT n FROM s) s"  # noqa: S608


def _seal() -> str:
    return "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"


def _digits(number: str, width: int) -> str:
    if connection.vendor == "postgresql":
        return f"lpad(({number})::text, {width}, '0')"
    return f"printf('%0{width}d', {number})"


def _body() -> str:
    if connection.vendor == "postgresql":
        return "convert_to(replace(convert_from(t.body, 'UTF8'), t.number, t.number || '-' || s.n), 'UTF8')"
    return "CAST(replace(CAST(t.body AS TEXT), t.number, t.number || '-' || s.n) AS BLOB)"


def _earlier(old: str) -> str:
    if connection.vendor == "postgresql":
        return f"{old} - s.n * interval '1 minute'"
    return f"strftime('%Y-%m-%d %H:%M:%f', {old}, '-' || s.n || ' minutes')"


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(fill(int(sys.argv[1]), datetime.now(UTC))))
