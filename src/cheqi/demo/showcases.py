"""One customer in each interesting state, walked there by the real operations, with drawn documents.

Their mobiles are printed by `cheqi demo load`: a rejected photograph to send again, a case in review, a
contract to sign, one at the registry, one that is paid out, one with a clerk. Loading again changes
nothing.
"""

import io
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings

from cheqi import ports
from cheqi.areas.origination.materials import slots_of
from cheqi.areas.origination.operations import consents, documents, drafting, securing, signing, submitting
from cheqi.areas.origination.operations.reviewing import give_opinion
from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.core.base.findings import Refused
from cheqi.core.documents.kinds import Kind
from cheqi.demo.drawing import draw, photographed
from cheqi.demo.drawing.facts import Facts, some_facts
from cheqi.demo.lender import DemoLender
from cheqi.demo.outside import (
    CodesTo,
    DrawnText,
    MailTo,
    Postbox,
    PromptBank,
    PromptBureau,
    PromptRegistry,
    SmsTo,
    a_year_from,
)
from cheqi.foundation.access.hooks import CodeSender
from cheqi.foundation.documents.models import Document, FieldValue
from cheqi.foundation.jobs.running import drain
from cheqi.foundation.paper.fonts import UnableToFindFonts, font_folder
from cheqi.foundation.privacy import blind
from cheqi.foundation.staff.queries import actor_for
from cheqi.foundation.workflow.models import StepRow
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.store import load_case
from cheqi.ports.credit_bureau import CreditBureau
from cheqi.ports.mail import MailGateway
from cheqi.ports.ocr import Ocr
from cheqi.ports.payments import PaymentGateway
from cheqi.ports.sms import SmsGateway
from cheqi.ports.vehicle_registry import VehicleRegistry
from cheqi.records.parties.models import Party

T = TypeVar("T")
ADDRESS = "127.0.0.1"
FIRST_SEED = 41_001
STATES = (
    ("13800020001", "有一张照片被退回，等客户重拍"),
    ("13800020002", "审批中"),
    ("13800020003", "合同待签"),
    ("13800020004", "车管所办理抵押中"),
    ("13800020005", "已放款"),
    ("13800020006", "资料核验中"),
)
NEED_FONTS = (2, 3, 4)


class UnableToShow(RuntimeError):
    """An operation refused a step of a showcase; the message says why."""


@dataclass
class Stage:
    """One customer's case on its way; `now` moves as people act."""

    lender: DemoLender
    facts: Facts
    now: datetime
    box: Postbox
    ocr: DrawnText
    case_id: int = 0
    party_id: int = 0

    def staff(self, login: str, *, stepped_up: bool = False) -> Actor:
        """A colleague now."""
        return actor_for(self.lender.members[login], self.now, stepped_up_at=self.now if stepped_up else None)

    def owner(self, step: str) -> Actor:
        """The colleague who has an open step."""
        owner_id = StepRow.objects.get(case_id=self.case_id, key=step, status="OPEN").owner_id
        return self.staff(next(key for key, one in self.lender.members.items() if one.pk == owner_id))

    @property
    def customer(self) -> Actor:
        """The customer, logged in."""
        return Actor(
            ActorKind.CUSTOMER,
            str(self.party_id),
            self.facts.person.name,
            scope=Scope(party_id=self.party_id),
        )

    @property
    def case(self) -> CaseRecord:
        """The case as it is."""
        loaded = load_case(self.case_id)
        assert loaded is not None, "the case of a showcase vanished"
        return loaded.record

    def key(self, what: str) -> str:
        """A key of this showcase."""
        return f"demo:{self.facts.person.mobile}:{what}"

    def later(self, minutes: int) -> None:
        """What is due happens, and time passes."""
        drain(self.now)
        self.now += timedelta(minutes=minutes)
        drain(self.now)


def load_showcases(lender: DemoLender, *, now: datetime) -> int:
    """Walks those that are not there yet; gives how many were. Raises UnableToShow.

    Without Chinese fonts no contract can be drawn up: those that need one are left for the next time.
    """
    made, left_out = 0, () if has_fonts() else NEED_FONTS
    for place, (mobile, _) in enumerate(STATES):
        if place in left_out:
            continue
        if Party.objects.filter(mobile_index=blind.index("mobile", mobile)).exists():
            continue
        facts = some_facts(FIRST_SEED + place)
        facts = replace(facts, person=replace(facts.person, mobile=mobile))
        began = now - timedelta(hours=5 + 7 * place)
        stage = Stage(lender, facts, began, Postbox(), DrawnText())
        with _outside(stage, endorses=place == 4):
            _walk(stage, place)
        made += 1
    return made


