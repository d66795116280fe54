"""The look-up that partners poll: through Django, through the short way, and straight from the database."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from cheqi.demo.lender import DemoLender, found_lender
from cheqi.foundation.workflow.models import Progress
from cheqi.foundation.workflow.operations import show_estimate
from cheqi.web.api import hot, readers
from cheqi.web.api.look_up import Asked, ProgressRow, UnableToRead, answer
from cheqi.web.api.readers import PostgresReader, SqliteReader, django_reader, reader_for
from tests.api.scenarios import Program, error_of, json_of, program
from tests.outside.separate import shared_database


def started(lender: DemoLender, dealer: Program) -> str:
    """A case of the dealer's branch."""
    body = {"branch_id": lender.branches["HZ"].pk, "mobile": "13800138866"}
    return str(json_of(dealer.post("applications/", body), 201)["number"])


def test_the_prepared_bytes_come_with_their_tag_and_304_while_nothing_changed(lender: DemoLender) -> None:
    dealer = program(lender)
    number = started(lender, dealer)
    first = dealer.get(f"progress/{number}")
    assert first.content == bytes(Progress.objects.get(number=number).body)
    assert json_of(first)["number"] == number
    tag = first.headers["ETag"]
    again = dealer.get(f"progress/{number.lower()}", If_None_Match=tag)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    changed = dealer.get(f"progress/{number}", If_None_Match='"old"')
    assert changed.status_code == 200


def test_what_is_expected_is_part_of_the_answer_and_of_its_tag(lender: DemoLender) -> None:
    dealer = program(lender)
    number = started(lender, dealer)
    before = dealer.get(f"progress/{number}").headers["ETag"]
    case_id = Progress.objects.get(number=number).case_id
    expected = {"submit_at_desk:1": {"low_at": "2026-11-23T08:00:00+00:00"}}
    show_estimate(case_id=case_id, expected=expected, now=datetime.now(UTC))
    answered = dealer.get(f"progress/{number}", If_None_Match=before)
    assert json_of(answered)["expected"] == expected
    assert answered.headers["ETag"] != before
    tag = answered.headers["ETag"]
    assert dealer.get(f"progress/{number}", If_None_Match=tag).status_code == 304


def test_it_is_one_statement(lender: DemoLender, django_assert_num_queries: Any) -> None:
    dealer = program(lender)
    number = started(lender, dealer)
    asked = Asked(authorization=f"Bearer {dealer.key}")
    assert answer(number, asked, django_reader, datetime.now(UTC)).status == 200  # the key is now known
    with django_assert_num_queries(1):
        assert answer(number, asked, django_reader, datetime.now(UTC)).status == 200


def test_what_a_client_may_not_see_is_missing(lender: DemoLender) -> None:
    number = started(lender, program(lender))
    stranger = program(lender, branch="SH")
    theirs, missing = stranger.get(f"progress/{number}"), stranger.get("progress/CQ-2026-999999")
    assert error_of(theirs) == error_of(missing) == (404, "NOT_FOUND", ["api.not_found"])
    assert theirs.content == missing.content


def ask_front(number: str, read: Any, monkeypatch: pytest.MonkeyPatch, **environ: str) -> tuple[str, bytes]:
    """The short way in, with a reader of the test's own: the status line and the body."""
    monkeypatch.setattr(hot, "reader_for", lambda _: read)
    lines: list[str] = []

    def django(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"django"]

    front = hot.in_front_of(django)
    given = {"PATH_INFO": f"/api/v1/progress/{number}", "REQUEST_METHOD": "GET", **environ}
    body = b"".join(front(given, lambda line, headers: lines.append(line)))
    return lines[0], body


def test_the_short_way_answers_like_djangos_route(
    lender: DemoLender, connections_stay: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    dealer = program(lender)
    number = started(lender, dealer)
    key = {"HTTP_AUTHORIZATION": f"Bearer {dealer.key}"}
    assert ask_front(number, django_reader, monkeypatch, **key) == (
        "200 OK",
        dealer.get(f"progress/{number}").content,
    )
    assert ask_front(number, django_reader, monkeypatch)[0] == "401 Unauthorized"
    missing = ask_front("CQ-9", django_reader, monkeypatch, **key)
    assert missing == ("404 Not Found", dealer.get("progress/CQ-9").content)


@pytest.mark.parametrize("number", ["CQ%00", "CQ/1", "", "长" * 3, "A" * 25])
def test_what_is_no_number_goes_on_to_django(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_: str) -> ProgressRow:
        raise AssertionError("nothing to read")

    assert ask_front(number, read, monkeypatch) == ("200 OK", b"django")


def test_a_database_that_does_not_answer_is_503_and_may_be_tried_again(
    lender: DemoLender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> ProgressRow:
        raise UnableToRead("gone")

    dealer = program(lender)
    asked = Asked(authorization=f"Bearer {dealer.key}")
    found = answer("CQ-1", asked, broken, datetime.now(UTC))
    assert (found.status, dict(found.headers)["Retry-After"]) == (503, "1")


@pytest.mark.django_db(transaction=True)
def test_the_own_connections_read_what_was_committed(tmp_path: Path) -> None:
    with shared_database(tmp_path):
        lender = found_lender(timezone.now())
        number = started(lender, program(lender))
        read = reader_for(connection.settings_dict)
        stored = Progress.objects.get(number=number)
        row = read(number)
        assert row is not None
        assert (row.case_id, row.branch_id, row.party_id) == (
            stored.case_id,
            stored.branch_id,
            stored.party_id,
        )
        assert (row.etag, row.body) == (stored.etag, bytes(stored.body))
        assert read("CQ-2026-999999") is None
        assert row == django_reader(number)


def test_a_connection_that_broke_is_opened_anew_once(tmp_path: Path) -> None:
    with pytest.raises(UnableToRead):
        SqliteReader(str(tmp_path / "missing.sqlite3"))("CQ-1")
    with pytest.raises(UnableToRead):
        PostgresReader("host=127.0.0.1 port=1 connect_timeout=1")("CQ-1")


def test_the_reader_fits_the_database_of_the_settings() -> None:
    kind = PostgresReader if connection.vendor == "postgresql" else SqliteReader
    assert isinstance(readers.reader_for(settings.DATABASES["default"]), kind)
