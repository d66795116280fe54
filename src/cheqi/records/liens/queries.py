"""Reading what secures a loan, scoped like the agreement."""

from datetime import date

from django.db.models import QuerySet

from cheqi.core.base.actors import Actor
from cheqi.foundation.staff.scopes import visible
from cheqi.records.agreements.choices import AgreementState
from cheqi.records.liens.models import GpsContract, Insurance, Lien, TitleCustody


def visible_liens(actor: Actor) -> QuerySet[Lien]:
    """The liens that the actor may see."""
    return visible(
        Lien.objects.all(),
        actor,
        branch="agreement__application__branch_id",
        party="agreement__application__roles__party_id",
        case="agreement__application__case_id",
    )


def lien_of(agreement_id: int, actor: Actor) -> Lien | None:
    """The lien of an agreement with its car."""
    return visible_liens(actor).select_related("vehicle").filter(agreement_id=agreement_id).first()


def custody(lien_id: int, actor: Actor) -> tuple[TitleCustody, ...]:
    """Where the certificate has been, oldest first; the last one is open."""
    return tuple(TitleCustody.objects.filter(lien__in=visible_liens(actor).filter(pk=lien_id)).order_by("pk"))


def insurances(lien_id: int, actor: Actor) -> tuple[Insurance, ...]:
    """The policies, newest first."""
    return tuple(Insurance.objects.filter(lien__in=visible_liens(actor).filter(pk=lien_id)).order_by("-pk"))


def gps_contracts(lien_id: int, actor: Actor) -> tuple[GpsContract, ...]:
    """The GPS contracts, newest first."""
    return tuple(GpsContract.objects.filter(lien__in=visible_liens(actor).filter(pk=lien_id)).order_by("-pk"))


def is_insured(lien_id: int, on: date, actor: Actor) -> bool:
    """Whether a policy with the lender as beneficiary covers a day."""
    rows = Insurance.objects.filter(lien__in=visible_liens(actor).filter(pk=lien_id))
    return rows.filter(is_lender_beneficiary=True, from_date__lte=on, until_date__gt=on).exists()


def policies_of_case(case_id: int, actor: Actor, *, covering: date | None = None) -> QuerySet[Insurance]:
    """The policies on the car of a case's live agreement; `covering` only those that protect us that day."""
    rows = Insurance.objects.filter(
        lien__in=visible_liens(actor)
        .filter(agreement__application__case_id=case_id)
        .exclude(agreement__state=AgreementState.VOID)
    )
    if covering is None:
        return rows
    return rows.filter(is_lender_beneficiary=True, from_date__lte=covering, until_date__gt=covering)
