"""What people do on the way from the first visit to the disbursed loan, one function an act."""

import io
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from PIL import Image, ImageColor

from cheqi import ports
from cheqi.areas.origination.materials import slots_of
from cheqi.areas.origination.operations.consents import authorise, request_consent_code
from cheqi.areas.origination.operations.documents import document_was_read, settle_field, upload
from cheqi.areas.origination.operations.drafting import answer, start
from cheqi.areas.origination.operations.reviewing import give_opinion
from cheqi.areas.origination.operations.securing import (
    Policy,
    prepare_lien,
    record_insurance,
    take_title,
)
from cheqi.areas.origination.operations.signing import (
    confirm_signing_code,
    request_signing_code,
    show_contract,
    sign_contract,
)
from cheqi.areas.origination.operations.submitting import submit
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.core.documents.kinds import Kind
from cheqi.demo.drawing import draw
from cheqi.demo.drawing.facts import some_facts
from cheqi.demo.outside import DrawnText
from cheqi.demo.people import a_person
from cheqi.foundation.documents.models import Document, FieldValue
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.workflow.models import StepRow
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.store import load_case
from cheqi.ports.ocr import Ocr
from cheqi.records.applications.models import ApplicationParty
from tests.journeys.conftest import World

T = TypeVar("T")
FACTS = some_facts(11)
PERSON, CAR = FACTS.person, FACTS.vehicle


def done(result: T | Refused) -> T:
    """What was done; a refusal fails the test with all its reasons."""
    assert not isinstance(result, Refused), [finding.message.zh for finding in result.findings]
    return result


def answers(world: World, **changes: str) -> dict[str, str]:
    """What an employee who buys a new car enters."""
    return {
        "customer_type": "EMPLOYEE",
        "name": PERSON.name,
        "id_number": PERSON.id_number,
        "monthly_income_fen": "18000",
        "condition": "NEW",
        "energy": "ICE",
        "usage": "OWN",
        "brand": CAR.brand,
        "model": CAR.model,
        "vin": CAR.vin,
        "price_fen": "150000",
        "down_payment_fen": "50000",
        "product": "new-car",
        "term_months": "36",
        "dealer_id": str(world.lender.dealers[0].pk),
        "account_bank": "示例银行",
        "account_number": PERSON.bank_card,
        **changes,
    }


def sent(world: World, *, key: str = "start-1", **changes: str) -> int:
    """An application that a client manager entered and sent; its case."""
    manager = world.staff("chenjing")
    draft = done(
        start(
            branch_id=world.lender.branches["HZ"].pk,
            mobile=PERSON.mobile,
            actor=manager,
            now=world.now,
            key=key,
        )
    )
    saved = done(
        answer(case_id=draft.case_id, entered=answers(world, **changes), actor=manager, now=world.now)
    )
    assert saved.findings == ()
    done(submit(case_id=draft.case_id, actor=manager, now=world.now, key=f"submit-{key}"))
    return int(draft.case_id)


def open_steps(case_id: int) -> set[str]:
    """The steps that wait for somebody."""
    return set(StepRow.objects.filter(case_id=case_id, status="OPEN").values_list("key", flat=True))


def co_borrower(seed: int = 77) -> dict[str, str]:
    """The answers that name a co-borrower."""
    return _beside("co_borrower", seed)


def guarantor(seed: int = 79) -> dict[str, str]:
    """The answers that name a guarantor."""
    return _beside("guarantor", seed)


def _beside(prefix: str, seed: int) -> dict[str, str]:
    other = a_person(seed)
    return {
        f"has_{prefix}": "on",
        f"{prefix}_name": other.name,
        f"{prefix}_id_number": other.id_number,
        f"{prefix}_mobile": other.mobile,
    }


def party_in(case_id: int, role: str) -> int:
    """Who has a role in the application of a case."""
    return ApplicationParty.objects.get(application__case_id=case_id, role=role).party_id


def authorised(world: World, case_id: int, party_id: int) -> None:
    """Somebody consents to the credit enquiry with the code from the SMS."""
    customer = world.customer(party_id)
    asked = done(request_consent_code(case_id=case_id, actor=customer, now=world.now, address="127.0.0.1"))
    world.pass_time()
    done(
        authorise(
            case_id=case_id,
            challenge=asked.challenge,
            code=world.codes.last,
            actor=customer,
            now=world.now,
            address="127.0.0.1",
            key=f"consent-{party_id}",
        )
    )


def photographed(world: World, case_id: int, party_id: int) -> None:
    """Every required document, drawn clean, uploaded by the customer and read by a recogniser that is told
    what stands there (the real models have tests of their own)."""
    customer = world.customer(party_id)
    for number, slot in enumerate(
        ("ID_CARD_FRONT", "ID_CARD_BACK", "DRIVING_LICENCE", "PURCHASE_INVOICE", "BANK_STATEMENT")
    ):
        drawn = draw(Kind(slot), FACTS, seed=number)
        picture = io.BytesIO()
        drawn.image.save(picture, "PNG")
        picture.seek(0)
        done(upload(picture, case_id=case_id, slot=slot, actor=customer, now=world.now, key=f"up-{slot}"))
    world.pass_time()


