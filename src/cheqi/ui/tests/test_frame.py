"""The frame around pages: policy, navigation, error pages, live fragments, built files, fields."""

from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import Finding, RefusalKind, Refused
from cheqi.core.base.text import Text
from cheqi.ui import assets, errors, live, navigation
from cheqi.ui.forms import CodeField, IdNumberField, MoneyField, PhoneField, add_findings, yuan
from cheqi.ui.navigation import Count, Entry, Place

REVIEWER = Actor(ActorKind.STAFF, "1", "陈静", frozenset({"reviewer"}))


class Sample(forms.Form):
    phone = PhoneField()
    id_number = IdNumberField(required=False)
    price = MoneyField(label="车价", at_least_fen=yuan(1_000), at_most_fen=yuan(1_000_000), required=False)
    code = CodeField(required=False)


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(navigation, "_counters", [])


def test_every_answer_forbids_inline_code_and_foreign_sources() -> None:
    policy = Client().get("/offline/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy


def test_pages_have_no_inline_code_or_style() -> None:
    html = Client().get("/offline/").content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert "javascript:" not in html
    assert html.count("<script") == html.count("<script src=")


@pytest.mark.usefixtures("entries")
def test_the_navigation_shows_what_exists_in_order_and_marks_the_present_page() -> None:
    navigation.register(Entry("missing", "没有的", "desk:nowhere", "home", order=1))
    navigation.register(Entry("account", "账户", "desk:account", "user", order=20))
    navigation.register(Entry("home", "首页", "desk:home", "home", order=10))
    shown = navigation.shown(Place.DESK, "/desk/account/", REVIEWER)
    assert [(one.entry.key, one.is_current) for one in shown] == [("home", False), ("account", True)]


@pytest.mark.usefixtures("entries")
def test_an_entry_that_owns_a_part_of_addresses_is_marked_wherever_it_occurs() -> None:
    navigation.register(Entry("home", "首页", "portal:home", "home", place=Place.PORTAL))
    navigation.register(Entry("me", "资料", "portal:me", "user", place=Place.PORTAL, owns="/documents/"))
    shown = navigation.shown(Place.PORTAL, "/cases/CQ-1/documents/", REVIEWER)
    assert [(one.entry.key, one.is_current) for one in shown] == [("home", False), ("me", True)]


@pytest.mark.usefixtures("entries")
def test_an_entry_with_roles_is_for_those_who_hold_one() -> None:
    roles = frozenset({"finance"})
    navigation.register(Entry("money", "放款", "desk:account", "wallet", roles=roles))
    assert navigation.shown(Place.DESK, "/", REVIEWER) == []
    assert navigation.shown(Place.DESK, "/", None) == []
    finance = Actor(ActorKind.STAFF, "2", "周敏", roles)
    assert [one.entry.key for one in navigation.shown(Place.DESK, "/", finance)] == ["money"]


@pytest.mark.usefixtures("entries")
def test_counts_come_from_one_question_for_the_person() -> None:
    asked: list[str] = []

    def counter(actor: Actor) -> dict[str, Count]:
        asked.append(actor.name)
        return {"account": Count(12, is_hot=True)}

    navigation.count_with(counter)
    navigation.count_with(counter)
    navigation.register(Entry("account", "账户", "desk:account", "user"))
    [one] = navigation.shown(Place.DESK, "/desk/", REVIEWER)
    assert one.count == Count(12, is_hot=True)
    assert asked == ["陈静"]


def test_a_fragment_that_did_not_change_costs_a_304(rf: RequestFactory) -> None:
    first = live.fragment(rf.get("/"), "ui/mark.html", {})
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "private, no-cache")
    tag = first.headers["ETag"]
    again = live.fragment(rf.get("/", headers={"if-none-match": tag}), "ui/mark.html", {})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    other = live.fragment(rf.get("/", headers={"if-none-match": tag}), "ui/language.html", {})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (RefusalKind.INVALID, 422),
        (RefusalKind.NOT_ALLOWED, 403),
        (RefusalKind.NOT_FOUND, 404),
        (RefusalKind.NOT_NOW, 409),
        (RefusalKind.CONFLICT, 409),
        (RefusalKind.TOO_MANY, 429),
    ],
)
def test_a_refusal_says_all_its_findings_under_the_status_of_its_kind(
    rf: RequestFactory, kind: RefusalKind, status: int
) -> None:
    refusal = Refused(kind, (Finding("a", Text("甲。", "First.")), Finding("b", Text("乙。", "Second."))))
    response = errors.refused(rf.get("/desk/"), refusal)
    page = response.content.decode()
    assert response.status_code == status
    assert "甲。" in page
    assert "乙。" in page
    with translation.override("en"):
        assert "Second." in errors.refused(rf.get("/desk/"), refusal).content.decode()


def test_a_refused_fragment_carries_its_sentence_for_a_toast(rf: RequestFactory) -> None:
    refusal = Refused(RefusalKind.NOT_NOW, (Finding("a", Text("已办", "Done")),))
    response = errors.refused(rf.post("/", headers={"hx-request": "true"}), refusal)
    assert response.headers["X-Message"] == "%E5%B7%B2%E5%8A%9E"


def test_a_refusal_for_want_of_a_fresh_code_leads_to_giving_one(rf: RequestFactory) -> None:
    refusal = Refused(RefusalKind.NOT_ALLOWED, (Finding("staff.step_up", Text("请先验证", "Code first")),))
    request = rf.post("/desk/pay/", headers={"referer": "http://testserver/desk/cases/3/?tab=2"})
    page = errors.refused(request, refusal).content.decode()
    assert 'primary" href="/desk/step-up/?next=%2Fdesk%2Fcases%2F3%2F%3Ftab%3D2">输入动态验证码</a>' in page


