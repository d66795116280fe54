"""Every route: no key, a key without the scope, another branch's case. The list is the API's description."""

import io
import re
from typing import Any

from django.test import Client
from django.utils import timezone

from cheqi.areas.origination.operations.drafting import start
from cheqi.core.base.findings import Refused
from cheqi.demo.lender import MANAGER, DemoLender
from cheqi.foundation.documents.models import Document
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.workflow.models import Case
from cheqi.web.api.scopes import SCOPES, STAFF, STAFF_READS
from cheqi.web.api.urls import api
from tests.api.scenarios import error_of, json_of, member, program

OPEN = {"health", "ready", "begin_staff_session"}
ROUTES = [
    (method.upper(), path, details)
    for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
    for method, details in methods.items()
    if details["operationId"] not in OPEN
]
NAMES = [details["operationId"] for _, _, details in ROUTES]
BODIES: dict[str, Any] = {
    "save_answers": {"answers": {"name": "李雷"}},
    "request_customer_code": {"purpose": "CREDIT_CONSENT"},
    "finish_case_step": {"step": "call_customer", "outcome": "confirmed"},
}
CODE = {"challenge": "5f0c3a52-6c1e-4d67-9d1e-2f1f6f2d7a10", "code": "246810"}
BODIES |= {
    "give_consent": CODE,
    "withdraw_application": CODE,
    "sign_contract": {**CODE, "pdf_sha256": "9f" * 32},
    "record_insurance": {
        "insurer": "a",
        "policy_number": "b",
        "beneficiary": "c",
        "sum_fen": 1,
        "from_date": "2026-11-23",
        "until_date": "2027-11-22",
    },
    "record_gps": {
        "provider": "a",
        "contract_number": "b",
        "device_number": "c",
        "from_date": "2026-11-23",
    },
    "prepare_lien": {"certificate_number": "330012345678"},
    "take_title": {"shelf": "A-03"},
    "settle_document_field": {"value": "a", "reason": "b"},
    "reject_document": {"reason_code": "BLUR"},
    "open_document": {"reason": "抽查资料"},
    "confirm_documents": {"comment": ""},
    "correct_payee": {"account": "1", "account_name": "a", "bank_name": "b"},
    "do_deed": {"step": "submit_at_desk", "deed": "approve", "round": 1},
    "claim_step": {"step": "submit_at_desk"},
    "reassign_step": {"step": "submit_at_desk", "member_id": 1, "reason": "a"},
}


def filled(path: str, number: str = "CQ-2026-000001", **ids: int) -> str:
    """The address with its places filled."""
    path = path.replace("{number}", number)
    return re.sub(r"\{(\w+)\}", lambda found: str(ids.get(found[1], 1)), path)


def send(method: str, path: str, body: Any = None, key: str = "") -> Any:
    """A request as a program sends it."""
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "k"} if key else {}
    if method == "GET":
        return Client().get(path, headers=headers)
    return Client().generic(
        method, path, "" if body is None else body, content_type="application/json", headers=headers
    )


def test_no_route_answers_without_a_key(db: None) -> None:
    answers = {
        details["operationId"]: error_of(send(method, filled(path))) for method, path, details in ROUTES
    }
    assert answers == dict.fromkeys(NAMES, (401, "UNAUTHENTICATED", ["api.unauthenticated"]))


def test_every_route_wants_its_scope(lender: DemoLender) -> None:
    for method, path, details in ROUTES:
        stranger = program(lender, *(scope for scope in SCOPES if scope != details["x-scope"]), STAFF)
        answer = error_of(send(method, filled(path), key=stranger.key))
        rule = "api.staff_only" if details["x-scope"] == STAFF else "api.scope"
        assert answer == (403, "NOT_ALLOWED", [rule]), details["operationId"]


def test_a_members_session_opens_the_routes_of_staff_and_what_the_desk_shows(lender: DemoLender) -> None:
    reviewer = member(lender, "zhaolei")
    closed = set()
    for method, path, details in ROUTES:
        if details["operationId"] == "end_staff_session":
            continue
        status, _, rules = (0, "", [""])
        answer = send(method, filled(path), key=reviewer.key)
        if answer.status_code == 403:
            status, _, rules = error_of(answer)
        if rules == ["api.not_for_staff"]:
            closed.add(details["x-scope"])
        elif status:
            raise AssertionError((details["operationId"], rules))
    assert closed == SCOPES.keys() - STAFF_READS