def handed_in(world: World, case_id: int, *, only: str = "") -> None:
    """Every required document (or one) is there and read without a doubt: a shortcut past the recogniser."""
    case = case_record(case_id)
    for slot in (each.key for each in slots_of(case) if each.is_required and only in ("", each.key)):
        picture, hue = io.BytesIO(), sum(map(ord, slot)) + 7 * case.round_of("collect_materials")
        Image.new("RGB", (640, 400), ImageColor.getrgb(f"hsl({hue % 360}, 60%, 70%)")).save(picture, "PNG")
        picture.seek(0)
        customer = world.customer(case.party_id or 0)
        document = done(
            upload(
                picture,
                case_id=case_id,
                slot=slot,
                actor=customer,
                now=world.now,
                key=f"in-{case_id}-{slot}-{case.round_of('collect_materials')}",
            )
        )
        Document.objects.filter(pk=document.pk).update(state="READ", kind="", model_version="test")
        document.refresh_from_db()
        with transaction.atomic():
            document_was_read(document, now=world.now)
    Wakeup.objects.filter(task="documents.read").update(state="DONE")
    world.pass_time()


def case_record(case_id: int) -> CaseRecord:
    """The case as the engine sees it."""
    loaded = load_case(case_id)
    assert loaded is not None
    return loaded.record


def decided(world: World, case_id: int, step: str, opinion: str, **more: Any) -> None:
    """The colleague to whom a review was given decides it."""
    done(
        give_opinion(
            case_id=case_id,
            step=step,
            opinion=opinion,
            actor=owner_of(world, case_id, step),
            now=world.now,
            **{"key": f"{step}-{case_id}-{opinion}", **more},
        )
    )
    world.pass_time()


def settle_everything(world: World, case_id: int, clerk: Actor) -> None:
    """The clerk compares each doubtful field with the picture and confirms what stands there."""
    doubtful = FieldValue.objects.filter(document__case_id=case_id, verdict="CLERK")
    for number, field in enumerate(doubtful.exclude(document__state="REJECTED")):
        if field.value:
            done(
                settle_field(
                    document_id=field.document_id,
                    name=field.name,
                    value=field.value,
                    reason="与原图一致",
                    actor=clerk,
                    now=world.now,
                    key=f"settle-{number}",
                )
            )


def owner_of(world: World, case_id: int, step: str) -> Actor:
    """The colleague whom the step was given to."""
    owner_id = StepRow.objects.get(case_id=case_id, key=step, status="OPEN").owner_id
    login = next(login for login, member in world.lender.members.items() if member.pk == owner_id)
    return world.staff(login)


def signed(world: World, case_id: int, party_id: int, *, key: str = "sign-1") -> None:
    """The customer reads the contract and signs with the code from the SMS."""
    customer = world.customer(party_id)
    paper = done(show_contract(case_id=case_id, actor=customer, now=world.now))
    asked = done(request_signing_code(case_id=case_id, actor=customer, now=world.now, address="127.0.0.1"))
    world.pass_time()
    confirmed = done(
        confirm_signing_code(
            case_id=case_id,
            challenge=asked.challenge,
            code=world.codes.last,
            actor=customer,
            now=world.now,
            address="127.0.0.1",
        )
    )
    done(
        sign_contract(
            case_id=case_id,
            confirmation_id=confirmed.pk,
            pdf_sha256=paper.sha256,
            actor=customer,
            now=world.now,
            device="test",
            key=key,
        )
    )


def secured(world: World, case_id: int, clerk: Actor) -> None:
    """Insurance, lien and certificate."""
    policy = Policy(
        insurer="示例财险",
        policy_number="P-1",
        beneficiary=settings.LENDER_NAME,
        sum_fen=15_000_000,
        from_date=world.now.date(),
        until_date=world.now.date() + timedelta(days=365),
    )
    done(
        record_insurance(case_id=case_id, policy=policy, actor=clerk, now=world.now, key=f"insure-{case_id}")
    )
    done(
        prepare_lien(
            case_id=case_id,
            car={"plate": CAR.plate},
            certificate_number="330012345678",
            actor=clerk,
            now=world.now,
            key=f"lien-{case_id}",
        )
    )
    for _ in range(6):
        world.pass_time(40)
    assert open_steps(case_id) == {"take_title"}
    done(take_title(case_id=case_id, shelf="A-01-03", actor=clerk, now=world.now, key="title-1"))


def photographed_unclearly(world: World, case_id: int) -> None:
    """Every required document, drawn; the recogniser knows the drawing, and sees the name unclearly."""
    customer, reader = world.customer(case_record(case_id).party_id or 0), DrawnText()
    reader.doubtful = frozenset({PERSON.name})
    with ports.bound(Ocr, reader):
        for number, slot in enumerate(
            each.key for each in slots_of(case_record(case_id)) if each.is_required
        ):
            reader.drawn = draw(Kind(slot), FACTS, seed=number)
            picture = io.BytesIO()
            reader.drawn.image.save(picture, "PNG")
            picture.seek(0)
            done(upload(picture, case_id=case_id, slot=slot, actor=customer, now=world.now, key=f"un-{slot}"))
            world.pass_time()
