"""Signing the contract: shown, consented to by one-time code, signed by everybody who owes.

The applicant's signature ends the applicant's step; the step of the others ends with the last of theirs. A
case of an older version of the process has one step for all, which ends with the last signature.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cheqi.areas.origination.lending import agreement_of
from cheqi.areas.origination.operations.consents import customer_of
from cheqi.areas.origination.operations.reviewing import case_for
from cheqi.areas.origination.people import applicant_of, application_of
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.access.models import Confirmation, Purpose
from cheqi.foundation.access.operations.codes import CodeRequested, request_code
from cheqi.foundation.access.operations.customers import confirm_act
from cheqi.foundation.paper.models import Paper, SignatureRow
from cheqi.foundation.paper.operations import show, sign_customer
from cheqi.foundation.paper.operations.sign import Consent
from cheqi.foundation.paper.refusals import refused
from cheqi.foundation.whole import must, whole
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations import finish_step, signal
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.store import load_case
from cheqi.records.agreements import operations as agreements

CONSENT = "我已阅读并理解合同全文，确认借款金额、期限、年化利率和还款计划，同意用电子签名签署。"
STEP = "sign_contract"
STEP_OF_OTHERS = "co_sign"
SIGNED = "others.signed"
SIGNERS = {
    "BORROWER": "CUSTOMER",
    "REPRESENTATIVE": "CUSTOMER",
    "CO_BORROWER": "CO_BORROWER",
    "GUARANTOR": "GUARANTOR",
}


@dataclass(frozen=True, slots=True)
class Signed:
    """The contract behind a signature; complete once every customer has signed."""

    paper: Paper
    is_complete: bool


@whole
def show_contract(*, case_id: int, actor: Actor, now: datetime) -> Paper:
    """Notes that the customer has the contract before their eyes; it can be signed from then on."""
    return must(show_contract_of(must(signing_case(case_id, actor)), actor=actor, now=now))


@whole
def show_contract_of(case: CaseRecord, *, actor: Actor, now: datetime) -> Paper:
    """The same in a case that is at hand. Refused as not found where the actor does not sign."""
    return must(show(must(paper_id_of(case)), actor=actor, now=now))


def request_signing_code(
    *, case_id: int, actor: Actor, now: datetime, address: str
) -> CodeRequested | Refused:
    """Sends the code that confirms the signature, to the signer's own number."""
    party = customer_of(actor)
    if isinstance(party, Refused):
        return party
    return request_code(
        mobile=party.mobile,
        purpose=Purpose.SIGN,
        subject=subject_of(case_id),
        party_id=party.pk,
        now=now,
        address=address,
    )


def confirm_signing_code(
    *, case_id: int, challenge: UUID, code: str, actor: Actor, now: datetime, address: str
) -> Confirmation | Refused:
    """Uses the code up. It stays confirmed when the signing service is away, so signing can be retried."""
    return confirm_act(
        challenge=challenge, code=code, subject=subject_of(case_id), actor=actor, now=now, address=address
    )


@whole
def sign_contract(
    *,
    case_id: int,
    confirmation_id: int,
    pdf_sha256: str,
    actor: Actor,
    now: datetime,
    device: str,
    key: str,
) -> Signed:
    """Signs for the person who confirmed; the last signature of a step ends it.

    `pdf_sha256` is the hash of the PDF that was shown to this person: another one now is refused (CONFLICT).
    """
    case, party = must(signing_case(case_id, actor)), must(customer_of(actor))
    confirmed = Confirmation.objects.get(pk=confirmation_id, party_id=party.pk, subject=subject_of(case_id))
    paper_id = must(paper_id_of(case))
    side = must(_side_of(paper_id, party.pk, pdf_sha256))
    consent = Consent(
        party_id=party.pk,
        text=CONSENT,
        pdf_sha256=pdf_sha256,
        code_reference=f"confirmation:{confirmed.pk}",
        shown_at=side.shown_at or now,
        confirmed_at=confirmed.confirmed_at,
        address=confirmed.address,
        device=device,
    )
    paper = must(sign_customer(paper_id, consent, actor=actor, now=now, key=f"sign:{paper_id}:{party.pk}"))
    side.refresh_from_db()
    must(
        agreements.sign(
            agreement_id=agreement_of(case).pk,
            signer=SIGNERS[side.role],
            name=party.name,
            method="ONE_TIME_CODE",
            party_id=_signing_party(case, side),
            document_sha256=side.after_sha256,
            evidence={"consent": consent.sha256(paper.number), "confirmation": confirmed.pk},
            actor=SYSTEM,
            now=now,
        )
    )
    _go_on(case, party.pk, paper_id, actor=actor, now=now, key=key)
    return Signed(paper, not _unsigned(paper_id))


