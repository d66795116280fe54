"""Who somebody is right now: roles, scope, delegations; and who may do a piece of work."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import CharField, FilteredRelation, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.foundation.short_lists import together
from cheqi.foundation.staff.models import Absence, Branch, Member, RoleAssignment, RoleChange
from cheqi.foundation.staff.roles import NOT_DELEGATED, ROLES, Permission, may, sees_everything


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that counts now: at this branch (None: at all), by own right or for an absent colleague."""

    role: str
    branch_id: int | None
    acting_for: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be given a piece of work. `open_count` is what the load hook counted."""

    member_id: int
    name: str
    absent: bool
    delegate_id: int | None
    open_count: int = 0


def actor_for(member: Member, now: datetime, *, stepped_up_at: datetime | None = None) -> Actor:
    """The member as an actor: own roles and those carried for absent colleagues, over all their branches.

    `acting_for` is the absent colleague's id where a delegation adds something that the member does not
    hold (several ids are joined by commas). Which role counts at which branch is `at_branch`'s to say.
    """
    held = _held(member, now)
    extra = [grant for grant in held.carried if replace(grant, acting_for=None) not in held.own]
    grants = [*held.own, *extra]
    roles = frozenset(grant.role for grant in grants)
    scope = Scope() if member.agency_id else _scope(grants, roles, held.parents)
    absent = sorted({grant.acting_for for grant in extra if grant.acting_for})
    return Actor(
        kind=ActorKind.STAFF,
        id=str(member.pk),
        name=member.name,
        roles=roles,
        scope=scope,
        acting_for=",".join(map(str, absent)) or None,
        stepped_up_at=stepped_up_at,
    )


def at_branch(actor: Actor, branch_id: int, now: datetime) -> Actor:
    """The actor towards one branch: only the roles that count there, and for whom they are used.

    A reviewer of branch 1 who stands in as finance of branch 2 is no reviewer of branch 2. An operation
    that decides by role asks this first; actors other than staff come back as they are.
    """
    if not actor.is_staff:
        return actor
    member = Member.objects.filter(pk=actor.id, is_active=True, agency=None).first()
    if member is None:
        return replace(actor, roles=frozenset(), acting_for=None)
    held = _held(member, now)
    above = _above(branch_id, held.parents)
    own, carried = (
        [grant for grant in grants if grant.branch_id is None or grant.branch_id in above]
        for grants in (held.own, held.carried)
    )
    own_roles = {grant.role for grant in own}
    extra = [grant for grant in carried if grant.role not in own_roles]
    absent = sorted({grant.acting_for for grant in extra if grant.acting_for})
    return replace(
        actor,
        roles=frozenset(own_roles | {grant.role for grant in extra}),
        acting_for=",".join(map(str, absent)) or None,
    )


def holders(
    role: str,
    branch_id: int,
    now: datetime,
    *,
    load: Callable[[Sequence[int]], Mapping[int, int]] | None = None,
) -> tuple[Candidate, ...]:
    """Who holds the role by own right at the branch, above it or everywhere, in the order of their ids.

    Absent people are in the answer, marked, with their delegate for this role. `load` gives the open
    work of each member id, for assignment to the least loaded.
    """
    live = Q(assignments__role=role, assignments__ended_at=None, assignments__granted_at__lte=now)
    parents = dict(Branch.objects.values_list("pk", "parent_id"))
    here = Q(assignments__branch=None) | Q(assignments__branch_id__in=_above(branch_id, parents))
    members = list(Member.objects.filter(live & here, is_active=True, agency=None).distinct().order_by("pk"))
    ids = [member.pk for member in members]
    counts = load(ids) if load else {}
    away: dict[int, int | None] = {}
    for absence in _running(now).filter(member_id__in=ids).order_by("pk"):
        delegate_id = absence.delegate_id if role in _carried(absence) else None
        away[absence.member_id] = away.get(absence.member_id) or delegate_id
    return tuple(Candidate(m.pk, m.name, m.pk in away, away.get(m.pk), counts.get(m.pk, 0)) for m in members)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A colleague as the list of people shows them."""

    id: int
    name: str
    login: str
    branch: str
    is_active: bool
    has_second_factor: bool
    roles: tuple[tuple[str, str], ...]
    away_until: datetime | None
    delegate: str


def members(actor: Actor, now: datetime) -> tuple[MemberLine, ...]:
    """The colleagues whose branch the actor sees, or everybody for who sees everything: three statements."""
    rows = Member.objects.filter(agency=None).select_related("branch").order_by("branch__code", "pk")
    if not actor.scope.everything:
        rows = rows.filter(branch_id__in=sorted(actor.scope.branch_ids))
    people = list(rows)
    ids = [person.pk for person in people]
    held: dict[int, list[tuple[str, str]]] = {}
    live = RoleAssignment.objects.filter(member_id__in=ids, ended_at=None).select_related("branch")
    for row in live.order_by("pk"):
        held.setdefault(row.member_id, []).append((row.role, row.branch.name if row.branch else ""))
    away = {row.member_id: row for row in _running(now).filter(member_id__in=ids).select_related("delegate")}
    return tuple(_member_line(one, held.get(one.pk, []), away.get(one.pk)) for one in people)


