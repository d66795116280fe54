"""The gate: what is put off until when, what is stopped, and by which rule."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.base.text import Text
from cheqi.core.contact.contact import Channel, Contact, ContactResult, PastContact, Preferences, Purpose
from cheqi.core.contact.gate import Allow, Block, Defer, decide
from cheqi.core.contact.pack import ContactPack, ContactRule, RuleKind, read

NIGHT = ContactRule(
    "night",
    RuleKind.QUIET_HOURS,
    frozenset({Purpose.COLLECTION}),
    frozenset({Channel.CALL, Channel.SMS}),
    Text("夜间不得催收", "No collection at night"),
    "条一",
    is_verified=False,
    starts=time(22),
    ends=time(8),
)
TALKS = ContactRule(
    "talks",
    RuleKind.CAP_PER_DAY,
    frozenset({Purpose.COLLECTION}),
    frozenset({Channel.CALL}),
    Text("每日三次", "Three a day"),
    "条二",
    is_verified=False,
    limit=3,
    counts=frozenset({ContactResult.CONVERSATION}),
)
RINGS = ContactRule(
    "rings",
    RuleKind.CAP_PER_DAY,
    frozenset({Purpose.COLLECTION}),
    frozenset({Channel.CALL}),
    Text("每号六次", "Six a number"),
    "条三",
    is_verified=True,
    limit=6,
    counts=frozenset({ContactResult.UNANSWERED}),
    per_point=True,
)
STOP = ContactRule(
    "stop",
    RuleKind.OPT_OUT,
    frozenset({Purpose.MARKETING}),
    frozenset(Channel),
    Text("已撤回同意", "Consent withdrawn"),
    "条四",
    is_verified=True,
)
PACK = ContactPack("test v1", "Asia/Shanghai", (NIGHT, TALKS, RINGS, STOP))
CALL = Contact(Purpose.COLLECTION, Channel.CALL, "n1")
NOBODY = Preferences()


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def past(at: str, result: ContactResult, point: str = "n1") -> PastContact:
    return PastContact(shanghai(at), Purpose.COLLECTION, Channel.CALL, result, point)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23T21:59:59", None),
        ("2026-11-23T22:00:00", "2026-11-24T08:00:00"),
        ("2026-11-24T00:00:00", "2026-11-24T08:00:00"),
        ("2026-11-24T07:59:59", "2026-11-24T08:00:00"),
        ("2026-11-24T08:00:00", None),
    ],
)
def test_quiet_hours_end_at_eight_and_begin_at_ten(now: str, until: str | None) -> None:
    decision = decide(CALL, (), NOBODY, PACK, shanghai(now))
    if until is None:
        assert decision == Allow(("night", "talks", "rings"))
    else:
        assert isinstance(decision, Defer)
        assert decision.until == shanghai(until)
        assert [(f.rule, f.clause) for f in decision.findings] == [("contact.night", "条一")]
        assert dict(decision.findings[0].data) == {"pack": "test v1", "verified": "false"}


def test_the_day_is_the_packs_day_whatever_zone_now_is_in() -> None:
    decision = decide(CALL, (), NOBODY, PACK, datetime(2026, 11, 23, 14, 30, tzinfo=UTC))
    assert isinstance(decision, Defer)
    assert decision.until == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert decision.until.tzinfo is UTC


def test_an_agreement_on_record_opens_the_night() -> None:
    agreed = Preferences(may_be_contacted_at_night=True)
    assert isinstance(decide(CALL, (), agreed, PACK, shanghai("2026-11-23T23:00")), Allow)


def test_the_fourth_conversation_of_a_day_waits_until_the_next_morning() -> None:
    talks = [past(f"2026-11-23T{hour:02}:00", ContactResult.CONVERSATION, f"n{hour}") for hour in (9, 11, 15)]
    now = shanghai("2026-11-23T16:00")
    assert isinstance(decide(CALL, talks[:2], NOBODY, PACK, now), Allow)
    decision = decide(CALL, talks, NOBODY, PACK, now)
    assert isinstance(decision, Defer)
    assert decision.until == shanghai("2026-11-24T08:00")
    assert [f.rule for f in decision.findings] == ["contact.talks"]


def test_yesterdays_conversations_do_not_count() -> None:
    talks = [past("2026-11-22T20:00", ContactResult.CONVERSATION)] * 3
    assert isinstance(decide(CALL, talks, NOBODY, PACK, shanghai("2026-11-23T09:00")), Allow)


def test_unanswered_calls_count_for_each_number_alone() -> None:
    rings = [past("2026-11-23T09:00", ContactResult.UNANSWERED, "n1")] * 6
    now = shanghai("2026-11-23T10:00")
    assert isinstance(decide(CALL, rings, NOBODY, PACK, now), Defer)
    other = Contact(Purpose.COLLECTION, Channel.CALL, "n2")
    assert isinstance(decide(other, rings, NOBODY, PACK, now), Allow)


def test_all_rules_that_object_are_named() -> None:
    talks = [past("2026-11-23T20:00", ContactResult.CONVERSATION)] * 3
    decision = decide(CALL, talks, NOBODY, PACK, shanghai("2026-11-23T22:30"))
    assert isinstance(decision, Defer)
    assert [f.rule for f in decision.findings] == ["contact.night", "contact.talks"]


def test_withdrawn_consent_stops_marketing_on_that_channel_only() -> None:
    preferences = Preferences(opted_out=frozenset({(Purpose.MARKETING, Channel.SMS)}))
    now = shanghai("2026-11-23T10:00")
    decision = decide(Contact(Purpose.MARKETING, Channel.SMS), (), preferences, PACK, now)
    assert isinstance(decision, Block)
    assert [f.message.zh for f in decision.findings] == ["已撤回同意"]
    assert isinstance(decide(Contact(Purpose.MARKETING, Channel.MAIL), (), preferences, PACK, now), Allow)


def test_a_one_time_code_is_bound_by_none_of_them() -> None:
    code = Contact(Purpose.SECURITY, Channel.SMS)
    assert decide(code, (), NOBODY, PACK, shanghai("2026-11-23T23:00")) == Allow(())


def test_a_naive_now_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        decide(CALL, (), NOBODY, PACK, datetime(2026, 11, 23))  # noqa: DTZ001


RESULTS = st.sampled_from([ContactResult.CONVERSATION, ContactResult.UNANSWERED])
MOMENTS = st.datetimes(datetime(2026, 11, 20), datetime(2026, 11, 26), timezones=st.just(UTC))  # noqa: DTZ001


@given(
    now=MOMENTS,
    history=st.lists(
        st.builds(
            PastContact, MOMENTS, st.just(Purpose.COLLECTION), st.just(Channel.CALL), RESULTS, st.just("n1")
        ),
        max_size=30,
    ),
)
def test_a_deferral_names_the_first_allowed_quarter_of_an_hour(
    now: datetime, history: list[PastContact]
) -> None:
    decision = decide(CALL, history, NOBODY, PACK, now)
    if isinstance(decision, Defer):
        assert isinstance(decide(CALL, history, NOBODY, PACK, decision.until), Allow)
        at = now
        while at < decision.until:
            assert not isinstance(decide(CALL, history, NOBODY, PACK, at), Allow)
            at += timedelta(minutes=15)
    else:
        assert isinstance(decision, Allow)
        assert not 22 <= (now + timedelta(hours=8)).hour < 24
        assert (now + timedelta(hours=8)).hour >= 8


def test_every_mistake_of_a_pack_is_named_at_once() -> None:
    found = read(
        {
            "timezone": "Mars/Olympus",
            "rules": [
                {
                    "key": "a",
                    "kind": "QUIET_HOURS",
                    "purposes": ["DUNNING"],
                    "channels": ["SMS"],
                    "from": "25:00",
                    "to": "08:00",
                    "message": {"zh": "一"},
                    "clause": "c",
                    "verified": True,
                },
                {
                    "key": "a",
                    "kind": "CAP_PER_DAY",
                    "purposes": ["SERVICE"],
                    "channels": ["SMS"],
                    "limit": 0,
                    "counts": ["SENT"],
                    "from": "1",
                    "message": {"zh": "一", "en": "one"},
                    "clause": "",
                    "verified": "no",
                },
            ],
        },
        name="p",
        version=1,
    )
    assert isinstance(found, tuple)
    assert [problem.path for problem in found] == [
        "timezone",
        "rules[0].purposes",
        "rules[0].message",
        "rules[0].from",
        "rules[1].from",
        "rules[1].clause",
        "rules[1].verified",
        "rules[1].limit",
        "rules",
    ]


def test_two_packs_join_when_their_days_begin_together() -> None:
    house = ContactPack("house v1", "Asia/Shanghai", (STOP,))
    law = ContactPack("law v1", "Asia/Shanghai", (NIGHT,))
    joined = law.joined_with(house)
    assert (joined.name, joined.rules) == ("law v1+house v1", (NIGHT, STOP))
    with pytest.raises(ValueError, match="counts days"):
        law.joined_with(ContactPack("x", "UTC", ()))
