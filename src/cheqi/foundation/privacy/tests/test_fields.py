"""Sealed columns, on the rows of members of staff."""

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.db.models.functions import Cast
from django.test.utils import CaptureQueriesContext

from cheqi.foundation.privacy import blind
from cheqi.foundation.privacy.box import UnableToUnseal
from cheqi.foundation.privacy.fields import Envelope, SealedBytesField
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.foundation.staff.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


def a_member(login: str = "chen", mobile: str = "13800138866") -> Member:
    return Member.objects.create(login=login, name="陈静", mobile=mobile)


def column(member: Member, name: str) -> str:
    """What lies in the column."""
    row = Member.objects.annotate(raw=Cast(name, models.TextField())).values_list("raw", flat=True)
    return str(row.get(pk=member.pk))


def overwrite(member: Member, name: str, value: str) -> None:
    """What somebody with the database in hand can do."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE staff_member SET {name} = %s WHERE id = %s", [value, member.pk])


def test_the_column_holds_an_envelope_and_the_attribute_the_value() -> None:
    member = a_member()

    assert column(member, "mobile").startswith("v1|k1|")
    assert "13800138866" not in column(member, "mobile")
    assert Member.objects.get(pk=member.pk).mobile == "13800138866"


def test_a_value_copied_from_another_row_does_not_open() -> None:
    one, two = a_member(), a_member("lin", "13900139977")

    overwrite(one, "mobile", column(two, "mobile"))

    with pytest.raises(UnableToUnseal, match=r"staff_member\.mobile"):
        _ = Member.objects.get(pk=one.pk).mobile


def test_a_value_copied_from_another_column_does_not_open() -> None:
    member = a_member()

    overwrite(member, "totp_secret", column(member, "mobile"))

    with pytest.raises(UnableToUnseal, match=r"staff_member\.totp_secret"):
        _ = Member.objects.get(pk=member.pk).totp_secret


def test_a_row_seal_cannot_be_copied_along() -> None:
    one, two = a_member(), a_member("lin")

    with pytest.raises(Exception, match=r"(?i)unique"):
        overwrite(one, "row_seal", column(two, "row_seal"))


def test_plain_text_in_the_column_is_noticed() -> None:
    member = a_member()

    overwrite(member, "mobile", "13800138866")

    with pytest.raises(UnableToUnseal, match="not an envelope"):
        _ = Member.objects.get(pk=member.pk).mobile


def test_an_exact_search_goes_by_the_blind_index() -> None:
    member = a_member()
    a_member("lin", "13900139977")

    found = Member.objects.filter(mobile_index=blind.index("mobile", "+86 138 0013 8866"))

    assert [each.pk for each in found] == [member.pk]
    assert found[0].mobile_last4 == "8866"


def test_index_and_last_digits_follow_even_when_one_column_is_written() -> None:
    member = a_member()
    member.mobile = "13900139977"

    member.save(update_fields=["mobile"])

    stored = Member.objects.get(mobile_index=blind.index("mobile", "13900139977"))
    assert (stored.mobile, stored.mobile_last4) == ("13900139977", "9977")


def test_rows_made_in_bulk_are_sealed_and_indexed() -> None:
    Member.objects.bulk_create([Member(login=f"m{n}", name="甲", mobile=f"1380013800{n}") for n in range(3)])

    stored = Member.objects.get(mobile_index=blind.index("mobile", "13800138002"))
    assert (stored.login, stored.mobile) == ("m2", "13800138002")


def test_an_untouched_value_keeps_its_envelope() -> None:
    member = a_member()
    before = column(member, "mobile")

    stored = Member.objects.get(pk=member.pk)
    assert stored.mobile == "13800138866"
    stored.name = "陈静静"
    stored.save()

    assert column(member, "mobile") == before


def test_values_give_an_envelope_that_shows_nothing() -> None:
    member = a_member()

    value: object = Member.objects.values_list("mobile", flat=True).get(pk=member.pk)

    assert isinstance(value, Envelope)
    assert repr(value) == "Envelope()"
    assert value.key_id == "k1"


def test_a_deferred_column_is_read_when_it_is_asked_for() -> None:
    member = a_member()
    deferred = Member.objects.defer("mobile").get(pk=member.pk)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert deferred.mobile == "13800138866"

    assert len(queries) == 1


def test_writing_plain_text_past_the_row_is_refused_and_changes_nothing() -> None:
    member = a_member()
    before = column(member, "mobile")

    with pytest.raises(FieldError, match="set it on the row"), transaction.atomic():
        Member.objects.filter(pk=member.pk).update(mobile="13900139977")
    member.mobile = "13900139977"
    with pytest.raises(FieldError, match="set it on the row"), transaction.atomic():
        Member.objects.bulk_update([member], ["mobile"])

    assert column(member, "mobile") == before


def test_searching_the_sealed_column_is_refused() -> None:
    with pytest.raises(FieldError, match="blind index"):
        Member.objects.filter(mobile="13800138866").exists()


def test_a_dump_does_not_carry_plain_values() -> None:
    a_member()

    with pytest.raises(FieldError, match="cheqi backup"):
        serializers.serialize("json", Member.objects.all())


def test_emptiness_is_not_sealed() -> None:
    member = a_member(mobile="")

    assert column(member, "mobile") == ""
    assert Member.objects.get(pk=member.pk).mobile == ""
    assert member.mobile_index == ""


def test_bytes_are_sealed_for_their_row(keys: MemoryKeys) -> None:
    field = SealedBytesField()
    field.set_attributes_from_name("answer")
    field.model = Member
    one, two = a_member(), a_member("lin")

    envelope = field.sealed(b"\x00\xff", one.row_seal)

    assert field.opened(envelope, one) == b"\x00\xff"
    with pytest.raises(UnableToUnseal):
        field.opened(envelope, two)