def test_a_client_manager_also_enters_applications_by_a_session(lender: DemoLender) -> None:
    manager = member(lender, "chenjing")
    body = {"branch_id": lender.branches["HZ"].pk, "mobile": "13800138866"}
    made = json_of(manager.post("applications/", body), 201)
    assert Case.objects.get(number=made["number"]).created_by_name == "陈静"
    elsewhere = {**body, "branch_id": lender.branches["SH"].pk}
    assert error_of(manager.post("applications/", elsewhere)) == (403, "NOT_ALLOWED", ["workflow.open"])


def someone_elses(lender: DemoLender) -> tuple[str, int]:
    """A case of the other branch, and a document in it."""
    started = start(
        branch_id=lender.branches["SH"].pk,
        mobile="13800138866",
        actor=MANAGER,
        now=timezone.now(),
        key="other",
    )
    assert not isinstance(started, Refused), started
    document = Document.objects.create(
        case_id=started.case_id,
        party_id=started.party_id,
        branch_id=started.branch_id,
        slot="ID_CARD_FRONT",
        state="READ",
        original_sha256="0" * 64,
        original_bytes=1,
        page_count=0,
        request_key="other",
        received_at=timezone.now(),
    )
    return started.number, document.pk


WITH_CASE = [route for route in ROUTES if "{number}" in route[1] or "{document_id}" in route[1]]


def test_another_branchs_case_is_the_same_as_a_missing_one(lender: DemoLender) -> None:
    number, document_id = someone_elses(lender)
    partner, reviewer = program(lender), member(lender, "qianli")
    events = EventRow.objects.count()
    for method, path, details in WITH_CASE:
        name = details["operationId"]
        dealer = reviewer if details["x-scope"] == STAFF else partner
        answers = []
        for wanted, document in ((number, document_id), ("CQ-2026-999999", 999_999)):
            address = filled(path, wanted, document_id=document).removeprefix("/api/v1/")
            if name == "list_colleagues":
                address += "?step=submit_at_desk"
            if name == "upload_document":
                answers.append(dealer.upload(address, {"slot": "ID_CARD_FRONT", "file": _file()}))
            elif method == "GET":
                answers.append(dealer.get(address))
            else:
                answers.append(getattr(dealer, method.lower())(address, BODIES.get(name)))
        theirs, missing = answers
        assert error_of(theirs)[:2] == (404, "NOT_FOUND"), (name, theirs.content)
        assert theirs.content == missing.content, name
    case = Case.objects.get(number=number)
    assert (case.version, case.closed_at) == (1, None)
    assert EventRow.objects.count() == events


def test_a_client_sees_the_cases_of_its_branches_in_pages(lender: DemoLender) -> None:
    someone_elses(lender)
    dealer = program(lender)
    branch_id = lender.branches["HZ"].pk
    made = [
        json_of(dealer.post("applications/", {"branch_id": branch_id, "mobile": f"1380013886{n}"}), 201)[
            "number"
        ]
        for n in range(3)
    ]
    first = json_of(dealer.get("cases/?limit=2&process=application&status=OPEN"))
    assert [each["number"] for each in first["items"]] == [made[2], made[1]]
    second = json_of(dealer.get(f"cases/?limit=2&cursor={first['next_cursor']}"))
    assert ([each["number"] for each in second["items"]], second["next_cursor"]) == ([made[0]], None)
    assert error_of(dealer.get("cases/?cursor=nonsense")) == (422, "INVALID", ["api.cursor"])
    empty = json_of(dealer.get("cases/?status=REFUSED"))
    assert empty == {"items": [], "next_cursor": None}


def test_an_endpoint_of_another_client_is_missing(lender: DemoLender) -> None:
    mine, other = program(lender), program(lender)
    hook = {"url": "https://dealer.example/cheqi", "event_types": ["case.moved"]}
    made = json_of(mine.post("webhooks/", hook), 201)
    assert made["secret"].startswith("whsec_")
    for answer in (
        other.get(f"webhooks/{made['id']}/deliveries"),
        other.post(f"webhooks/{made['id']}/test"),
        other.delete(f"webhooks/{made['id']}"),
    ):
        assert error_of(answer) == (404, "NOT_FOUND", ["access.webhook"])
    assert json_of(mine.get("webhooks/"))["items"][0]["is_active"] is True
    assert "secret" not in json_of(mine.get("webhooks/"))["items"][0]


def test_a_program_may_not_open_a_case_at_a_branch_that_is_not_its_own(lender: DemoLender) -> None:
    dealer = program(lender)
    body = {"branch_id": lender.branches["SH"].pk, "mobile": "13800138866"}
    assert error_of(dealer.post("applications/", body)) == (403, "NOT_ALLOWED", ["workflow.open"])
    assert Case.objects.count() == 0


def _file() -> Any:
    file = io.BytesIO(b"x")
    file.name = "x.png"
    return file
