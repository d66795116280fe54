"""A customer comes in: by mobile and code, or to one case; nothing tells whether a number or case exists."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from cheqi import ports
from cheqi.foundation.access.hooks import CaseDirectory, CodeSender, PartyDirectory
from cheqi.foundation.access.models import CustomerSession, OneTimeCode
from cheqi.foundation.access.tests.scenarios import NOW, Cases, Directory, Outbox, Town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_scenarios_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture(autouse=True)
def town() -> Iterator[Town]:
    town = Town()
    with (
        ports.bound(PartyDirectory, Directory(town)),
        ports.bound(CaseDirectory, Cases(town)),
        ports.bound(CodeSender, Outbox(town)),
        translation.override("zh-hans"),
    ):
        yield town


def last_code() -> str:
    return str(OneTimeCode.objects.latest("pk").code)


def test_a_stranger_is_asked_for_a_number_and_comes_back(client: Client) -> None:
    assert client.get("/me/").headers["Location"] == "/log-in/?next=%2Fme%2F"
    assert client.get("/", headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"


def test_a_number_and_its_code_open_the_portal(client: Client) -> None:
    answer = client.post("/log-in/", {"mobile": "138 0013 8866", "next": "/me/"})
    assert answer.headers["Location"] == "/log-in/code/?next=%2Fme%2F"
    page = client.get("/log-in/code/").content.decode()
    assert "尾号 8866" in page
    assert 'class="error"' not in page
    answer = client.post("/log-in/code/", {"code": last_code(), "next": "/me/"})
    assert answer.headers["Location"] == "/me/"
    assert "张小三，您好" in client.get("/me/").content.decode()


def test_a_wrong_code_opens_nothing_and_says_what_to_do(client: Client) -> None:
    client.post("/log-in/", {"mobile": "13800138866"})
    wrong = "000000" if last_code() != "000000" else "111111"
    answer = client.post("/log-in/code/", {"code": wrong})
    assert answer.status_code == 422
    assert 'class="form-errors"' in answer.content.decode()
    assert CustomerSession.objects.count() == 0
    assert client.get("/me/").status_code == 302


def test_a_number_that_is_none_sends_nothing(client: Client) -> None:
    answer = client.post("/log-in/", {"mobile": "12345"})
    assert answer.status_code == 200
    assert "11 位数字" in answer.content.decode()
    assert OneTimeCode.objects.count() == 0


def test_a_second_code_within_a_minute_is_refused_and_the_button_rests(client: Client) -> None:
    client.post("/log-in/", {"mobile": "13800138866"})
    page = client.get("/log-in/code/").content.decode()
    assert 'data-seconds="60"' in page
    answer = client.post("/log-in/code/", {"wish": "again"})
    assert answer.status_code == 429
    assert OneTimeCode.objects.count() == 1


def test_a_case_and_four_digits_open_that_case(client: Client) -> None:
    assert 'value="AP2026000017"' in client.get("/track/?case=AP2026000017").content.decode()
    client.post("/track/", {"case_number": "ap2026000017", "mobile_last4": "8866"})
    client.post("/log-in/code/", {"code": last_code()})
    session = CustomerSession.objects.get()
    assert (session.case_id, session.party_id) == (17, 7)


def test_an_unknown_case_looks_the_same_and_its_code_opens_nothing(client: Client, town: Town) -> None:
    known, unknown = Client(), client
    first = known.post("/track/", {"case_number": "AP2026000017", "mobile_last4": "8866"})
    second = unknown.post("/track/", {"case_number": "AP2026000018", "mobile_last4": "8866"})
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    words = "如果编号与尾号 8866 的手机号相符"
    assert words in known.get("/log-in/code/").content.decode()
    assert words in unknown.get("/log-in/code/").content.decode()
    assert unknown.post("/log-in/code/", {"code": last_code()}).status_code == 422
    assert CustomerSession.objects.count() == 0


def test_the_code_page_without_a_number_goes_back_to_the_start(client: Client) -> None:
    assert client.get("/log-in/code/").headers["Location"] == "/log-in/"


def test_leaving_ends_the_session(client: Client) -> None:
    client.post("/log-in/", {"mobile": "13800138866"})
    client.post("/log-in/code/", {"code": last_code()})
    assert client.get("/me/").status_code == 200
    assert client.post("/log-out/").headers["Location"] == "/log-in/"
    assert client.get("/me/").status_code == 302
    assert CustomerSession.objects.get().revoked_at is not None


def test_who_was_logged_out_by_time_is_told_so_and_comes_back_to_the_same_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/log-in/", {"mobile": "13800138866"})
    client.post("/log-in/code/", {"code": last_code()})
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=12, seconds=1))
    away = client.get("/cases/AP2026000017/documents/").headers["Location"]
    assert away == "/log-in/?next=%2Fcases%2FAP2026000017%2Fdocuments%2F&ended=1"
    assert "登录满 12 小时已自动退出" in client.get(away).content.decode()
    sent = client.post("/me/", {"channel": "SMS"}, headers={"referer": "http://testserver/me/"})
    assert sent.headers["Location"] == "/log-in/?next=%2Fme%2F&ended=1"
    elsewhere = client.post("/me/", {}, headers={"referer": "https://elsewhere.example/me/"})
    assert elsewhere.headers["Location"] == "/log-in/?next=%2F&ended=1"


def test_a_tracker_link_ends_after_two_hours_and_leads_to_its_case_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/track/", {"case_number": "AP2026000017", "mobile_last4": "8866"})
    client.post("/log-in/code/", {"code": last_code()})
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=2) - timedelta(seconds=1))
    assert client.get("/cases/AP2026000017/").status_code == 404
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=2))
    away = client.get("/cases/AP2026000017/").headers["Location"]
    assert away == "/track/?case=AP2026000017&next=%2Fcases%2FAP2026000017%2F&ended=1"
    page = client.get(away).content.decode()
    assert "查询 2 小时后会自动结束" in page
    assert 'value="AP2026000017"' in page


def test_a_stranger_is_not_told_that_anything_ended(client: Client) -> None:
    assert "已自动退出" not in client.get("/log-in/").content.decode()
    assert client.post("/me/").headers["Location"] == "/log-in/?next=%2F"


def test_a_fragment_of_an_ended_session_makes_its_page_load_anew(client: Client) -> None:
    client.post("/track/", {"case_number": "AP2026000017", "mobile_last4": "8866"})
    client.post("/log-in/code/", {"code": last_code()})
    answer = client.post("/cases/AP2026000017/documents/A/upload/", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_the_manifest_and_the_worker_name_this_build(client: Client) -> None:
    manifest = client.get("/manifest.webmanifest").json()
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    worker = client.get("/worker.js")
    assert worker.headers["Content-Type"] == "text/javascript"
    assert "/offline/" in worker.content.decode()
