"""Each component as HTML, where the exact HTML matters: what is said, what is silent, what is escaped."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template, TemplateSyntaxError

from cheqi.ui import parts
from cheqi.ui.choices import Badge, Tone, ToneChoices, as_badge

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


class Verdict(ToneChoices):
    ACCEPTED = "ACCEPTED", Tone.OK, "check", "通过"
    CLERK = "CLERK", Tone.WARN, "alert-triangle", "待人工确认"


def drawn(source: str, **values: object) -> str:
    """The template's text with its blanks folded."""
    return " ".join(Template(source).render(Context({"now": NOW, **values})).split())


def test_a_choice_carries_value_label_tone_and_icon() -> None:
    assert (Verdict.CLERK.value, Verdict.CLERK.label) == ("CLERK", "待人工确认")
    assert (Verdict.CLERK.tone, Verdict.CLERK.icon) == (Tone.WARN, "alert-triangle")
    assert Verdict.choices == [("ACCEPTED", "通过"), ("CLERK", "待人工确认")]
    assert Verdict("CLERK") is Verdict.CLERK


def test_a_badge_is_tone_icon_and_word_never_colour_alone() -> None:
    html = drawn("{% badge it %}", it=Verdict.ACCEPTED)
    assert html.startswith(
        '<span class="tag ok"><svg class="icon" aria-hidden="true"><use href="/static/ui/build/icons'
    )
    assert html.endswith('#check"></use></svg>通过</span>')


def test_a_badge_takes_what_lower_layers_describe_in_plain_attributes() -> None:
    plain = type("State", (), {"label": "已暂停", "tone": "idle", "icon": "player-pause"})()
    assert as_badge(plain) == Badge("已暂停", Tone.IDLE, "player-pause")


def test_words_from_people_are_escaped() -> None:
    assert "<script>" not in drawn("{% badge it %}", it=Badge("<script>alert(1)</script>"))
    facts = parts.KeyFacts((parts.Fact("<b>", "<i>"),))
    assert drawn("{% show it %}", it=facts) == '<dl class="facts"><dt>&lt;b&gt;</dt><dd>&lt;i&gt;</dd></dl>'


def test_an_unknown_icon_is_a_mistake_that_says_where_to_add_it() -> None:
    with pytest.raises(TemplateSyntaxError, match=r"icons\.json"):
        drawn('{% icon "unicorn" %}')


@pytest.mark.parametrize(
    ("used", "tone", "words", "width"),
    [
        (timedelta(minutes=119), Tone.INFO, "剩 2 小时 1 分", "49.5%"),
        (timedelta(minutes=120), Tone.WARN, "剩 2 小时", "50.0%"),
        (timedelta(minutes=239), Tone.WARN, "剩 1 分", "99.5%"),
        (timedelta(minutes=240), Tone.BAD, "超时 不到 1 分钟", "100.0%"),
        (timedelta(minutes=266), Tone.BAD, "超时 26 分", "100.0%"),
    ],
)
def test_time_turns_amber_at_half_and_red_at_the_end(
    used: timedelta, tone: Tone, words: str, width: str
) -> None:
    bar = parts.TimeBar(used, timedelta(hours=4))
    html = drawn("{% show it %}", it=bar)
    assert (bar.tone, bar.percent) == (tone, width)
    assert words in html
    assert f'<rect width="{width}" height="100%">' in html


def test_working_time_is_counted_in_working_days() -> None:
    bar = parts.TimeBar(timedelta(), timedelta(hours=24), working_day=timedelta(hours=8))
    assert "剩 3 个工作日<" in drawn("{% show it %}", it=bar)
    late = parts.TimeBar(timedelta(hours=37), timedelta(hours=24), working_day=timedelta(hours=8))
    assert "超时 1 个工作日 5 小时<" in drawn("{% show it %}", it=late)


def test_a_paused_clock_is_grey_and_no_target_means_no_limit() -> None:
    paused = parts.TimeBar(timedelta(hours=1), timedelta(hours=4), is_paused=True)
    assert "已暂停，剩 3 小时" in drawn("{% show it %}", it=paused)
    free = parts.TimeBar(timedelta(hours=1))
    assert (free.tone, free.percent) == (Tone.IDLE, "0.0%")
    assert "不限时" in drawn("{% show it %}", it=free)


