"""An event is there exactly when its cause is, chained within its case, personal parts apart."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from cheqi import ports
from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.core.evidence.canonical import dumps
from cheqi.core.evidence.commitment import commit
from cheqi.foundation.eventlog.logged import record_of
from cheqi.foundation.eventlog.models import EventRow, PersonalPart, PersonKey
from cheqi.foundation.eventlog.operations import Entry, NotInATransaction, erase_person, record, record_many
from cheqi.foundation.eventlog.operations.person_keys import rewrap_keys
from cheqi.foundation.eventlog.persons import PersonIsErased, open_parts, unwrap
from cheqi.foundation.eventlog.reading import logged_many
from cheqi.foundation.eventlog.tests.examples import DoorOpened, GuestNamed
from cheqi.foundation.privacy.box import key_id
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.ports.keys import KeyProvider

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
MANAGER = Actor(ActorKind.STAFF, "12", "陈静", acting_for="9")


@pytest.mark.django_db
def test_an_event_is_logged_with_its_circumstances() -> None:
    earlier = NOW - timedelta(hours=1)
    logged = record(DoorOpened(door=3), actor=MANAGER, now=NOW, case_id=5, occurred_at=earlier)
    row = EventRow.objects.get()
    assert (row.pk, row.type, row.case_id, row.position) == (logged.id, "example.door_opened", 5, 1)
    assert (row.actor_kind, row.actor_id, row.actor_name, row.acting_for) == ("STAFF", "12", "陈静", "9")
    assert (row.occurred_at, row.recorded_at, row.payload) == (earlier, NOW, {"door": 3})
    assert (row.previous, row.sequence, logged.sequence) == (None, None, None)
    assert logged.event == DoorOpened(door=3)


@pytest.mark.django_db
def test_the_commitment_can_be_recomputed_from_the_row() -> None:
    record(DoorOpened(door=3), actor=MANAGER, now=NOW.replace(microsecond=7), case_id=5)
    row = EventRow.objects.get()
    assert commit(dumps(record_of(row)), bytes(row.salt)) == bytes(row.commitment)


@pytest.mark.django_db
def test_each_event_of_a_case_repeats_the_commitment_of_the_one_before() -> None:
    for case_id in (5, 6, 5):
        record(DoorOpened(door=case_id), actor=SYSTEM, now=NOW, case_id=case_id)
    record_many(
        [Entry(event=DoorOpened(door=n), case_id=case_id) for n, case_id in enumerate((6, 5, 6, 7))],
        actor=SYSTEM,
        now=NOW,
    )
    for case_id, length in ((5, 3), (6, 3), (7, 1)):
        rows = list(EventRow.objects.filter(case_id=case_id).order_by("position"))
        assert [row.position for row in rows] == list(range(1, length + 1))
        assert [row.previous for row in rows] == [None, *(row.commitment for row in rows[:-1])]


@pytest.mark.django_db
def test_an_event_of_no_case_stands_alone() -> None:
    record(DoorOpened(door=1), actor=SYSTEM, now=NOW)
    record(DoorOpened(door=2), actor=SYSTEM, now=NOW)
    assert list(EventRow.objects.values_list("position", "previous")) == [(None, None)] * 2


@pytest.mark.django_db
def test_personal_parts_are_not_in_the_event_and_open_with_the_persons_key() -> None:
    record(GuestNamed(purpose="签约", name="李雷"), actor=SYSTEM, now=NOW, party_id=77)
    row = EventRow.objects.get()
    part = PersonalPart.objects.select_related("key").get()
    assert row.payload == {"purpose": "签约"}
    assert "李雷".encode() not in bytes(part.sealed)
    assert row.personal_commitment is not None
    key = unwrap(part.key)
    assert key is not None
    opened = open_parts(part, bytes(row.personal_commitment), key)
    assert opened.values == {"name": "李雷"}
    assert commit(dumps(opened.values), opened.salt) == bytes(row.personal_commitment)


@pytest.mark.django_db
def test_a_person_has_one_key() -> None:
    for name in ("李雷", "韩梅梅"):
        record(GuestNamed(purpose="签约", name=name), actor=SYSTEM, now=NOW, party_id=77)
    assert (PersonKey.objects.count(), PersonalPart.objects.count()) == (1, 2)


@pytest.mark.django_db
def test_erasing_a_person_destroys_the_key_and_is_logged_itself() -> None:
    record(GuestNamed(purpose="签约", name="李雷"), actor=SYSTEM, now=NOW, party_id=77)
    assert erase_person(77, actor=MANAGER, now=NOW, reason="本人要求")
    assert not erase_person(77, actor=MANAGER, now=NOW, reason="本人要求")
    key = PersonKey.objects.get()
    assert (bytes(key.wrapped), key.erased_at, unwrap(key)) == (b"", NOW, None)
    assert list(EventRow.objects.order_by("id").values_list("type", flat=True)) == [
        "example.guest_named",
        "evidence.person_erased",
    ]
    with pytest.raises(PersonIsErased):
        record(GuestNamed(purpose="签约", name="李雷"), actor=SYSTEM, now=NOW, party_id=77)


@pytest.mark.django_db
def test_rotation_moves_the_keys_of_persons_and_their_parts_still_open() -> None:
    keys = MemoryKeys()
    with ports.bound(KeyProvider, keys):
        record(GuestNamed(purpose="签约", name="李雷"), actor=SYSTEM, now=NOW, party_id=77)
        before = bytes(PersonKey.objects.get().wrapped)
        assert rewrap_keys() == 0
        keys.add()
        assert rewrap_keys() == 1
        assert key_id(before) != key_id(bytes(PersonKey.objects.get().wrapped)) == keys.current().id
        (logged,) = logged_many(EventRow.objects.all())
        assert logged.event == GuestNamed(purpose="签约", name="李雷")


@pytest.mark.django_db
def test_a_customers_name_stays_out_of_the_actor() -> None:
    record(DoorOpened(door=1), actor=Actor(ActorKind.CUSTOMER, "77", "李雷"), now=NOW)
    assert EventRow.objects.get().actor_name == ""


@pytest.mark.django_db
def test_personal_parts_need_their_person() -> None:
    with pytest.raises(ValueError, match="say whose"):
        record(GuestNamed(purpose="签约", name="李雷"), actor=SYSTEM, now=NOW)
    assert not EventRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_of_a_transaction_is_refused() -> None:
    with pytest.raises(NotInATransaction):
        record(DoorOpened(door=1), actor=SYSTEM, now=NOW)
    assert not EventRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_cause_leaves_no_event() -> None:
    with transaction.atomic():
        record(DoorOpened(door=1), actor=SYSTEM, now=NOW, case_id=5)
        transaction.set_rollback(True)
    assert not EventRow.objects.exists()


@pytest.mark.django_db
def test_the_database_refuses_a_fork_of_a_case() -> None:
    record(DoorOpened(door=1), actor=SYSTEM, now=NOW, case_id=5)
    row = EventRow.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    assert EventRow.objects.count() == 1


@pytest.mark.django_db
def test_a_batch_takes_a_fixed_number_of_statements(django_assert_max_num_queries: object) -> None:
    entries = [Entry(event=DoorOpened(door=n), case_id=n % 40) for n in range(200)]
    record_many(entries, actor=SYSTEM, now=NOW)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        record_many(entries, actor=SYSTEM, now=NOW)
    assert EventRow.objects.count() == 400


@pytest.mark.django_db
def test_a_batch_beyond_the_limit_is_refused() -> None:
    entries = [Entry(event=DoorOpened(door=n)) for n in range(1001)]
    with pytest.raises(ValueError, match="at most 1000"):
        record_many(entries, actor=SYSTEM, now=NOW)
    assert not EventRow.objects.exists()
