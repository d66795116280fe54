"""Which rules count on a day: the latest to take effect, published version or baseline."""

from datetime import date

from cheqi.core.base.actors import Actor
from cheqi.core.base.workdays import WorkCalendar
from cheqi.foundation.rulebook import baseline
from cheqi.foundation.rulebook.choices import Form, VersionState
from cheqi.foundation.rulebook.models import PackVersion
from cheqi.rules import Pack, pick


class NoSuchPack(LookupError):
    """No version of this pack is in force on that day."""


def pack(name: str, on: date) -> Pack:
    """The version in force on a day; one statement. Raises NoSuchPack."""
    found = pick((*baseline.packs(), *_published(name, on)), name, on)
    if found is None:
        raise NoSuchPack(f"{name} on {on}")
    return found


def packs(on: date) -> tuple[Pack, ...]:
    """Every pack in force on a day, by name; one statement."""
    every = (*baseline.packs(), *_published(None, on))
    found = (pick(every, name, on) for name in sorted({each.name for each in every}))
    return tuple(each for each in found if each is not None)


def calendar(name: str) -> WorkCalendar:
    """The working calendar: the newest published version, else the baseline's `<name>_calendar` or key.

    A calendar holds many years itself, so it is not picked by date. Raises NoSuchPack.
    """
    rows = PackVersion.objects.filter(name=name, form=Form.CALENDAR, state=VersionState.PUBLISHED)
    newest = rows.order_by("-version").values_list("source", flat=True).first()
    sources = [newest] if newest is not None else list(baseline.calendars().values())
    for source in sources:
        found = baseline.parsed_calendar(source)
        if isinstance(found, WorkCalendar) and found.key == name:
            return found
    raise NoSuchPack(f"calendar {name}")


def versions(name: str, actor: Actor) -> tuple[PackVersion, ...]:
    """The history of one pack over the baseline, newest first; for staff, nobody else sees drafts."""
    if not (actor.is_staff or actor.scope.everything):
        return ()
    return tuple(PackVersion.objects.filter(name=name).order_by("-version", "-id"))


def proposals(actor: Actor) -> tuple[PackVersion, ...]:
    """What waits for a second person, oldest first."""
    if not (actor.is_staff or actor.scope.everything):
        return ()
    return tuple(PackVersion.objects.filter(state=VersionState.PROPOSED).order_by("proposed_at", "id"))


def _published(name: str | None, on: date) -> list[Pack]:
    rows = PackVersion.objects.filter(
        form=Form.RULES, state=VersionState.PUBLISHED, effective_from__lte=on
    ).order_by("id")
    if name is not None:
        rows = rows.filter(name=name)
    found = (baseline.parsed(source) for source in rows.values_list("source", flat=True))
    return [each for each in found if isinstance(each, Pack)]
