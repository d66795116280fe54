"""Applications that cannot be: refused with every reason, nothing written."""

import pytest

from cheqi.areas.origination.operations.drafting import answer, start
from cheqi.areas.origination.operations.submitting import submit
from cheqi.core.base.findings import RefusalKind
from cheqi.records.applications.models import Application
from tests.faults.conftest import Way, everything, refused, says_what_next
from tests.journeys.acts import answers, done

pytestmark = pytest.mark.django_db
USED = {"condition": "USED", "product": "used-car", "plate": "浙A12345", "mileage_km": "30000"}


def begun(way: Way) -> int:
    """A draft that a client manager has begun."""
    branch = way.world.lender.branches["HZ"].pk
    given = {"actor": way.world.staff("chenjing"), "now": way.world.now}
    return int(done(start(branch_id=branch, mobile="13900000018", **given, key="start-1")).case_id)


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({**USED, "registered_date": "2021-02-30"}, "registered_date"),
        ({"id_number": "110101199002300017"}, "id_number"),
        ({"price_fen": "-5"}, "price_fen"),
        ({"term_months": "-36"}, "term_months"),
        ({"term_months": "three years"}, "term_months"),
    ],
)
def test_what_cannot_be_is_not_kept_as_an_answer_and_cannot_be_sent(
    way: Way, entered: dict[str, str], field: str
) -> None:
    case_id, manager = begun(way), way.world.staff("chenjing")
    given = {"case_id": case_id, "actor": manager, "now": way.world.now}
    saved = done(answer(entered=answers(way.world, **entered), **given))
    assert [finding.field for finding in saved.findings] == [field]
    assert all(says_what_next(finding) for finding in saved.findings), saved.findings
    assert field not in saved.answers
    before = everything()
    answered = refused(submit(**given, key="submit-1"))
    assert (answered.kind, [each.field for each in answered.findings]) == (RefusalKind.INVALID, [field])
    assert everything() == before


@pytest.mark.parametrize(
    ("entered", "fields"),
    [
        ({"term_months": "61"}, ["term_months"]),
        ({"down_payment_fen": "149000"}, ["amount_fen"]),
        ({"price_fen": "0"}, ["price_fen"]),
        ({**USED, "registered_date": "2031-01-01"}, ["registered_date"]),
        (
            {**USED, "registered_date": "2031-01-01", "down_payment_fen": "150000"},
            ["down_payment_fen", "registered_date"],
        ),
    ],
)
def test_what_is_over_a_limit_is_named_when_it_is_sent_and_nothing_is_written(
    way: Way, entered: dict[str, str], fields: list[str]
) -> None:
    case_id, manager = begun(way), way.world.staff("chenjing")
    given = {"case_id": case_id, "actor": manager, "now": way.world.now}
    assert done(answer(entered=answers(way.world, **entered), **given)).findings == ()
    before = everything()
    answered = refused(submit(**given, key="submit-1"))
    assert answered.kind is RefusalKind.INVALID
    assert [each.field for each in answered.findings] == fields
    assert everything() == before
    assert Application.objects.count() == 0