def has_fonts() -> bool:
    """Whether contracts can be drawn up here."""
    try:
        font_folder()
    except UnableToFindFonts:
        return False
    return True


def _outside(stage: Stage, *, endorses: bool) -> ExitStack:
    bound = ExitStack()
    for port, adapter in (
        (CreditBureau, PromptBureau(stage.now)),
        (PaymentGateway, PromptBank(stage.now)),
        (VehicleRegistry, PromptRegistry(stage.now, endorses=endorses)),
        (SmsGateway, SmsTo(stage.box)),
        (MailGateway, MailTo(stage.box)),
        (CodeSender, CodesTo(stage.box)),
        (Ocr, stage.ocr),
    ):
        bound.enter_context(ports.bound(port, adapter))
    return bound


def _walk(stage: Stage, place: int) -> None:
    _send(stage)
    _authorise(stage)
    doubtful = frozenset({stage.facts.person.name}) if place in {0, 5} else frozenset()
    _photograph(stage, doubtful)
    if place == 0:
        _reject(stage)
    elif place != 5:
        _verify(stage)
    if place in NEED_FONTS:
        _approve(stage)
    if place in {3, 4}:
        _sign(stage)
        _secure(stage)
    if place == 4:
        _pay(stage)


def _send(stage: Stage) -> None:
    facts, manager = stage.facts, stage.staff("chenjing")
    branch_id = stage.lender.branches["HZ"].pk
    draft = done(
        drafting.start(
            branch_id=branch_id,
            mobile=facts.person.mobile,
            actor=manager,
            now=stage.now,
            key=stage.key("start"),
        )
    )
    stage.case_id, stage.party_id = draft.case_id, draft.party_id
    price_fen = facts.vehicle.price_fen
    amount_fen = min(10_000_000, price_fen * 6 // 10 // 1_000_000 * 1_000_000)
    entered = {
        "customer_type": "EMPLOYEE", "name": facts.person.name, "id_number": facts.person.id_number,
        "monthly_income_fen": "18000", "condition": "NEW", "energy": "ICE", "usage": "OWN",
        "brand": facts.vehicle.brand, "model": facts.vehicle.model, "vin": facts.vehicle.vin,
        "price_fen": str(price_fen // 100), "down_payment_fen": str((price_fen - amount_fen) // 100),
        "product": "new-car", "term_months": "36",
        "dealer_id": str(stage.lender.dealers[0].pk), "account_bank": "示例银行",
        "account_number": facts.person.bank_card,
    }  # fmt: skip
    saved = done(drafting.answer(case_id=stage.case_id, entered=entered, actor=manager, now=stage.now))
    if saved.findings:
        raise UnableToShow("；".join(one.message.zh for one in saved.findings))
    done(submitting.submit(case_id=stage.case_id, actor=manager, now=stage.now, key=stage.key("submit")))
    stage.later(12)


def _authorise(stage: Stage) -> None:
    asked = done(
        consents.request_consent_code(
            case_id=stage.case_id, actor=stage.customer, now=stage.now, address=ADDRESS
        )
    )
    stage.later(1)
    done(
        consents.authorise(
            case_id=stage.case_id,
            challenge=asked.challenge,
            code=stage.box.codes[-1],
            actor=stage.customer,
            now=stage.now,
            address=ADDRESS,
            key=stage.key("authorise"),
        )
    )
    stage.later(4)


def _photograph(stage: Stage, doubtful: frozenset[str]) -> None:
    """Uploads every required document, drawn with the customer's facts, and has it read."""
    wanted = [slot.key for slot in slots_of(stage.case) if slot.is_required]
    for number, slot in enumerate(wanted):
        drawn = draw(Kind(slot), stage.facts, seed=number)
        stage.ocr.drawn = photographed(drawn, seed=int(stage.facts.person.mobile[-4:]) * 10 + number)
        stage.ocr.doubtful = doubtful
        picture = io.BytesIO()
        stage.ocr.drawn.image.save(picture, "JPEG", quality=88)
        picture.seek(0)
        done(
            documents.upload(
                picture,
                case_id=stage.case_id,
                slot=slot,
                actor=stage.customer,
                now=stage.now,
                key=stage.key(f"photograph-{slot}"),
            )
        )
        stage.later(2)


def _reject(stage: Stage) -> None:
    stage.later(50)
    clerk = stage.owner("verify_documents")
    document = Document.objects.get(case_id=stage.case_id, slot="ID_CARD_FRONT")
    done(documents.reject_document(document_id=document.pk, reason_code="GLARE", actor=clerk, now=stage.now))
    done(
        documents.return_to_customer(
            case_id=stage.case_id,
            step="verify_documents",
            reason="身份证人像面有反光，请重新拍摄",
            actor=clerk,
            now=stage.now,
            key=stage.key("return"),
        )
    )
    stage.later(1)


def _verify(stage: Stage) -> None:
    """A clerk confirms what the recogniser left open, where it left anything."""
    if not StepRow.objects.filter(case_id=stage.case_id, key="verify_documents", status="OPEN").exists():
        return
    stage.later(40)
    clerk = stage.owner("verify_documents")
    for field in FieldValue.objects.filter(document__case_id=stage.case_id, verdict="CLERK").order_by("pk"):
        done(
            documents.settle_field(
                document_id=field.document_id,
                name=field.name,
                value=field.value,
                reason="与原图一致",
                actor=clerk,
                now=stage.now,
                key=stage.key(f"settle-{field.pk}"),
            )
        )
    done(
        documents.confirm(
            case_id=stage.case_id,
            comment="已电话核实，差异已说明",
            actor=clerk,
            now=stage.now,
            key=stage.key("confirm"),
        )
    )
    stage.later(2)


def _approve(stage: Stage) -> None:
    stage.later(45)
    done(
        give_opinion(
            case_id=stage.case_id,
            step="review",
            opinion="approve",
            comment="收入与流水一致，同意。",
            actor=stage.owner("review"),
            now=stage.now,
            key=stage.key("approve"),
        )
    )
    stage.later(2)


def _sign(stage: Stage) -> None:
    stage.later(30)
    paper = done(signing.show_contract(case_id=stage.case_id, actor=stage.customer, now=stage.now))
    asked = done(
        signing.request_signing_code(
            case_id=stage.case_id, actor=stage.customer, now=stage.now, address=ADDRESS
        )
    )
    stage.later(1)
    confirmed = done(
        signing.confirm_signing_code(
            case_id=stage.case_id,
            challenge=asked.challenge,
            code=stage.box.codes[-1],
            actor=stage.customer,
            now=stage.now,
            address=ADDRESS,
        )
    )
    done(
        signing.sign_contract(
            case_id=stage.case_id,
            confirmation_id=confirmed.pk,
            pdf_sha256=paper.sha256,
            actor=stage.customer,
            now=stage.now,
            device="demo",
            key=stage.key("sign"),
        )
    )
    stage.later(5)


def _secure(stage: Stage) -> None:
    clerk, today = stage.staff("limin"), stage.now.date()
    policy = securing.Policy(
        insurer="示例财险",
        policy_number=f"PDZA2026{stage.case_id:010d}",
        beneficiary=settings.LENDER_NAME,
        sum_fen=15_000_000,
        from_date=today,
        until_date=a_year_from(today),
    )
    done(
        securing.record_insurance(
            case_id=stage.case_id, policy=policy, actor=clerk, now=stage.now, key=stage.key("insure")
        )
    )
    done(
        securing.prepare_lien(
            case_id=stage.case_id,
            car={"plate": stage.facts.vehicle.plate},
            certificate_number=f"3300{stage.facts.person.mobile[-8:]}",
            actor=clerk,
            now=stage.now,
            key=stage.key("lien"),
        )
    )
    stage.later(10)


def _pay(stage: Stage) -> None:
    clerk = stage.staff("limin")
    done(
        securing.take_title(
            case_id=stage.case_id, shelf="A-01-07", actor=clerk, now=stage.now, key=stage.key("title")
        )
    )
    stage.later(3)
    payer = stage.staff("sunhao", stepped_up=True)
    done(securing.order_payout(case_id=stage.case_id, actor=payer, now=stage.now, key=stage.key("pay")))
    stage.later(3)


def done(result: T | Refused) -> T:
    """What was done. Raises UnableToShow with every reason."""
    if isinstance(result, Refused):
        raise UnableToShow("；".join(one.message.zh for one in result.findings))
    return result
