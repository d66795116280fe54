"""Who counts as what at a branch, and who may be given a step: one statement each.

The same answers as `staff.queries.at_branch` and `staff.queries.holders`, which say them row by row; a
move of a case asks them on its hot path, so here they are single statements. A test holds both equal.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from cheqi.core.base.actors import Actor
from cheqi.core.process.assignment import Candidate
from cheqi.foundation.staff.roles import NOT_DELEGATED
from cheqi.foundation.workflow import rows

_UP = """
WITH RECURSIVE up(id, parent_id) AS (
    SELECT id, parent_id FROM staff_branch WHERE id = %s
    UNION SELECT b.id, b.parent_id FROM staff_branch b JOIN up ON b.id = up.parent_id
)
"""
_ROLES = """
SELECT ra.member_id, ra.role, NULL AS carried FROM staff_roleassignment ra
JOIN staff_member m ON m.id = ra.member_id AND m.is_active AND m.agency_id IS NULL
WHERE ra.member_id = %s AND ra.ended_at IS NULL AND ra.granted_at <= %s
  AND (ra.branch_id IS NULL OR ra.branch_id IN (SELECT id FROM up))
UNION ALL
SELECT ra.member_id, ra.role, CAST(a.roles AS text) FROM staff_absence a
JOIN staff_member m ON m.id = a.member_id AND m.is_active AND m.agency_id IS NULL
JOIN staff_member me ON me.id = a.delegate_id AND me.is_active AND me.agency_id IS NULL
JOIN staff_roleassignment ra ON ra.member_id = a.member_id AND ra.ended_at IS NULL AND ra.granted_at <= %s
WHERE a.delegate_id = %s AND a.starts_at <= %s AND a.ends_at > %s
  AND (ra.branch_id IS NULL OR ra.branch_id IN (SELECT id FROM up))
"""
_HOLDERS = """
, holder(id) AS (
    SELECT DISTINCT ra.member_id FROM staff_roleassignment ra
    WHERE ra.role = %s AND ra.ended_at IS NULL AND ra.granted_at <= %s
      AND (ra.branch_id IS NULL OR ra.branch_id IN (SELECT id FROM up))
)
SELECT m.id, m.name, a.id, a.delegate_id, CAST(a.roles AS text), d.name, d.is_active,
  (SELECT COUNT(*) FROM workflow_steprow s WHERE s.owner_id = m.id AND s.status = 'OPEN'),
  (SELECT COUNT(*) FROM workflow_steprow s WHERE s.owner_id = d.id AND s.status = 'OPEN'),
  (SELECT COUNT(*) FROM staff_absence x WHERE x.member_id = d.id AND x.starts_at <= %s AND x.ends_at > %s)
FROM holder
JOIN staff_member m ON m.id = holder.id AND m.is_active AND m.agency_id IS NULL
LEFT JOIN staff_absence a ON a.member_id = m.id AND a.starts_at <= %s AND a.ends_at > %s
LEFT JOIN staff_member d ON d.id = a.delegate_id
ORDER BY m.id, a.id
"""


def at_branch(actor: Actor, branch_id: int | None, now: datetime) -> Actor:
    """The actor with only the roles that count at the branch, and for whom they are used there."""
    if not actor.is_staff or not actor.id.isdigit():
        return actor
    me = int(actor.id)
    own: set[str] = set()
    carried: dict[str, set[int]] = {}
    for member_id, role, delegated in rows.select(_UP + _ROLES, [branch_id, me, now, now, me, now, now]):
        if delegated is None:
            own.add(role)
        elif role in rows.parsed(delegated) and role not in NOT_DELEGATED:
            carried.setdefault(role, set()).add(member_id)
    absent = sorted({one for role, ids in carried.items() if role not in own for one in ids})
    return replace(
        actor, roles=frozenset(own | carried.keys()), acting_for=",".join(map(str, absent)) or None
    )


def candidates(role: str, branch_id: int | None, now: datetime) -> list[Candidate]:
    """Everybody who holds the role there with their load, absent ones marked, and their stand-ins."""
    found: dict[str, Candidate] = {}
    stand_ins: dict[str, Candidate] = {}
    values = [branch_id, role, now, now, now, now, now]
    for row in rows.select(_UP + _HOLDERS, values):
        reference = f"STAFF:{row[0]}"
        delegate = _delegate(row, role)
        known = found.get(reference)
        if known and known.delegate:
            continue
        found[reference] = Candidate(
            reference, row[1], row[7], is_absent=row[2] is not None, delegate=delegate
        )
        if delegate:
            away = bool(row[9])
            stand_ins[delegate] = Candidate(delegate, row[5], row[8], is_absent=away, only_stands_in=True)
    return [*found.values(), *(one for key, one in stand_ins.items() if key not in found)]


def _delegate(row: tuple[Any, ...], role: str) -> str:
    """The reference of an absent holder's stand-in for this role, empty where there is none."""
    if row[3] is None or not row[6] or role in NOT_DELEGATED:
        return ""
    return f"STAFF:{row[3]}" if role in rows.parsed(row[4]) else ""