@pytest.mark.parametrize(
    ("method", "referer", "back"),
    [
        ("get", "http://testserver/desk/audit/?kind=export", "/desk/audit/?kind=export"),
        ("post", "http://testserver/desk/audit.csv", "/desk/audit.csv"),
        ("get", "http://testserver/desk/audit.csv", ""),
        ("get", "https://elsewhere.example/desk/audit/", ""),
    ],
)
def test_an_error_leads_back_to_where_one_was(
    rf: RequestFactory, method: str, referer: str, back: str
) -> None:
    request = getattr(rf, method)("/desk/audit.csv", headers={"referer": referer})
    page = errors.page(request, 409).content.decode()
    assert (f'href="{back}">返回上一页' in page) is bool(back)
    assert "返回上一页" in page or not back
    assert "需要帮助请联系系统管理员" in page
    assert "我们不会向您索要验证码" not in page


@pytest.mark.parametrize("status", sorted(errors.WORDS))
def test_every_error_page_says_what_happened_and_what_to_do_next(rf: RequestFactory, status: int) -> None:
    page = errors.page(rf.get("/"), status).content.decode()
    words = errors.WORDS[status]
    assert str(words.title) in page
    assert str(words.text) in page
    assert f"代码 {status}" in page
    assert "回到首页" in page


def test_a_missing_page_and_an_old_form_are_told_in_words(client: Client) -> None:
    assert "没有找到这个页面" in client.get("/desk/nowhere/").content.decode()
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/desk/log-out/")
    assert response.status_code == 403
    assert "页面放得太久" in response.content.decode()


def test_a_body_that_is_too_large_is_413(rf: RequestFactory) -> None:
    from django.core.exceptions import RequestDataTooBig, SuspiciousOperation

    assert errors.bad_request(rf.post("/"), RequestDataTooBig("big")).status_code == 413
    assert errors.bad_request(rf.post("/"), SuspiciousOperation("odd")).status_code == 400


def test_a_built_file_has_its_hashed_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(assets, "BUILD_DIR", tmp_path)
    assert assets.asset_url("desk.css") == "/static/ui/build/desk.css"
    assert [one.id for one in assets.check_build(None)] == ["ui.W001"]
    (tmp_path / "manifest.json").write_text('{"desk.css": "desk-AB12CD34.css"}')
    assert assets.asset_url("desk.css") == "/static/ui/build/desk-AB12CD34.css"
    assert assets.check_build(None) == []


def test_fields_take_what_people_type(rf: RequestFactory) -> None:
    form = Sample({"phone": "+86 138 0013-8866", "price": "¥12.86万", "code": "123 456"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["phone"] == "13800138866"
    assert form.cleaned_data["price"] == 12_860_000
    assert form.cleaned_data["code"] == "123456"


def test_every_wrong_field_says_why_beside_it() -> None:
    form = Sample({"phone": "1380", "id_number": "11010519491231002Y", "price": "999", "code": "12345"})
    assert not form.is_valid()
    assert set(form.errors) == {"phone", "id_number", "price", "code"}
    assert form.errors["price"] == ["金额不能低于 ¥1,000.00"]
    assert form.errors["code"] == ["验证码是 6 位数字"]
    html = str(form)
    assert html.count('aria-invalid="true"') == 4
    assert 'aria-describedby="id_phone_error"' in html
    assert 'id="id_phone_error"' in html


def test_a_field_brings_the_right_keyboard_and_autofill() -> None:
    html = str(Sample())
    assert 'inputmode="tel"' in html
    assert 'autocomplete="one-time-code"' in html
    assert 'inputmode="decimal"' in html


def test_findings_stand_beside_their_fields_and_the_rest_at_the_head() -> None:
    form = Sample({"phone": "13800138866"})
    form.is_valid()
    findings = (
        Finding("a", Text("价不对", "Wrong price"), field="price"),
        Finding("b", Text("稍后再试", "Try later"), field="elsewhere"),
    )
    add_findings(form, Refused(RefusalKind.INVALID, findings))
    assert form.errors["price"] == ["价不对"]
    assert form.non_field_errors() == ["稍后再试"]


def test_a_link_changes_only_what_it_names(rf: RequestFactory) -> None:
    context = Context({"request": rf.get("/cases/?q=a&page=3")})
    assert Template("{% href_with page=4 %}").render(context) == "?q=a&amp;page=4"
    assert Template('{% href_with page="" q="" %}').render(context) == "/cases/"


def test_the_language_switch_keeps_the_page(client: Client) -> None:
    with translation.override("zh-hans"):  # a request leaves its language in the test's thread
        response = client.post("/language/", {"language": "en", "next": "/offline/"})
        assert response.headers["Location"] == "/offline/"
        assert "There is no network now" in client.get("/offline/").content.decode()


def test_a_group_of_boxes_stands_under_its_legend() -> None:
    class Reasons(forms.Form):
        reasons = forms.MultipleChoiceField(
            label="拒绝原因",
            choices=[("A", "收入不足"), ("B", "负债过高")],
            widget=forms.CheckboxSelectMultiple,
        )
        agreed = forms.BooleanField(label="已核实")

    drawn = str(Reasons())
    assert drawn.index("<legend") < drawn.index("收入不足")
    assert drawn.count("<fieldset") == 1
    assert '<label class="choice"><input type="checkbox" name="agreed"' in drawn