def role_changes(actor: Actor) -> tuple[RoleChange, ...]:
    """The proposals that wait for a second person, oldest first; for who manages staff. One statement."""
    if not may(actor, Permission.MANAGE_STAFF):
        return ()
    rows = RoleChange.objects.filter(state=RoleChange.State.PROPOSED).select_related("member", "branch")
    return tuple(rows.order_by("proposed_at", "pk"))


def own_absences(actor: Actor, now: datetime) -> tuple[Absence, ...]:
    """The actor's own absences that are not over, the next one first. One statement."""
    rows = Absence.objects.filter(member_id=int(actor.id), ends_at__gt=now).select_related("delegate")
    return tuple(rows.order_by("starts_at", "pk"))


def _member_line(person: Member, held: Sequence[tuple[str, str]], absence: Absence | None) -> MemberLine:
    return MemberLine(
        id=person.pk,
        name=person.name,
        login=person.login,
        branch=person.branch.name if person.branch else "",
        is_active=person.is_active,
        has_second_factor=person.totp_confirmed_at is not None,
        roles=tuple(held),
        away_until=absence.ends_at if absence else None,
        delegate=absence.delegate.name if absence and absence.delegate else "",
    )


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """The names of colleagues, past ones too: who did something is no secret of a branch. One statement."""
    return dict(Member.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def ids_named(text: str) -> tuple[int, ...]:
    """The colleagues with exactly this name or log-in, for who looks for what somebody did. One statement."""
    found = Member.objects.filter(Q(login=text) | Q(name=text)).order_by("pk")
    return tuple(found.values_list("pk", flat=True))


def _below(branch_ids: Iterable[int], parents: Mapping[int, int | None]) -> frozenset[int]:
    """The branches and everything below them in the tree."""
    children: dict[int | None, list[int]] = {}
    for branch_id, parent_id in parents.items():
        children.setdefault(parent_id, []).append(branch_id)
    found: set[int] = set()
    waiting = list(branch_ids)
    while waiting:
        branch_id = waiting.pop()
        if branch_id not in found:
            found.add(branch_id)
            waiting += children.get(branch_id, [])
    return frozenset(found)


def _above(branch_id: int, parents: Mapping[int, int | None]) -> frozenset[int]:
    """The branch and everything above it."""
    found: set[int] = set()
    at: int | None = branch_id
    while at is not None and at not in found:
        found.add(at)
        at = parents.get(at)
    return frozenset(found)


def _scope(grants: Sequence[Grant], roles: frozenset[str], parents: Mapping[int, int | None]) -> Scope:
    if sees_everything(roles) or any(grant.branch_id is None for grant in grants):
        return Scope(everything=True)
    return Scope(branch_ids=_below({grant.branch_id for grant in grants if grant.branch_id}, parents))


@dataclass(frozen=True, slots=True)
class _Held:
    """What a member holds by own right, what is carried for absent colleagues, and each branch's parent."""

    own: list[Grant]
    carried: list[Grant]
    parents: dict[int, int | None]


def _held(member: Member, now: datetime) -> _Held:
    """Read in one statement, since every request of a colleague asks for it."""
    own, carried, parents = list[Grant](), list[Grant](), dict[int, int | None]()
    if not member.is_active:
        return _Held(own, carried, parents)
    for kind, number, role, branch_id, delegated in together([_assignments(member, now), _tree()]):
        if kind == _BRANCH:
            parents[number] = branch_id
        elif role in ROLES and delegated is None:
            own.append(Grant(role, branch_id))
        elif role in ROLES and role in frozenset(json.loads(delegated)) - NOT_DELEGATED:
            carried.append(Grant(role, branch_id, acting_for=number))
    return _Held(own, carried, parents)


_HELD, _BRANCH = 1, 2


def _assignments(member: Member, now: datetime) -> "QuerySet[RoleAssignment, Any]":
    """Live roles of the member, and of everybody who is away and is stood in for by the member."""
    is_running = Q(member__absences__starts_at__lte=now, member__absences__ends_at__gt=now)
    away = FilteredRelation("member__absences", condition=is_running & Q(member__absences__delegate=member))
    is_away = Q(away__isnull=False, member__is_active=True, member__agency=None)
    rows = RoleAssignment.objects.alias(away=away).filter(ended_at=None, granted_at__lte=now)
    found = rows.filter(Q(member=member) | is_away).order_by()
    return found.values_list(
        Value(_HELD), "member_id", "role", "branch_id", Cast("away__roles", TextField(null=True))
    )


def _tree() -> "QuerySet[Branch, Any]":
    return Branch.objects.order_by().values_list(
        Value(_BRANCH), "pk", Value("", CharField()), "parent_id", Cast(Value(None), TextField(null=True))
    )


def _running(now: datetime) -> QuerySet[Absence]:
    return Absence.objects.filter(starts_at__lte=now, ends_at__gt=now)


def _carried(absence: Absence) -> frozenset[str]:
    return frozenset(absence.roles) - NOT_DELEGATED
