"""Reading agreements, scoped like the application that they belong to."""

from django.db.models import QuerySet

from cheqi.core.base.actors import Actor
from cheqi.core.loan.schedule import Schedule, build
from cheqi.core.loan.terms import from_data
from cheqi.foundation.staff.scopes import visible
from cheqi.records.agreements.choices import AgreementState
from cheqi.records.agreements.models import Agreement, AgreementDocument, Signature


def visible_agreements(actor: Actor) -> QuerySet[Agreement]:
    """The agreements that the actor may see."""
    return visible(
        Agreement.objects.all(),
        actor,
        branch="application__branch_id",
        party="application__roles__party_id",
        case="application__case_id",
    )


def agreement(agreement_id: int, actor: Actor) -> Agreement | None:
    """One agreement with its application and borrower; None where there is none to see."""
    rows = visible_agreements(actor).select_related("application", "borrower")
    return rows.filter(pk=agreement_id).first()


def live_for(application_id: int, actor: Actor) -> Agreement | None:
    """The agreement of an application that is not void."""
    rows = visible_agreements(actor).select_related("application", "borrower")
    return rows.filter(application_id=application_id).exclude(state=AgreementState.VOID).first()


def schedule(row: Agreement) -> Schedule:
    """The schedule of the frozen terms, as the contract shows it."""
    return build(from_data(row.terms))


def documents(agreement_id: int, actor: Actor) -> tuple[AgreementDocument, ...]:
    """The files of an agreement, oldest first."""
    seen = visible_agreements(actor).filter(pk=agreement_id)
    return tuple(AgreementDocument.objects.filter(agreement__in=seen).order_by("pk"))


def signatures(agreement_id: int, actor: Actor) -> tuple[Signature, ...]:
    """Who signed, in order."""
    seen = visible_agreements(actor).filter(pk=agreement_id)
    return tuple(Signature.objects.filter(agreement__in=seen).order_by("pk"))
