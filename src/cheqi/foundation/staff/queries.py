"""Who somebody is right now: roles, scope, delegations; and who may do a piece of work."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from cheqi.core.base.actors import Actor, ActorKind, Scope
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
    own, carried = _grants(member, now)
    extra = [grant for grant in carried if replace(grant, acting_for=None) not in own]
    grants = [*own, *extra]
    roles = frozenset(grant.role for grant in grants)
    scope = Scope() if member.agency_id else _scope(grants, roles)
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
    above = _with_parents(branch_id)
    own, carried = (
        [grant for grant in grants if grant.branch_id is None or grant.branch_id in above]
        for grants in _grants(member, now)
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
    here = Q(assignments__branch=None) | Q(assignments__branch_id__in=_with_parents(branch_id))
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


def branch_ids_below(branch_ids: Iterable[int]) -> frozenset[int]:
    """The branches and everything below them in the tree."""
    children: dict[int | None, list[int]] = {}
    for branch_id, parent_id in Branch.objects.values_list("pk", "parent_id"):
        children.setdefault(parent_id, []).append(branch_id)
    found: set[int] = set()
    waiting = list(branch_ids)
    while waiting:
        branch_id = waiting.pop()
        if branch_id not in found:
            found.add(branch_id)
            waiting += children.get(branch_id, [])
    return frozenset(found)


def _scope(grants: Sequence[Grant], roles: frozenset[str]) -> Scope:
    if sees_everything(roles) or any(grant.branch_id is None for grant in grants):
        return Scope(everything=True)
    named = {grant.branch_id for grant in grants if grant.branch_id is not None}
    return Scope(branch_ids=branch_ids_below(named) if named else frozenset())


def _grants(member: Member, now: datetime) -> tuple[list[Grant], list[Grant]]:
    """What the member holds by own right, and what is carried for absent colleagues."""
    if not member.is_active:
        return [], []
    stands_in = list(
        _running(now).filter(delegate=member, member__is_active=True, member__agency=None).order_by("pk")
    )
    everybody = [member.pk, *(absence.member_id for absence in stands_in)]
    held: dict[int, list[Grant]] = {}
    rows = RoleAssignment.objects.filter(
        member_id__in=everybody, ended_at=None, granted_at__lte=now
    ).order_by("pk")
    for row in rows:
        if row.role in ROLES:
            held.setdefault(row.member_id, []).append(Grant(row.role, row.branch_id))
    carried = [
        replace(grant, acting_for=absence.member_id)
        for absence in stands_in
        for grant in held.get(absence.member_id, [])
        if grant.role in _carried(absence)
    ]
    return held.get(member.pk, []), carried


def _running(now: datetime) -> QuerySet[Absence]:
    return Absence.objects.filter(starts_at__lte=now, ends_at__gt=now)


def _carried(absence: Absence) -> frozenset[str]:
    return frozenset(absence.roles) - NOT_DELEGATED


def _with_parents(branch_id: int) -> frozenset[int]:
    """The branch and everything above it."""
    parents = dict(Branch.objects.values_list("pk", "parent_id"))
    found: set[int] = set()
    at: int | None = branch_id
    while at is not None and at not in found:
        found.add(at)
        at = parents.get(at)
    return frozenset(found)
