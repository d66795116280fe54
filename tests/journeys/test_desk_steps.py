"""The pages of the steps that only some cases meet: doubtful fields, GPS, the payee, a split decision."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation

from cheqi.foundation.documents.models import FieldValue
from cheqi.foundation.workflow.models import Case, StepRow
from cheqi.records.agreements.models import Agreement
from cheqi.records.applications.models import Application, Dealer
from cheqi.records.liens.models import GpsContract, Insurance
from cheqi.records.products.models import ProductVersion
from tests.journeys.acts import (
    PERSON,
    authorised,
    decided,
    open_steps,
    photographed_unclearly,
    secured,
    sent,
    signed,
)
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import (
    LARGE,
    at_the_desk,
    case_page,
    in_review,
    login_of,
    looked_at,
    posted,
)


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def doubted(world: World) -> int:
    """A case whose name was read unclearly, so that a clerk has to look."""
    case_id = sent(world)
    photographed_unclearly(world, case_id)
    authorised(world, case_id, Case.objects.get(pk=case_id).party_id or 0)
    world.pass_time()
    assert "verify_documents" in open_steps(case_id)
    return case_id


def in_contract(world: World, **changes: str) -> int:
    """A case whose contract both sides signed."""
    case_id = in_review(world, **changes)
    decided(world, case_id, "review", "approve")
    signed(world, case_id, Case.objects.get(pk=case_id).party_id or 0)
    world.pass_time()
    return case_id


def test_a_doubtful_field_stands_beside_its_crop_and_counts_once_a_clerk_said_so(world: World) -> None:
    case_id = doubted(world)
    field = FieldValue.objects.filter(document__case_id=case_id, verdict="CLERK", name="name").first()
    assert field is not None
    client = at_the_desk(world, login_of(world, case_id, "verify_documents"))
    page = f"{case_page(case_id)}work/?step=verify_documents&document={field.document_id}"
    shown = looked_at(client, page)
    crop = f"/desk/documents/{field.document_id}/crop/name/"
    assert f'src="{crop}"' in shown
    assert client.get(crop).headers["Content-Type"] == "image/jpeg"
    assert "字段待确认" in looked_at(client, case_page(case_id))
    words = {"document": field.document_id, "name": "name", "value": PERSON.name, "reason": "与原图一致"}
    assert posted(client, case_id, "verify_documents", "settle", **words) == 302
    field.refresh_from_db()
    assert (field.verdict, field.value) == ("SETTLED", PERSON.name)
    assert 'data-field="name"' in looked_at(client, page)


def test_a_document_with_nothing_left_to_look_at_says_so_before_it_is_passed(world: World) -> None:
    case_id = doubted(world)
    open_fields = FieldValue.objects.filter(document__case_id=case_id, verdict="CLERK")
    document_id = open_fields.filter(name="name").values_list("document_id", flat=True)[0]
    client = at_the_desk(world, login_of(world, case_id, "verify_documents"))
    page = f"{case_page(case_id)}work/?step=verify_documents&document={document_id}"
    assert "已核对" not in looked_at(client, page)
    for field in open_fields.filter(document_id=document_id):
        words = {"document": document_id, "name": field.name, "value": PERSON.name, "reason": "与原图一致"}
        assert posted(client, case_id, "verify_documents", "settle", **words) == 302
    assert "已核对" in looked_at(client, page)


def test_a_field_without_a_reason_is_not_settled(world: World) -> None:
    case_id = doubted(world)
    field = FieldValue.objects.filter(document__case_id=case_id, verdict="CLERK", name="name").first()
    assert field is not None
    client = at_the_desk(world, login_of(world, case_id, "verify_documents"))
    words = {"document": field.document_id, "name": "name", "value": PERSON.name, "reason": ""}
    assert posted(client, case_id, "verify_documents", "settle", **words) == 422
    field.refresh_from_db()
    assert field.verdict == "CLERK"


def test_a_gps_contract_is_recorded_on_its_page(world: World) -> None:
    ProductVersion.objects.update(is_gps_required=True)
    case_id = in_contract(world)
    client = at_the_desk(world, login_of(world, case_id, "record_gps"))
    assert "GPS 服务合同" in looked_at(client, f"{case_page(case_id)}work/?step=record_gps")
    policy = {"provider": "示例定位", "contract_number": "G-1", "device_number": "D-1", "until_date": ""}
    assert posted(client, case_id, "record_gps", "gps", from_date="", **policy) == 422
    assert GpsContract.objects.count() == 0
    day = f"{timezone.localtime(world.now).date():%Y-%m-%d}"
    assert posted(client, case_id, "record_gps", "gps", from_date=day, **policy) == 302
    assert GpsContract.objects.get().contract_number == "G-1"
    assert "record_gps" not in open_steps(case_id)


def test_a_payee_whom_the_bank_does_not_know_is_corrected_on_its_page(world: World) -> None:
    seller = Dealer.objects.get(pk=world.lender.dealers[0].pk)
    right, seller.account = seller.account, f"{seller.account[:-4]}7777"
    seller.save()
    case_id = sent(world)
    world.pass_time(5)
    assert "correct_payee" in open_steps(case_id)
    client = at_the_desk(world, login_of(world, case_id, "correct_payee"))
    shown = looked_at(client, f"{case_page(case_id)}work/?step=correct_payee")
    assert seller.account_name in shown
    dealer = Application.objects.get(case_id=case_id).dealer
    assert dealer is not None
    given = {"account_name": dealer.name, "account": "", "bank_name": dealer.bank_name}
    assert posted(client, case_id, "correct_payee", "payee", **given) == 422
    assert "correct_payee" in open_steps(case_id)
    assert posted(client, case_id, "correct_payee", "payee", **{**given, "account": right}) == 302
    dealer.refresh_from_db()
    assert dealer.account == right


def test_two_opinions_that_differ_go_to_the_manager_who_sees_both(world: World) -> None:
    case_id = in_review(world, **LARGE)
    clerk = at_the_desk(world, login_of(world, case_id, "call_customer"))
    points = dict.fromkeys(("identity", "car", "loan", "income", "purpose"), "on")
    assert posted(clerk, case_id, "call_customer", "call", comment="", **points) == 302
    world.pass_time()
    decided(world, case_id, "review", "approve", comment="流水充足")
    decided(world, case_id, "second_review", "refuse", reasons=["DEBT"], comment="负债偏高")
    assert open_steps(case_id) == {"settle_split"}
    manager = at_the_desk(world, "zhouning")
    shown = looked_at(manager, f"{case_page(case_id)}work/?step=settle_split")
    assert "流水充足" in shown
    assert "负债偏高" in shown
    assert posted(at_the_desk(world, "zhaolei"), case_id, "settle_split", "approve") == 403
    assert open_steps(case_id) == {"settle_split"}
    assert posted(manager, case_id, "settle_split", "refuse", reasons=["DEBT"], comment="") == 302
    assert Case.objects.get(pk=case_id).status == "REFUSED"


def test_without_an_agreement_the_securing_pages_open_and_say_why_nothing_goes_on(world: World) -> None:
    case_id = in_contract(world)
    Agreement.objects.update(state="VOID")
    client = at_the_desk(world, login_of(world, case_id, "record_insurance"))
    looked_at(client, f"{case_page(case_id)}?step=record_insurance")
    day = timezone.localtime(world.now).date()
    policy = {
        "insurer": "示例财险",
        "policy_number": "P-1",
        "beneficiary": settings.LENDER_NAME,
        "sum_fen": "15万",
        "from_date": f"{day:%Y-%m-%d}",
        "until_date": f"{day.replace(year=day.year + 1):%Y-%m-%d}",
    }
    assert posted(client, case_id, "record_insurance", "insurance", **policy) == 409
    assert StepRow.objects.get(case_id=case_id, key="record_insurance").status == "OPEN"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sum_fen": "99,999.99"}, "保额不能低于贷款本金 ¥100,000.00"),
        ({"until_date": "2026-11-01"}, "这份保单已到期"),
        ({"beneficiary": "某某银行"}, "第一受益人须为"),
    ],
)
def test_a_policy_that_does_not_cover_the_loan_is_not_recorded(
    world: World, changed: dict[str, str], words: str
) -> None:
    case_id = in_contract(world)
    client = at_the_desk(world, login_of(world, case_id, "record_insurance"))
    day = timezone.localtime(world.now).date()
    policy = {
        "insurer": "示例财险",
        "policy_number": "P-1",
        "beneficiary": settings.LENDER_NAME,
        "sum_fen": "100,000.00",
        "from_date": f"{day - timedelta(days=300):%Y-%m-%d}",
        "until_date": f"{day + timedelta(days=65):%Y-%m-%d}",
    }
    form = {"step": "record_insurance", "deed": "insurance", "round": 1, "nonce": "n1"}
    answer = client.post(case_page(case_id), form | policy | changed)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert "record_insurance" in open_steps(case_id)
    assert not Insurance.objects.exists()


def test_the_payout_page_stays_within_its_statements(world: World) -> None:
    case_id = in_contract(world)
    secured(world, case_id, world.staff("limin"))
    client = at_the_desk(world, "sunhao")
    shown = looked_at(client, f"{case_page(case_id)}?step=disburse")
    assert "这一步需要动态验证码" in shown
    assert "付给经销商" in looked_at(client, f"{case_page(case_id)}work/?step=disburse")
    looked_at(client, f"{case_page(case_id)}facts/")