def _side_of(paper_id: int, party_id: int, pdf_sha256: str) -> SignatureRow | Refused:
    """The side that signs; refused where this person had another version before their eyes, or none."""
    side = SignatureRow.objects.filter(paper_id=paper_id, party_id=party_id).first()
    if side is None:
        return refused(RefusalKind.NOT_ALLOWED, "paper.not_a_signatory")
    if side.signed_at is None and side.shown_sha256 != pdf_sha256:
        return refused(RefusalKind.CONFLICT, "paper.shown_another")
    return side


def shown_to(case_id: int, actor: Actor) -> str:
    """The hash of the PDF that the person had before their eyes last; empty where there was none."""
    case = signing_case(case_id, actor)
    paper_id = None if isinstance(case, Refused) else case.data_of("prepare_contract").get("paper_id")
    side = SignatureRow.objects.filter(paper_id=paper_id or 0, party_id=actor.scope.party_id).first()
    return side.shown_sha256 if side else ""


def others_unsigned(case: CaseRecord) -> tuple[SignatureRow, ...]:
    """Who beside the applicant has not signed the contract yet, in the order of the signing page."""
    paper_id = case.data_of("prepare_contract").get("paper_id") or 0
    rows = SignatureRow.objects.filter(paper_id=paper_id, signed_at=None).exclude(party_id=None)
    return tuple(rows.exclude(party_id=case.party_id).order_by("position"))


def _unsigned(paper_id: int) -> set[int]:
    """The parties who have not signed yet."""
    rows = SignatureRow.objects.filter(paper_id=paper_id, signed_at=None).exclude(party_id=None)
    return {party_id for party_id in rows.values_list("party_id", flat=True) if party_id is not None}


def _go_on(case: CaseRecord, party_id: int, paper_id: int, *, actor: Actor, now: datetime, key: str) -> None:
    """Ends the step that this signature was the last of, if it was. The paper is locked by now, so of two
    who sign at once the second sees the first."""
    left, applicant_id = _unsigned(paper_id), applicant_of(application_of(case.id)).pk
    has_own_step = STEP_OF_OTHERS in case.definition.by_key
    others_left = left - {applicant_id}
    if has_own_step and party_id != applicant_id:
        step = case.state.steps.get(STEP_OF_OTHERS)
        if not others_left and step is not None and step.is_open:
            told = f"{SIGNED}:{case.id}:{step.round}"
            data = {"last_signer": party_id}
            outcome = case.definition.by_key[STEP_OF_OTHERS].outcomes[0].key
            must(
                signal(
                    case_id=case.id,
                    awaited=SIGNED,
                    outcome=outcome,
                    data=data,
                    actor=SYSTEM,
                    now=now,
                    key=told,
                )
            )
        return
    if left and not has_own_step:
        return
    mine = replace(actor, scope=replace(actor.scope, case_ids=frozenset({case.id})))
    data = {"last_signer": party_id}
    must(finish_step(case_id=case.id, step=STEP, outcome="sign", data=data, actor=mine, now=now, key=key))


def decline_contract(*, case_id: int, actor: Actor, now: datetime, key: str) -> CaseMoved | Refused:
    """The applicant does not want the contract: the application ends as withdrawn."""
    return finish_step(case_id=case_id, step=STEP, outcome="decline", actor=actor, now=now, key=key)


def signing_case(case_id: int, actor: Actor) -> CaseRecord | Refused:
    """The case for somebody who signs its contract: its customer, or a co-borrower or guarantor.

    The others see the contract and nothing else of the case, so their scope is not widened.
    """
    case = case_for(case_id, actor)
    if not isinstance(case, Refused) or actor.scope.party_id is None:
        return case
    loaded = load_case(case_id)
    paper_id = loaded.record.data_of("prepare_contract").get("paper_id") if loaded else None
    signs = SignatureRow.objects.filter(paper_id=paper_id or 0, party_id=actor.scope.party_id)
    return loaded.record if loaded and signs.exists() else case


def subject_of(case_id: int) -> str:
    """What the code confirms."""
    return f"contract:{case_id}"


def paper_id_of(case: CaseRecord) -> int | Refused:
    """The contract that the latest round prepared; NOT_NOW while there is none."""
    paper_id = case.data_of("prepare_contract").get("paper_id")
    if paper_id is None:
        message = Text(
            "合同还没有生成，审批通过后会通知您来签",
            "There is no contract yet; we tell you when it is ready to sign",
        )
        return refuse(RefusalKind.NOT_NOW, "contract.missing", message)
    return int(paper_id)


def _signing_party(case: CaseRecord, side: SignatureRow) -> int | None:
    """A representative signs for the company, which is the party of the agreement."""
    return agreement_of(case).borrower_id if side.role == "REPRESENTATIVE" else side.party_id
