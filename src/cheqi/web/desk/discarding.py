"""Before something that gave up is given up for good: what exactly, and why. It cannot be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from cheqi.core.base.actors import Actor
from cheqi.core.base.text import Text
from cheqi.foundation.exchanges import queries as outside
from cheqi.foundation.jobs import queries as background
from cheqi.foundation.messages import queries as mail
from cheqi.foundation.messages.templating import catalogue
from cheqi.web.desk.queries import numbers_of
from cheqi.web.wording import CHANNELS, SYSTEMS, TASKS


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the chosen, in words."""

    id: int
    title: str
    why: str
    number: str = ""


def confirm(
    request: HttpRequest, kind: str, ids: Sequence[int], actor: Actor, problems: Sequence[str] = ()
) -> HttpResponse | None:
    """The page that asks for the reason; None where nothing of the chosen is left for this person."""
    found = [one for one in _dead(kind, actor) if one.id in ids]
    if not found:
        return None
    context = {"kind": kind, "chosen": found, "problems": problems}
    return render(request, "desk/discard.html", context, status=422 if problems else 200)


def _dead(kind: str, actor: Actor) -> list[Chosen]:
    if kind == "jobs":
        jobs = background.dead_letters(actor)
        return [
            Chosen(one.id, f"{_in(TASKS.get(one.task)) or one.task} {one.key}", one.error) for one in jobs
        ]
    if kind == "messages":
        letters = mail.dead_letters(actor)
        numbers = numbers_of([one.case_id for one in letters], actor)
        return [
            Chosen(
                one.id,
                f"{_in(catalogue()[one.template].title)} {_in(CHANNELS.get(one.channel))}".strip(),
                one.reason or one.code,
                numbers.get(one.case_id or 0, ""),
            )
            for one in letters
        ]
    requests = outside.dead_letters(actor)
    numbers = numbers_of([one.case_id for one in requests], actor)
    return [
        Chosen(
            one.id,
            f"{_in(SYSTEMS.get(one.port)) or one.port} · "
            f"{_in(outside.TITLES.get(f'{one.port}.{one.operation}')) or one.operation}",
            one.reason or one.code,
            numbers.get(one.case_id or 0, ""),
        )
        for one in requests
    ]


def _in(text: Text | None) -> str:
    return text.in_language(get_language() or "zh-hans") if text else ""
