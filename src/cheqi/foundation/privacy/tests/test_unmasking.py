"""Seeing a value in clear, and rotating keys."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.eventlog.models import EventRow, PersonKey
from cheqi.foundation.eventlog.persons import unwrap, wrap
from cheqi.foundation.exchanges.models import Exchange
from cheqi.foundation.privacy import blind, box, operations, queries
from cheqi.foundation.privacy.fields import Envelope
from cheqi.foundation.privacy.models import Unmasking
from cheqi.foundation.privacy.operations import UnableToRotate
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.foundation.staff.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
REVIEWER = Actor(ActorKind.STAFF, "5", "任远", frozenset({"reviewer"}))
AUDITOR = Actor(ActorKind.STAFF, "6", "审计", frozenset({"auditor"}))


def a_member(login: str = "chen", mobile: str = "13800138866") -> Member:
    return Member.objects.create(login=login, name="陈静", mobile=mobile)


def test_a_value_is_seen_with_a_role_and_a_reason_and_both_are_on_record() -> None:
    member = a_member()

    value = operations.unmask(member, "mobile", actor=REVIEWER, reason="电话核实收入", now=NOW)

    assert value == "13800138866"
    row = Unmasking.objects.get()
    assert (row.actor_id, row.actor_name, row.table, row.field) == ("5", "任远", "staff_member", "mobile")
    assert (row.row_seal, row.reason, row.at) == (member.row_seal, "电话核实收入", NOW)
    event = EventRow.objects.get(type="access.unmasked")
    assert (event.actor_id, event.payload["reason"]) == ("5", "电话核实收入")
    assert "13800138866" not in str(event.payload)


@pytest.mark.parametrize(
    ("actor", "reason", "kind"),
    [
        (REVIEWER, "", RefusalKind.INVALID),
        (REVIEWER, "  好  ", RefusalKind.INVALID),
        (REVIEWER, "长" * 201, RefusalKind.INVALID),
        (Actor(ActorKind.STAFF, "7", "管理", frozenset({"admin"})), "看看是谁", RefusalKind.NOT_ALLOWED),
        (Actor(ActorKind.STAFF, "8", "无"), "看看是谁", RefusalKind.NOT_ALLOWED),
        (Actor(ActorKind.CUSTOMER, "9", "客", frozenset({"reviewer"})), "看看是谁", RefusalKind.NOT_ALLOWED),
    ],
)
def test_without_role_or_reason_nothing_is_seen_and_nothing_written(
    actor: Actor, reason: str, kind: RefusalKind
) -> None:
    answer = operations.unmask(a_member(), "mobile", actor=actor, reason=reason, now=NOW)

    assert isinstance(answer, Refused)
    assert answer.kind is kind
    assert (Unmasking.objects.count(), EventRow.objects.count()) == (0, 0)


def test_a_field_that_is_not_sealed_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match=r"staff\.Member\.name is not a sealed text"):
        operations.unmask(a_member(), "name", actor=REVIEWER, reason="电话核实", now=NOW)


def test_those_who_check_see_all_unmaskings_and_others_their_own() -> None:
    member = a_member()
    operations.unmask(member, "mobile", actor=REVIEWER, reason="电话核实", now=NOW)
    operations.unmask(member, "mobile", actor=AUDITOR, reason="季度抽查", now=NOW)

    assert [row.reason for row in queries.unmaskings(AUDITOR)] == ["季度抽查", "电话核实"]
    assert [row.reason for row in queries.unmaskings(REVIEWER)] == ["电话核实"]


def key_ids() -> list[str]:
    rows: list[object] = list(Member.objects.order_by("pk").values_list("mobile", flat=True))
    return [value.key_id for value in rows if isinstance(value, Envelope)]


def test_rotation_moves_every_value_and_every_value_still_opens(keys: MemoryKeys) -> None:
    for n in range(5):
        a_member(f"m{n}", f"1380013800{n}")
    keys.add()

    done = operations.rotate(NOW, batch_rows=2)

    assert (done.key_id, done.rows_seen, done.rows_moved) == ("k2", 5, 5)
    assert key_ids() == ["k2"] * 5
    assert [m.mobile for m in Member.objects.order_by("pk")] == [f"1380013800{n}" for n in range(5)]
    assert EventRow.objects.get(type="access.keys_rotated").payload == {"key_id": "k2", "rows": 5}


def test_rotating_again_moves_nothing(keys: MemoryKeys) -> None:
    a_member()
    keys.add()
    operations.rotate(NOW)

    assert operations.rotate(NOW).rows_moved == 0


def test_a_stopped_rotation_goes_on_where_it_stopped(keys: MemoryKeys) -> None:
    for n in range(4):
        a_member(f"m{n}", f"1380013800{n}")
    keys.add()
    third = Member.objects.get(login="m2")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE staff_member SET mobile = 'v1|k1|AAAA|BBBB' WHERE id = %s", [third.pk])

    with pytest.raises(UnableToRotate, match=f"staff_member, row {third.pk}"):
        operations.rotate(NOW, batch_rows=2)
    assert key_ids() == ["k2", "k2", "k1", "k1"]

    third.mobile = "13800138002"
    third.save()
    assert operations.rotate(NOW, batch_rows=2).rows_moved == 1
    assert key_ids() == ["k2"] * 4


def test_rotation_leaves_what_somebody_saves_meanwhile(
    keys: MemoryKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = a_member()
    keys.add()
    real = box.unseal

    def save_meanwhile(envelope: bytes, *, context: str) -> bytes:
        monkeypatch.setattr(box, "unseal", real)
        fresh = Member.objects.get(pk=member.pk)
        fresh.mobile = "13900139977"
        fresh.save()
        return real(envelope, context=context)

    monkeypatch.setattr(box, "unseal", save_meanwhile)
    operations.rotate(NOW)

    assert Member.objects.get(pk=member.pk).mobile == "13900139977"


def test_sealed_bytes_are_moved_too(keys: MemoryKeys) -> None:
    asked = Exchange.objects.create(
        port="bureau", operation="ask", key="a-1", payload=b"\x00\xff", next_try_at=NOW, created_at=NOW
    )
    keys.add()

    assert operations.rotate(NOW).rows_moved == 1

    raw: object = Exchange.objects.values_list("payload", flat=True).get(pk=asked.pk)
    assert isinstance(raw, Envelope)
    stored = Exchange.objects.get(pk=asked.pk)
    assert (raw.key_id, bytes(stored.payload), stored.answer) == ("k2", b"\x00\xff", None)


def test_the_event_log_still_opens_a_persons_parts_after_rotation(keys: MemoryKeys) -> None:
    wrapped = wrap(7, b"k" * 32)
    PersonKey.objects.create(party_id=7, wrapped=wrapped, created_at=NOW)
    PersonKey.objects.create(party_id=8, wrapped=b"", created_at=NOW, erased_at=NOW)
    keys.add()

    assert operations.rotate(NOW).rows_moved == 1

    row = PersonKey.objects.get(pk=7)
    assert (box.key_id(bytes(row.wrapped)), unwrap(row)) == ("k2", b"k" * 32)


def test_whoever_uses_the_secret_box_is_part_of_rotation() -> None:
    source = Path(box.__file__).parents[2]
    files = {path.relative_to(source): path for path in source.rglob("*.py")}
    users = {
        str(place)
        for place, path in files.items()
        if "tests" not in place.parts and "box.seal(" in path.read_text(encoding="utf-8")
    }

    assert users == {
        "foundation/privacy/box.py",  # the example of its docstring
        "foundation/privacy/fields.py",  # columns of Sealed rows: walked
        "foundation/eventlog/persons.py",  # persons' keys: rewrap_keys
    }


def test_the_index_still_finds_a_row_after_rotation(keys: MemoryKeys) -> None:
    a_member()
    keys.add()
    operations.rotate(NOW)

    assert Member.objects.get(mobile_index=blind.index("mobile", "13800138866")).login == "chen"
