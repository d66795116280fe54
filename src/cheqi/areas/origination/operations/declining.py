"""A co-borrower or guarantor says no, to the enquiry about them or to the contract.

The case goes to the client manager (`replacing.py`): all that rests on who takes part begins anew, and a
contract that was drawn up is void. A case of an older version of the process waits on; its desk shows who
declined, and the applicant may withdraw.
"""

from datetime import datetime

from cheqi.areas.origination.operations import consents, signing
from cheqi.areas.origination.operations.ending import void_contract
from cheqi.areas.origination.people import application_of
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.paper.models import SignatureRow
from cheqi.foundation.whole import must, whole
from cheqi.foundation.workflow.operations import signal
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.records.applications import operations as applications
from cheqi.records.applications.choices import Act
from cheqi.records.applications.models import Declination

STEPS = {
    Act.CONSENT: (consents.STEP_OF_OTHERS, consents.AUTHORISED),
    Act.SIGN: (signing.STEP_OF_OTHERS, signing.SIGNED),
}
DECLINED = "declined"
NO_SIGNATURE = Text("有人不同意签字，合同作废", "Somebody declined to sign; the contract is void")


@whole
def decline_consent(*, case_id: int, actor: Actor, now: datetime) -> Declination:
    """Somebody beside the applicant does not want the bureau to be asked about them.

    Refused for whom the case does not know (NOT_FOUND), and once they consented (NOT_NOW).
    """
    mine = must(consents.consent_of(case_id, actor))
    case = consents.case_of(case_id)
    if mine.is_applicant:
        must(_not_theirs())
    if mine.consent is not None or not case.state.is_open:
        must(_too_late("您已授权过，要撤回请联系客服", "You authorised it already; call us to take it back"))
    return _declined(case, mine.party.pk, Act.CONSENT, actor=actor, now=now)


@whole
def decline_signature(*, case_id: int, actor: Actor, now: datetime) -> Declination:
    """Somebody beside the applicant does not sign. Refused for who does not sign, and once they have."""
    case = must(signing.signing_case(case_id, actor))
    paper_id = must(signing.paper_id_of(case))
    side = SignatureRow.objects.filter(paper_id=paper_id, party_id=actor.scope.party_id).first()
    if side is None or side.party_id == case.party_id:
        must(_not_theirs())
    if side is None or side.signed_at is not None or not case.is_at(signing.STEP_OF_OTHERS):
        must(_too_late("现在没有要您签的合同", "There is nothing for you to sign now"))
    return _declined(case, actor.scope.party_id or 0, Act.SIGN, actor=actor, now=now)


def _declined(case: CaseRecord, party_id: int, act: Act, *, actor: Actor, now: datetime) -> Declination:
    """Keeps it, and brings the case to the client manager where its process can go there."""
    application = application_of(case.id)
    said = must(
        applications.decline(application_id=application.pk, party_id=party_id, act=act, actor=SYSTEM, now=now)
    )
    step, awaited = STEPS[act]
    if not case.is_at(step) or case.definition.by_key[step].outcome(DECLINED) is None:
        return said
    must(
        signal(
            case_id=case.id,
            awaited=awaited,
            outcome=DECLINED,
            facts={"declined_by_others": 1},
            actor=SYSTEM,
            now=now,
            key=f"declined:{said.pk}",
        )
    )
    if act is Act.SIGN:
        void_contract(case_id=case.id, reason=NO_SIGNATURE.zh, now=now)
    return said


def _not_theirs() -> Refused:
    message = Text("申请人不同意时请撤回申请", "The applicant withdraws the application instead")
    return refuse(RefusalKind.NOT_ALLOWED, "decline.applicant", message)


def _too_late(zh: str, en: str) -> Refused:
    return refuse(RefusalKind.NOT_NOW, "decline.not_now", Text(zh, en))
