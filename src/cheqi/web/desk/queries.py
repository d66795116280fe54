"""What the desk's pages read beyond the case engine: who else is looking, kept views, lines with names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import get_language

from cheqi.core.base.actors import Actor
from cheqi.core.process.definition import Ball
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.models import Case
from cheqi.foundation.workflow.queries import WorkLine
from cheqi.records.applications.queries import wishes
from cheqi.records.parties.queries import names_of
from cheqi.ui.parts import TimeBar
from cheqi.web.desk.models import Presence, SavedView

PRESENT_FOR = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One open step as lists show it: what, whose, since when, how long it may still take, and where."""

    title: str
    number: str
    customer: str
    process: str
    car: str
    value_fen: int | None
    waiting: timedelta
    working_day: timedelta
    opened_at: datetime
    bar: TimeBar
    owner: str
    action: str
    stage: str
    url: str
    case_id: int
    step_id: int
    step: str
    round: int


def others_looking(case_id: int, actor: Actor, now: datetime) -> tuple[str, ...]:
    """The names of everybody else who has the page of the case open; the caller has shown the case."""
    rows = Presence.objects.filter(case_id=case_id, seen_at__gt=now - PRESENT_FOR).exclude(
        member_id=int(actor.id)
    )
    return tuple(rows.order_by("member_name", "pk").values_list("member_name", flat=True))


def numbers_of(case_ids: Iterable[int | None], actor: Actor) -> dict[int, str]:
    """The numbers of cases, as far as the actor may see them; one statement."""
    rows = visible(Case.objects.filter(pk__in={one for one in case_ids if one}), actor)
    return dict(rows.values_list("pk", "number"))


def case_numbered(number: str, actor: Actor) -> int | None:
    """The case with this number, where the actor may see it; one statement."""
    return visible(Case.objects.filter(number=number), actor).values_list("pk", flat=True).first()


def views_of(place: str, actor: Actor) -> tuple[SavedView, ...]:
    """The actor's own views of a list, by name."""
    return tuple(SavedView.objects.filter(member_id=int(actor.id), place=place).order_by("name", "pk"))


def with_names(lines: Sequence[WorkLine], actor: Actor) -> list[QueueLine]:
    """The lines with customer, car and amount: two more statements, whatever the length."""
    names = names_of((line.party_id for line in lines if line.party_id is not None), actor)
    cars = wishes((line.case_id for line in lines), actor)
    return [
        queue_line(line, names.get(line.party_id or 0, ""), *cars.get(line.case_id, ("", line.value_fen)))
        for line in lines
    ]


def queue_line(line: WorkLine, customer: str, car: str = "", amount_fen: int = 0) -> QueueLine:
    """A work line as it is drawn, in the language of the page."""
    language = get_language() or "zh-hans"
    return QueueLine(
        title=line.title.in_language(language),
        number=line.number,
        customer=customer,
        process=line.process_title.in_language(language),
        car=car,
        value_fen=amount_fen or None,
        waiting=line.age,
        working_day=line.working_day,
        opened_at=line.opened_at,
        bar=time_bar(line),
        owner=line.owner_name,
        action=line.step,
        stage=line.stage,
        url=f"{reverse('desk:case', args=[line.number])}?step={line.step}",
        case_id=line.case_id,
        step_id=line.step_id,
        step=line.step,
        round=line.round,
    )


def time_bar(line: WorkLine) -> TimeBar:
    """Working time used of what the step may take; without a running target it is paused."""
    if line.left is None:
        return TimeBar(line.age, None, is_paused=line.ball != Ball.US.value)
    return TimeBar(line.age, line.age + line.left, working_day=line.working_day)
