"""Which papers an actor may see: those in scope, and those that the customer signs (a co-borrower's)."""

from django.db.models import Q, QuerySet

from cheqi.core.base.actors import Actor
from cheqi.foundation.paper.models import Paper, SignatureRow
from cheqi.foundation.staff.scopes import visible


def visible_papers(actor: Actor) -> QuerySet[Paper]:
    """The papers, without an order."""
    papers = visible(Paper.objects.all(), actor, case="case_id")
    if actor.scope.everything or actor.scope.party_id is None:
        return papers
    signed = SignatureRow.objects.filter(party_id=actor.scope.party_id).values("paper_id")
    return Paper.objects.filter(Q(pk__in=papers.values("pk")) | Q(pk__in=signed))
