"""Who sees which rows: one function, applied by every query.

A client manager sees the rows of the branches where a role is held, operations managers, auditors and
administrators all, a customer those of the own party, a tracker link its case, an API client those of its
branches, an agency's people and anybody else none:

    visible(Case.objects.all(), actor)                        # columns branch_id, party_id and id
    visible(Document.objects.all(), actor, branch="case__branch_id", case="case_id")
"""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from cheqi.core.base.actors import Actor

M = TypeVar("M", bound=Model)


def visible(
    queryset: QuerySet[M],
    actor: Actor,
    *,
    branch: str | None = "branch_id",
    party: str | None = "party_id",
    case: str | None = "id",
) -> QuerySet[M]:
    """The rows of `queryset` that the actor may see.

    `branch`, `party` and `case` are the lookups of the three owners from this model; None says that the
    model has no such owner. A lookup over a to-many relation does not multiply rows.
    """
    scope = actor.scope
    if scope.everything:
        return queryset
    owned: list[tuple[str, object]] = []
    if branch and scope.branch_ids:
        owned.append((f"{branch}__in", sorted(scope.branch_ids)))
    if party and scope.party_id is not None:
        owned.append((party, scope.party_id))
    if case and scope.case_ids:
        owned.append((f"{case}__in", sorted(scope.case_ids)))
    if not owned:
        return queryset.none()
    owners = Q(*owned, _connector=Q.OR)
    if any(_is_to_many(queryset.model, path) for path, _ in owned):
        return queryset.filter(pk__in=queryset.model._default_manager.filter(owners).values("pk"))
    return queryset.filter(owners)


def _is_to_many(model: type[Model], path: str) -> bool:
    """Whether the lookup crosses a relation that could give a row several times."""
    at = model
    for name in path.split("__")[:-1]:
        field = at._meta.get_field(name)
        if field.one_to_many or field.many_to_many:
            return True
        if not isinstance(field.related_model, type):
            return False
        at = field.related_model
    return False
