"""Coming in at the desk: password, second factor, setting one up, step-up, leaving."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.staff.models import Member
from cheqi.foundation.staff.tests.scenarios import NOW, PASSWORD, a_member, code_at, enrolled

LOG_IN = "/desk/log-in/"


def give_password(client: Client, member: Member, password: str = PASSWORD, **extra: str) -> int:
    answer = client.post(LOG_IN, {"login": member.login, "password": password, **extra})
    return answer.status_code


def come_in(client: Client, member: Member) -> None:
    assert give_password(client, member) == 302
    answer = client.post("/desk/log-in/code/", {"code": code_at(member, NOW)})
    assert answer.status_code == 302


@pytest.fixture(autouse=True)
def _a_lender_that_lets_it_wait(settings: LazySettings) -> None:
    settings.CHEQI_SECOND_FACTOR_OPTIONAL = True


@pytest.fixture
def with_factor(reviewer: Member) -> Member:
    enrolled(reviewer)
    return reviewer


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/desk/", "/desk/account/", "/desk/step-up/"])
def test_a_stranger_is_sent_to_the_log_in_and_back_afterwards(client: Client, path: str) -> None:
    answer = client.get(f"{path}?a=1")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/desk/log-in/?next={path.replace('/', '%2F')}%3Fa%3D1"


@pytest.mark.django_db
def test_a_strangers_fragment_makes_the_page_load_anew(client: Client) -> None:
    answer = client.get("/desk/account/", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"], answer.content) == (204, "true", b"")


@pytest.mark.django_db
def test_a_strangers_post_is_refused(client: Client) -> None:
    assert client.post("/desk/account/", {"old": "a", "new": "b", "again": "b"}).status_code == 403


def test_the_password_alone_opens_nothing(client: Client, with_factor: Member) -> None:
    answer = client.post(LOG_IN, {"login": with_factor.login, "password": PASSWORD, "next": "/desk/account/"})
    assert answer.headers["Location"] == "/desk/log-in/code/?next=%2Fdesk%2Faccount%2F"
    assert client.get("/desk/account/").status_code == 302


def test_password_and_code_open_the_desk_where_the_person_wanted_to_go(
    client: Client, with_factor: Member
) -> None:
    give_password(client, with_factor)
    code = code_at(with_factor, NOW)
    answer = client.post("/desk/log-in/code/", {"code": code, "next": "/desk/account/"})
    assert answer.headers["Location"] == "/desk/account/"
    page = client.get("/desk/account/").content.decode()
    assert "审核员" in page
    assert "已绑定" in page


def test_a_next_elsewhere_is_not_followed(client: Client, with_factor: Member) -> None:
    give_password(client, with_factor)
    code = code_at(with_factor, NOW)
    answer = client.post("/desk/log-in/code/", {"code": code, "next": "https://elsewhere.invalid/"})
    assert answer.headers["Location"] == "/desk/"


def test_a_wrong_login_and_a_wrong_password_sound_the_same(client: Client, reviewer: Member) -> None:
    wrong = client.post(LOG_IN, {"login": reviewer.login, "password": "wrong"})
    nobody = client.post(LOG_IN, {"login": "nobody", "password": "wrong"})
    assert (wrong.status_code, nobody.status_code) == (422, 422)
    for answer in (wrong, nobody):
        assert "账号或密码不正确" in answer.content.decode()
    assert "staff" not in client.session


def test_too_many_tries_are_told_to_wait(client: Client, reviewer: Member) -> None:
    statuses = [give_password(client, reviewer, "wrong") for _ in range(7)]
    assert statuses[-1] == 429
    assert give_password(client, reviewer) == 429


def test_a_wrong_code_stays_on_the_page(client: Client, with_factor: Member) -> None:
    give_password(client, with_factor)
    answer = client.post("/desk/log-in/code/", {"code": "000000"})
    assert answer.status_code == 422
    assert "动态验证码不正确" in answer.content.decode()
    assert client.get("/desk/account/").status_code == 302


def test_an_authenticator_is_set_up_with_a_qr_code_and_gives_recovery_codes(
    client: Client, reviewer: Member
) -> None:
    give_password(client, reviewer)
    page = client.post("/desk/log-in/enrol/", {"wish": "begin"}).content.decode()
    assert "<svg" in page
    assert " style=" not in page
    shown = re.search(r'class="secret">((?:<span>\w{4}</span>)+)<', page)
    assert shown
    secret = re.sub(r"</?span>", "", shown[1])
    wrong = client.post("/desk/log-in/enrol/", {"code": "000000"})
    assert wrong.status_code == 422
    assert secret not in wrong.content.decode()
    now = NOW
    done = client.post("/desk/log-in/enrol/", {"code": pyotp.TOTP(secret).at(now)})
    assert len(re.findall(r"<li>\w{5}-\w{5}</li>", done.content.decode())) == 10
    assert client.get("/desk/account/").status_code == 200


def test_without_a_second_factor_nobody_comes_in(
    client: Client, reviewer: Member, settings: LazySettings
) -> None:
    settings.CHEQI_SECOND_FACTOR_OPTIONAL = False
    give_password(client, reviewer)
    assert "跳过" not in client.get("/desk/log-in/enrol/").content.decode()
    assert client.post("/desk/log-in/enrol/", {"wish": "later"}).status_code == 422
    assert client.get("/desk/account/").headers["Location"].startswith("/desk/log-in/")


def test_setting_up_can_wait_where_the_lender_lets_it(client: Client, reviewer: Member) -> None:
    give_password(client, reviewer)
    assert client.post("/desk/log-in/enrol/", {"wish": "later"}).headers["Location"] == "/desk/"
    assert "未绑定" in client.get("/desk/account/").content.decode()


def test_nobody_skips_a_second_factor_that_is_set_up(client: Client, with_factor: Member) -> None:
    give_password(client, with_factor)
    client.post("/desk/log-in/enrol/", {"wish": "later"})
    assert client.get("/desk/account/").status_code == 302


def test_looking_at_the_set_up_page_writes_nothing(client: Client, reviewer: Member) -> None:
    give_password(client, reviewer)
    client.get("/desk/log-in/enrol/")
    reviewer.refresh_from_db()
    assert reviewer.totp_secret == ""


def test_a_step_up_takes_a_fresh_code_and_goes_back(client: Client, with_factor: Member) -> None:
    come_in(client, with_factor)
    used = client.post("/desk/step-up/", {"code": code_at(with_factor, NOW), "next": "/desk/account/"})
    assert used.status_code == 422
    later = code_at(with_factor, NOW + timedelta(seconds=30))
    answer = client.post("/desk/step-up/", {"code": later, "next": "/desk/account/"})
    assert answer.headers["Location"] == "/desk/account/"
    assert EventRow.objects.filter(type="access.second_factor_passed").count() >= 1


def test_a_password_from_somebody_else_is_changed_first(client: Client, reviewer: Member) -> None:
    Member.objects.filter(pk=reviewer.pk).update(must_change_password=True)
    give_password(client, reviewer)
    client.post("/desk/log-in/enrol/", {"wish": "later"})
    assert client.get("/desk/").headers["Location"] == "/desk/account/"
    assert "请先换成您自己的密码" in client.get("/desk/account/").content.decode()
    new = "a longer horse 9"
    answer = client.post("/desk/account/", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 302
    reviewer.refresh_from_db()
    assert reviewer.must_change_password is False
    assert client.get("/desk/account/").status_code == 200


def test_new_passwords_that_differ_change_nothing(client: Client, reviewer: Member) -> None:
    give_password(client, reviewer)
    client.post("/desk/log-in/enrol/", {"wish": "later"})
    before = Member.objects.get(pk=reviewer.pk).password
    answer = client.post(
        "/desk/account/", {"old": PASSWORD, "new": "a longer horse 9", "again": "another 123456"}
    )
    assert "两次输入的新密码不一样" in answer.content.decode()
    assert Member.objects.get(pk=reviewer.pk).password == before


def test_leaving_ends_the_session_and_everywhere_ends_all(reviewer: Member) -> None:
    here, there = Client(), Client()
    for one in (here, there):
        give_password(one, reviewer)
        one.post("/desk/log-in/enrol/", {"wish": "later"})
        assert one.get("/desk/account/").status_code == 200
    here.post("/desk/log-out/", {"everywhere": "yes"})
    assert here.get("/desk/account/").status_code == 302
    assert there.get("/desk/account/").status_code == 302


def test_a_session_from_before_a_log_out_everywhere_does_not_count(client: Client, reviewer: Member) -> None:
    session = client.session
    session["staff"] = {"id": reviewer.pk, "epoch": 99, "passed": True, "stepped_up": None}
    session.save()
    assert client.get("/desk/account/").status_code == 302


def test_the_style_guide_is_missing_where_people_work(client: Client, reviewer: Member) -> None:
    assert client.get("/desk/_styleguide/").status_code == 404
    assert client.post("/desk/_styleguide/upload/").status_code == 404


@pytest.mark.django_db
def test_somebody_without_any_role_sees_an_empty_desk(client: Client) -> None:
    give_password(client, a_member("nobody"))
    client.post("/desk/log-in/enrol/", {"wish": "later"})
    assert "现在没有待办" in client.get("/desk/").content.decode()


def test_the_account_page_asks_few_questions(
    client: Client, reviewer: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    give_password(client, reviewer)
    client.post("/desk/log-in/enrol/", {"wish": "later"})
    with django_assert_num_queries(6):
        client.get("/desk/account/")