def test_the_rail_names_the_present_stage_and_says_which_are_done() -> None:
    rail = parts.StageRail(
        (
            parts.Stage("申请", parts.StageState.DONE),
            parts.Stage("核验", parts.StageState.NOW),
            parts.Stage("放款"),
        )
    )
    html = drawn("{% show it %}", it=rail)
    assert 'aria-label="第 2 步，共 3 步"' in html
    assert '<li class="now" aria-current="step">核验</li>' in html
    assert '申请<span class="visually-hidden">（已完成）</span>' in html


def test_the_ball_says_whose_turn_it_is_since_when_and_how_long() -> None:
    ball = parts.BallPanel(
        parts.Holder.YOU, "请重拍行驶证副页", NOW - timedelta(minutes=72), timedelta(minutes=72)
    )
    html = drawn("{% show it %}", it=ball)
    assert "<b>轮到您</b> · 请重拍行驶证副页" in html
    assert "08:48</time> 开始，已用 1 小时 12 分" in html
    fresh = parts.BallPanel(parts.Holder.YOU, since_at=NOW, elapsed=timedelta(seconds=59))
    assert "</time> 开始</div>" in drawn("{% show it %}", it=fresh)


def test_a_disabled_action_says_why_and_sends_nothing() -> None:
    bar = parts.ActionBar(
        (parts.Action("通过", "/approve/", is_primary=True, why_not="识别代号待确认（1 项）"),)
    )
    html = drawn("{% show it %}", it=bar)
    assert "「通过」还不能点：识别代号待确认（1 项）" in html
    assert '<button type="button" class="btn primary" disabled>通过</button>' in html
    assert "/approve/" not in html


def test_what_stops_several_actions_is_said_once() -> None:
    why = "您没有办理「额度审批」的权限"
    stopped = tuple(parts.Action(label, "/act/", why_not=why) for label in ("退回补充", "同意"))
    html = drawn("{% show it %}", it=parts.ActionBar((*stopped, parts.Action("转交", "/hand-over/"))))
    assert f"「退回补充」「同意」还不能点：{why}" in html
    assert html.count(why) == 1


def test_an_action_posts_with_its_token_and_its_shortcut() -> None:
    action = parts.Action("转交", "/hand-over/", shortcut="t", hidden=(("version", "3"),))
    html = drawn("{% show it %}", it=parts.ActionBar((action,)), csrf_token="abc")
    assert '<form method="post" action="/hand-over/">' in html
    assert '<input type="hidden" name="version" value="3">' in html
    assert 'data-shortcut="t" data-shortcut-label="转交" aria-keyshortcuts="t"' in html


def test_an_upload_asks_for_the_camera_first_and_says_its_limit() -> None:
    html = drawn("{% show it %}", it=parts.Upload("back", "副页", "/upload/"))
    assert 'accept="image/jpeg,image/png,image/webp" capture="environment"' in html
    assert 'data-too-large="文件超过 20 MB，没有上传。' in html
    at_desk = drawn("{% show it %}", it=parts.Upload("back", "副页", "/upload/", is_camera_first=False))
    assert "capture=" not in at_desk
    assert "把「副页」拖到这里" in at_desk


def test_a_viewer_draws_each_box_where_it_was_read() -> None:
    box = parts.Box("vin", "识别代号", ((1, 2), (30, 2), (30, 9), (1, 9)), Tone.WARN)
    html = drawn("{% show it %}", it=parts.DocumentViewer("行驶证", "/f/1", 640, 412, (box,)))
    assert '<svg viewBox="0 0 640 412" aria-hidden="true">' in html
    assert '<polygon class="warn" points="1,2 30,2 30,9 1,9" data-box="vin">' in html


def test_an_empty_state_offers_the_one_action_that_fills_it() -> None:
    html = drawn("{% show it %}", it=parts.EmptyState("还没有案件", "说明", "inbox", "新建申请", "/new/"))
    assert '<a class="btn primary" href="/new/">新建申请</a>' in html


def test_a_timeline_opens_its_proofs() -> None:
    one = parts.Happening(NOW, "身份证通过校验", "系统", proof_url="/proof/1/")
    html = drawn("{% show it %}", it=parts.Timeline((one,)))
    assert (
        '<a class="small" href="/proof/1/">凭证<span class="visually-hidden">：身份证通过校验</span></a>'
        in html
    )


def test_blocks_wrap_what_is_written_in_them() -> None:
    assert "<h2>要点</h2></header><p>a</p></section>" in drawn('{% panel "要点" %}<p>a</p>{% endpanel %}')
    live = drawn('{% live "/x/" every=8 key="queue" %}<p>a</p>{% endlive %}')
    assert live.startswith('<div id="queue" data-live hx-get="/x/" hx-trigger="every 8s"')
