"""What a case leaves behind when it ends without a loan: the contract that was not in force is void."""

from datetime import datetime

from cheqi.core.base.actors import SYSTEM
from cheqi.foundation.paper.models import Paper
from cheqi.foundation.paper.operations import void as void_paper
from cheqi.foundation.whole import must, whole
from cheqi.records.agreements import operations as agreements
from cheqi.records.agreements.choices import AgreementState
from cheqi.records.agreements.queries import live_for
from cheqi.records.applications.queries import by_case


@whole
def void_contract(*, case_id: int, reason: str, now: datetime) -> bool:
    """Voids the agreement and the contract of a case that ended, if there is one; whether there was.

    An agreement in force stays as it is: only a lien release or a reversal ends it.
    """
    application = by_case(case_id, SYSTEM)
    agreement = live_for(application.pk, SYSTEM) if application is not None else None
    if agreement is None or agreement.state == AgreementState.EFFECTIVE:
        return False
    must(agreements.void(agreement_id=agreement.pk, reason=reason, actor=SYSTEM, now=now))
    papers = Paper.objects.filter(case_id=case_id, agreement_ref=f"agreement:{agreement.pk}")
    for paper in papers.exclude(state="VOID").order_by("pk"):
        must(void_paper(paper.pk, reason=reason, actor=SYSTEM, now=now))
    return True
