"""The history of one rule pack: baseline and published versions, what changed, why and by whom."""

from dataclasses import dataclass
from datetime import date, datetime

from cheqi.core.base.actors import Actor
from cheqi.core.base.text import Text
from cheqi.foundation.rulebook import baseline
from cheqi.foundation.rulebook.choices import Form, VersionState
from cheqi.foundation.rulebook.models import PackVersion
from cheqi.foundation.rulebook.queries import versions
from cheqi.rules import Pack
from cheqi.rules.differences import differences


@dataclass(frozen=True, slots=True)
class PackEntry:
    """One version of a pack. It counts from `effective_from` to `until`; a proposal has no `until` yet.

    `state` is empty for what came with the product. `changes` compares it with the version before it.
    """

    pack: Pack
    until: date | None
    state: str
    reason: str
    proposed_by: str
    decided_by: str
    at: datetime | None
    changes: tuple[Text, ...]

    @property
    def is_published(self) -> bool:
        """Whether it counts, or will from its day on."""
        return self.state in {"", VersionState.PUBLISHED}


def history(name: str, actor: Actor) -> tuple[PackEntry, ...]:
    """Every version of a pack, newest first; empty for a name that no pack has. One statement."""
    came = [(each, None) for each in baseline.packs() if each.name == name]
    made = [(_parsed(row), row) for row in versions(name, actor) if row.form == Form.RULES]
    every = [*came, *((pack, row) for pack, row in made if pack is not None)]
    every.sort(key=lambda one: (one[0].effective_from, one[0].version))
    entries = []
    for place, (pack, row) in enumerate(every):
        earlier = [one for one, its in every[:place] if _counts(its)]
        later = [one for one, its in every[place + 1 :] if _counts(its)]
        entries.append(
            PackEntry(
                pack=pack,
                until=later[0].effective_from if later and _counts(row) else None,
                state=row.state if row else "",
                reason=row.reason if row else "",
                proposed_by=row.proposer_name if row else "",
                decided_by=row.decider_name if row else "",
                at=(row.decided_at or row.proposed_at) if row else None,
                changes=differences(earlier[-1], pack) if earlier else (),
            )
        )
    return tuple(reversed(entries))


def _counts(row: PackVersion | None) -> bool:
    return row is None or row.state == VersionState.PUBLISHED


def _parsed(row: PackVersion) -> Pack | None:
    found = baseline.parsed(row.source)
    return found if isinstance(found, Pack) else None
