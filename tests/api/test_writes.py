"""A write happens once for its key."""

import io
from datetime import timedelta

from django.utils import timezone
from PIL import Image

from cheqi.demo.lender import DemoLender
from cheqi.foundation.access.models import IdempotencyKey
from cheqi.foundation.workflow.models import Case
from tests.api.scenarios import error_of, json_of, program


def body(lender: DemoLender, mobile: str = "13800138866") -> dict[str, object]:
    """A new application."""
    return {"branch_id": lender.branches["HZ"].pk, "mobile": mobile}


def test_a_write_without_a_key_is_refused_and_nothing_happens(lender: DemoLender) -> None:
    dealer = program(lender)
    headers = {"Authorization": f"Bearer {dealer.key}"}
    answer = dealer.client.post(
        "/api/v1/applications/", body(lender), content_type="application/json", headers=headers
    )
    assert error_of(answer) == (422, "INVALID", ["access.idempotency.key"])
    assert Case.objects.count() == 0


def test_the_same_key_and_body_are_carried_out_once_and_answered_alike(lender: DemoLender) -> None:
    dealer = program(lender)
    first = dealer.post("applications/", body(lender), key="order-7")
    again = dealer.post("applications/", body(lender), key="order-7")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Case.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(lender: DemoLender) -> None:
    dealer = program(lender)
    dealer.post("applications/", body(lender), key="order-7")
    other = dealer.post("applications/", body(lender, "13800138867"), key="order-7")
    assert error_of(other) == (422, "INVALID", ["access.idempotency.reused"])
    assert Case.objects.count() == 1


def test_the_same_key_of_two_clients_is_two_keys(lender: DemoLender) -> None:
    for dealer in (program(lender), program(lender)):
        json_of(dealer.post("applications/", body(lender), key="1"), 201)
    assert Case.objects.count() == 2


def test_while_a_request_runs_the_same_one_waits(lender: DemoLender) -> None:
    dealer = program(lender)
    json_of(dealer.post("applications/", body(lender), key="order-7"), 201)
    running = {"status": None, "held_until": timezone.now() + timedelta(seconds=60)}
    IdempotencyKey.objects.update(**running)
    answer = dealer.post("applications/", body(lender), key="order-7")
    assert error_of(answer) == (409, "NOT_NOW", ["access.idempotency.running"])
    assert Case.objects.count() == 1


def test_a_refusal_is_given_again_under_its_key(lender: DemoLender) -> None:
    dealer = program(lender)
    refused = [dealer.post("applications/", body(lender, "123"), key="order-8") for _ in range(2)]
    assert [error_of(each) for each in refused] == [(422, "INVALID", ["identifiers.mobile.shape"])] * 2
    assert refused[1].headers["Idempotent-Replayed"] == "true"
    assert Case.objects.count() == 0


def test_an_upload_of_the_same_file_is_the_same_request_whatever_its_boundary(lender: DemoLender) -> None:
    dealer = program(lender)
    number = json_of(dealer.post("applications/", body(lender)), 201)["number"]

    def send(colour: str) -> tuple[int, str, list[str]]:
        picture = io.BytesIO()
        Image.new("RGB", (64, 64), colour).save(picture, "PNG")
        picture.seek(0)
        picture.name = "a.png"
        form = {"slot": "ID_CARD_FRONT", "file": picture}
        return error_of(dealer.upload(f"applications/{number}/documents", form, key="up-1"))

    assert send("red") == (409, "NOT_NOW", ["materials.closed"])
    assert send("red") == (409, "NOT_NOW", ["materials.closed"])


def test_a_file_over_20_mb_is_too_large_and_nothing_is_kept(lender: DemoLender) -> None:
    dealer = program(lender)
    large = io.BytesIO(b"%PDF-" + b"x" * (20 * 1024 * 1024 + 1))
    large.name = "a.pdf"
    answer = dealer.upload("papers/verify", {"file": large})
    assert error_of(answer) == (413, "INVALID", ["documents.too_large"])
