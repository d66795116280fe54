"""Within a step too, only who may end it may do something: by role, at the branch, while it is open.

Settling a field, sending a document back, uploading and entering do not end a step, so the engine is not
asked by itself; what it would say counts all the same. Who does not compare sees numbers by their ends.
"""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from cheqi.areas.origination.models import Draft
from cheqi.areas.origination.operations.documents import confirm, settle_field
from cheqi.areas.origination.operations.drafting import answer, start
from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.documents.models import Document, FieldChange, FieldValue
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.workflow.models import Case
from tests.journeys.acts import PERSON, answers, done, open_steps, owner_of, sent, settle_everything
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk, case_page, login_of, looked_at, posted
from tests.journeys.test_desk_steps import doubted

OTHERS = ("chenjing", "zhaolei", "sunhao", "zhouning", "wutong", "admin")


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def doubtful(case_id: int) -> FieldValue:
    """The name that was read unclearly."""
    fields = FieldValue.objects.filter(document__case_id=case_id, verdict="CLERK", name="name")
    return fields.order_by("pk")[0]


@pytest.mark.parametrize("login", OTHERS)
def test_nobody_but_the_clerk_says_what_a_field_reads_or_sends_a_document_back(
    world: World, login: str
) -> None:
    case_id = doubted(world)
    field, events = doubtful(case_id), EventRow.objects.count()
    client = at_the_desk(world, login)
    words = {"document": field.document_id, "name": "name", "value": "赵六", "reason": "与原图一致"}
    assert posted(client, case_id, "verify_documents", "settle", **words) == 403
    back = {"document": field.document_id, "reason_code": "GLARE"}
    assert posted(client, case_id, "verify_documents", "reject", **back) == 403
    field.refresh_from_db()
    assert (field.verdict, FieldChange.objects.count(), EventRow.objects.count()) == ("CLERK", 0, events)
    assert not Document.objects.filter(case_id=case_id, state="REJECTED").exists()


def test_a_clerks_word_counts_while_the_documents_are_verified_and_not_afterwards(world: World) -> None:
    case_id = doubted(world)
    clerk = owner_of(world, case_id, "verify_documents")
    settle_everything(world, case_id, clerk)
    said = FieldChange.objects.filter(request_key="settle-0").select_related("field").get()
    moved = confirm(case_id=case_id, comment="已核实", actor=clerk, now=world.now, key="confirm")
    assert not isinstance(moved, Refused)
    document = said.field.document_id
    late = settle_field(
        document_id=document, name="name", value="赵六", reason="x", actor=clerk, now=world.now, key="late"
    )
    assert isinstance(late, Refused)
    assert late.kind is RefusalKind.CONFLICT
    again = settle_field(
        document_id=document,
        name=said.field.name,
        value=said.new_value,
        reason=said.reason,
        actor=clerk,
        now=world.now,
        key="settle-0",
    )
    assert not isinstance(again, Refused)
    assert "赵六" not in {change.new_value for change in FieldChange.objects.all()}


@pytest.mark.parametrize("login", ["zhaolei", "wutong", "admin"])
def test_who_does_not_compare_sees_numbers_by_their_ends_and_no_form(world: World, login: str) -> None:
    case_id = doubted(world)
    card = Document.objects.get(case_id=case_id, slot="ID_CARD_FRONT")
    page = f"{case_page(case_id)}work/?step=verify_documents&document={card.pk}"
    clerk = looked_at(at_the_desk(world, login_of(world, case_id, "verify_documents")), page)
    assert PERSON.id_number in clerk
    other = looked_at(at_the_desk(world, login), page)
    assert PERSON.id_number not in other
    assert f"{PERSON.id_number[:4]}**********{PERSON.id_number[-4:]}" in other
    assert 'value="settle"' in clerk
    assert 'value="settle"' not in other
    assert 'value="reject"' in clerk
    assert 'value="reject"' not in other


@pytest.mark.parametrize("login", ["wutong", "zhaolei"])
def test_documents_are_uploaded_by_who_assists_customers(world: World, login: str) -> None:
    case_id = sent(world)
    assert "collect_materials" in open_steps(case_id)
    number = Case.objects.get(pk=case_id).number
    client = at_the_desk(world, login)
    file = SimpleUploadedFile("card.jpg", b"\xff\xd8\xff", "image/jpeg")
    answered = client.post(
        f"/desk/cases/{number}/documents/ID_CARD_FRONT/", {"file": file}, headers={"HX-Request": "true"}
    )
    assert answered.status_code == 422
    assert "代客户上传资料由客户经理办理" in answered.content.decode()
    assert Document.objects.filter(case_id=case_id).count() == 0
    shown = looked_at(client, f"{case_page(case_id)}work/?step=collect_materials")
    assert 'type="file"' not in shown
    assert 'type="file"' in looked_at(
        at_the_desk(world, "chenjing"), f"{case_page(case_id)}work/?step=collect_materials"
    )


@pytest.mark.parametrize("login", ["wutong", "zhaolei"])
def test_an_application_is_entered_and_read_as_typed_by_who_enters_applications(
    world: World, login: str
) -> None:
    manager, branch = world.staff("chenjing"), world.lender.branches["HZ"].pk
    case_id = done(
        start(branch_id=branch, mobile=PERSON.mobile, actor=manager, now=world.now, key="start")
    ).case_id
    done(answer(case_id=case_id, entered=answers(world), actor=manager, now=world.now))
    draft = Draft.objects.get(case_id=case_id)
    theirs = answer(case_id=case_id, entered={"brand": "别的品牌"}, actor=world.staff(login), now=world.now)
    assert isinstance(theirs, Refused)
    assert theirs.kind is RefusalKind.NOT_ALLOWED
    page = f"/desk/cases/{draft.number}/application/"
    client = at_the_desk(world, login)
    assert client.get(page).status_code == 403
    assert client.post(page, {"brand": "别的品牌"}).status_code == 403
    assert Draft.objects.get(pk=draft.pk).answers == draft.answers
    assert at_the_desk(world, "chenjing").get(page).status_code == 200


def test_a_step_is_worked_in_by_no_program_of_ours(world: World) -> None:
    case_id = doubted(world)
    field = doubtful(case_id)
    refused = settle_field(
        document_id=field.document_id,
        name="name",
        value="赵六",
        reason="x",
        actor=SYSTEM,
        now=world.now,
        key="system",
    )
    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.NOT_ALLOWED


def test_a_picture_is_asked_for_each_time_as_the_next_here_may_be_somebody_else(
    world: World,
) -> None:
    case_id = doubted(world)
    card = Document.objects.get(case_id=case_id, slot="ID_CARD_FRONT")
    page = f"/desk/documents/{card.pk}/1/"
    shown = at_the_desk(world, login_of(world, case_id, "verify_documents")).get(page)
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "private, no-cache")
    again = {"If-None-Match": shown.headers["ETag"]}
    assert at_the_desk(world, "limin").get(page, headers=again).status_code == 304
    assert at_the_desk(world, "zhaolei").get(page, headers=again).status_code == 302
    assert at_the_desk(world, "admin").get(page, headers=again).status_code == 404
    assert at_the_desk(world, "zhengyi").get(page, headers=again).status_code == 404
