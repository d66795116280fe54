"""Too small a down payment is said before the application is sent: on the phone, at the desk, by the API."""

from cheqi.areas.origination.models import Draft
from cheqi.areas.origination.operations.drafting import answer, start
from cheqi.records.applications.models import Application
from tests.api.scenarios import Program, json_of
from tests.journeys.acts import PERSON, answers, done, open_steps
from tests.journeys.conftest import World
from tests.journeys.test_api import dealer  # noqa: F401 (a fixture)
from tests.journeys.test_desk_pages import at_the_desk
from tests.journeys.test_portal_pages import at_the_phone, begun, filled, newcomer

LITTLE = {"down_payment_fen": "10000"}
SAID = ("最多可贷车价的 80%，即 ¥120,000", "首付至少 ¥30,000")


def drafted(world: World) -> Draft:
    """An application with a down payment of a fifteenth, complete but for that."""
    manager = world.staff("chenjing")
    branch_id = world.lender.branches["HZ"].pk
    draft = done(start(branch_id=branch_id, mobile=PERSON.mobile, actor=manager, now=world.now, key="little"))
    done(answer(case_id=draft.case_id, entered=answers(world, **LITTLE), actor=manager, now=world.now))
    return Draft.objects.get(pk=draft.pk)


def test_the_desk_marks_the_down_payment_and_keeps_the_application(world: World) -> None:
    draft = drafted(world)
    answer = at_the_desk(world, "chenjing").post(
        f"/desk/cases/{draft.number}/application/", {**answers(world, **LITTLE), "wish": "submit"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(words in page for words in SAID)
    assert not Application.objects.exists()
    assert open_steps(draft.case_id) == {"submit_at_desk"}


def test_the_customer_reads_what_would_fit_with_the_way_to_the_answer(world: World) -> None:
    client = at_the_phone(world, newcomer(world))
    number = begun(world, client)
    filled(world, client, number, **LITTLE)
    page = client.get(f"/apply/{number}/review/").content.decode()
    assert all(words in page for words in SAID)
    assert f"/apply/{number}/money/" in page
    sent = client.post(f"/apply/{number}/send/", {"once": "b" * 32})
    assert sent.status_code == 422
    assert all(words in sent.content.decode() for words in SAID)
    assert not Application.objects.exists()


def test_a_program_is_told_the_field_and_the_largest_loan(world: World, dealer: Program) -> None:  # noqa: F811
    branch_id = world.lender.branches["HZ"].pk
    made = json_of(dealer.post("applications/", {"branch_id": branch_id, "mobile": PERSON.mobile}), 201)
    number = made["number"]
    json_of(dealer.patch(f"applications/{number}/answers", {"answers": answers(world, **LITTLE)}))
    refused = json_of(dealer.post(f"applications/{number}/submit"), 422)
    (found,) = refused["error"]["findings"]
    assert found["field"] == "down_payment_fen"
    assert [words for words in SAID if words not in found["message"]] == [], found
    assert not Application.objects.exists()
