"""Applications: entered whole or not at all, decided once, found by those who may see them."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.eventlog.models import EventRow
from cheqi.records.applications.checks import RoleOf
from cheqi.records.applications.models import (
    Application,
    ApplicationParty,
    CreditAuthorisation,
    CreditDecision,
    CreditReport,
    Mandate,
    OfferSnapshot,
)
from cheqi.records.applications.operations import (
    authorise_credit,
    calculate_offer,
    change,
    create,
    decide,
    keep_credit_report,
    keep_offer,
    keep_payee_verdict,
    link_case,
    record_dealer,
    set_mandate,
    submit,
)
from cheqi.records.applications.queries import (
    application,
    borrower,
    by_case,
    by_number,
    credit_reports,
    decisions,
    latest_offer,
    roles,
    search,
)
from cheqi.records.tests.scenarios import (
    NOW,
    REVIEWER,
    a_branch,
    a_car,
    a_company,
    a_customer,
    a_dealer,
    a_manager,
    a_mobile,
    a_person,
    a_product,
    a_uscc,
    a_vin,
    an_account,
    an_application,
    an_approved_application,
    an_id_number,
    done,
    rules,
)

pytestmark = pytest.mark.django_db


def entered(**changes: Any) -> Any:
    """The result of entering the standard application with changes."""
    branch = a_branch()
    given: dict[str, Any] = {
        "number": "CQ1",
        "branch_id": branch.pk,
        "product_version_id": a_product().pk,
        "vehicle_id": a_car().pk,
        "roles": (RoleOf(a_person().pk, "BORROWER"),),
        "source_channel": "DESK",
        "price_fen": 15_000_000,
        "down_payment_fen": 5_000_000,
        "amount_fen": 10_000_000,
        "term_months": 36,
        "customer_type": "EMPLOYEE",
        "actor": a_manager(branch),
        "now": NOW,
    }
    return create(**{**given, **changes})


def test_an_application_is_entered_with_its_event_and_seen_by_its_branch_and_borrower() -> None:
    row = an_application()
    assert EventRow.objects.filter(type="lending.application_created").count() == 1
    assert application(row.pk, a_manager(a_branch())) == row
    assert application(row.pk, a_customer(borrower(row.pk))) == row
    assert application(row.pk, a_manager(a_branch("SH01"))) is None
    assert by_number(" cq20261100001 ", SYSTEM) == row
    assert [view.role for view in roles(row.pk, SYSTEM)] == ["BORROWER"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"price_fen": -1}, ["application.price_fen"]),
        ({"price_fen": 0, "amount_fen": 0, "term_months": 0, "down_payment_fen": -1}, [
            "application.price_fen", "application.down_payment_fen",
            "application.amount_fen", "application.term_months",
        ]),
        ({"amount_fen": 10_000_001}, ["application.amount_over_rest"]),
        ({"term_months": 61}, ["product.term"]),
        ({"amount_fen": 999_999}, ["product.amount"]),
        ({"balloon_fen": 1}, ["product.balloon"]),
        ({"due_day": 32, "monthly_income_fen": -1}, ["application.income", "application.due_day"]),
        ({"customer_type": "STUDENT"}, ["application.customer_type"]),
        ({"source_channel": "FAX"}, ["application.channel"]),
        ({"customer_type": "COMPANY"}, ["application.kind"]),
        ({"vehicle_id": 0, "dealer_id": 0}, ["application.vehicle", "application.dealer"]),
        ({"price_fen": 1.5}, ["application.price_fen"]),
    ],
)  # fmt: skip
def test_what_no_application_can_say_is_refused_with_everything_and_nothing_kept(
    changes: dict[str, Any], found: list[str]
) -> None:
    assert rules(entered(**changes)) == found
    assert Application.objects.count() == ApplicationParty.objects.count() == 0
    assert EventRow.objects.filter(type="lending.application_created").count() == 0


def test_parties_are_checked_together() -> None:
    person, other = a_person(), a_person("李一", 2)
    cases: list[tuple[tuple[RoleOf, ...], list[str]]] = [
        ((), ["application.borrower"]),
        ((RoleOf(person.pk, "BORROWER"), RoleOf(other.pk, "BORROWER")), ["application.borrower"]),
        ((RoleOf(person.pk, "BORROWER"), RoleOf(person.pk, "GUARANTOR")), ["application.twice"]),
        ((RoleOf(person.pk, "BORROWER"), RoleOf(0, "GUARANTOR")), ["application.party"]),
        ((RoleOf(person.pk, "BORROWER"), RoleOf(other.pk, "FRIEND")), ["application.role"]),
    ]
    version, car, branch = a_product(), a_car(), a_branch()
    for given, found in cases:
        result = create(
            number="CQ1", branch_id=branch.pk, product_version_id=version.pk, vehicle_id=car.pk, roles=given,
            source_channel="DESK", price_fen=15_000_000, down_payment_fen=5_000_000, amount_fen=10_000_000,
            term_months=36, customer_type="EMPLOYEE", actor=SYSTEM, now=NOW,
        )  # fmt: skip
        assert rules(result) == found
    assert Application.objects.count() == 0


def test_a_company_applies_through_its_representative() -> None:
    alone = entered(roles=(RoleOf(a_company().pk, "BORROWER"),), customer_type="COMPANY")
    assert rules(alone) == ["application.representative"]
    assert Application.objects.count() == 0


def test_a_company_with_its_representative_is_entered() -> None:
    both = (RoleOf(a_company().pk, "BORROWER"), RoleOf(a_person().pk, "REPRESENTATIVE"))
    row = done(entered(roles=both, customer_type="COMPANY"))
    assert [view.role for view in roles(row.pk, SYSTEM)] == ["BORROWER", "REPRESENTATIVE"]


def test_a_manager_enters_for_the_own_branch_and_a_customer_for_themselves() -> None:
    stranger = a_manager(a_branch("SH01"))
    result = entered(actor=stranger)
    assert isinstance(result, Refused)
    assert result.kind is RefusalKind.NOT_ALLOWED
    assert Application.objects.count() == 0


def test_a_customer_cannot_enter_for_somebody_else() -> None:
    other = a_person("李一", 2)
    assert rules(entered(actor=a_customer(other))) == ["application.scope"]
    assert Application.objects.count() == 0


def test_a_collection_account_of_a_stranger_is_refused() -> None:
    account = an_account(a_person("李一", 2), 2)
    assert rules(entered(collection_account_id=account.pk)) == ["application.account"]
    assert Application.objects.count() == 0


def test_the_same_number_again_is_the_same_application_and_other_figures_are_refused() -> None:
    row = an_application()
    branch = a_branch()
    again: dict[str, Any] = {
        "number": row.number,
        "branch_id": branch.pk,
        "product_version_id": row.product_version_id,
        "vehicle_id": row.vehicle_id,
        "roles": (RoleOf(borrower(row.pk).pk, "BORROWER"),),
        "source_channel": "DESK",
        "price_fen": 15_000_000,
        "down_payment_fen": 5_000_000,
        "amount_fen": 10_000_000,
        "term_months": 36,
        "customer_type": "EMPLOYEE",
        "actor": a_manager(branch),
        "now": NOW,
    }
    assert done(create(**again)).pk == row.pk
    assert rules(create(**{**again, "amount_fen": 9_000_000})) == ["application.number"]
    assert Application.objects.count() == 1
    assert EventRow.objects.filter(type="lending.application_created").count() == 1


def test_figures_change_until_somebody_decides() -> None:
    row = an_application()
    guarantor = a_person("李一", 2)
    everyone = (RoleOf(borrower(row.pk).pk, "BORROWER"), RoleOf(guarantor.pk, "GUARANTOR"))
    changed = done(
        change(application_id=row.pk, term_months=24, roles=everyone, actor=a_manager(a_branch()), now=NOW)
    )
    assert (changed.term_months, len(roles(row.pk, SYSTEM))) == (24, 2)
    assert rules(change(application_id=row.pk, term_months=99, actor=SYSTEM, now=NOW)) == ["product.term"]
    done(keep_offer(application_id=row.pk, actor=SYSTEM, now=NOW))
    done(decide(application_id=row.pk, step="review", opinion="APPROVE", actor=REVIEWER, now=NOW))
    assert rules(change(application_id=row.pk, term_months=12, actor=SYSTEM, now=NOW)) == [
        "application.decided"
    ]
    row.refresh_from_db()
    assert row.term_months == 24


def test_an_application_is_linked_to_one_case() -> None:
    row = an_application()
    done(link_case(application_id=row.pk, case_id=77, actor=SYSTEM, now=NOW))
    done(link_case(application_id=row.pk, case_id=77, actor=SYSTEM, now=NOW))
    assert rules(link_case(application_id=row.pk, case_id=78, actor=SYSTEM, now=NOW)) == ["application.case"]
    link = Actor(ActorKind.CUSTOMER, "link", "链接", scope=Scope(case_ids=frozenset({77})))
    assert by_case(77, link) == row
    assert by_case(77, Actor(ActorKind.CUSTOMER, "x", "x")) is None


@pytest.mark.parametrize(
    ("condition", "energy", "down_fen", "share", "most", "fitting"),
    [
        ("NEW", "ICE", 2_999_999, "80%", "¥120,000.00", "¥30,000.00"),
        ("USED", "ICE", 4_499_999, "70%", "¥105,000.00", "¥45,000.00"),
        ("USED", "NEV", 0, "70%", "¥105,000.00", "¥45,000.00"),
    ],
)
def test_more_of_the_price_than_product_or_law_allow_is_not_submitted(
    condition: str, energy: str, down_fen: int, share: str, most: str, fitting: str
) -> None:
    car = a_car(condition=condition)
    car.energy = energy
    car.save()
    price_fen = 15_000_000
    row = done(
        entered(
            vehicle_id=car.pk,
            price_fen=price_fen,
            down_payment_fen=down_fen,
            amount_fen=price_fen - down_fen,
            term_months=36,
        )
    )
    account = an_account(borrower(row.pk))
    done(
        change(
            application_id=row.pk,
            actor=SYSTEM,
            now=NOW,
            dealer_id=a_dealer().pk,
            collection_account_id=account.pk,
        )
    )
    refused = submit(application_id=row.pk, actor=SYSTEM, now=NOW)
    assert isinstance(refused, Refused)
    (found,) = refused.findings
    assert found.field == "down_payment_fen"
    assert all(part in found.message.zh for part in (share, most, fitting)), found.message.zh
    row.refresh_from_db()
    assert row.submitted_at is None
    fits = price_fen // 100 * (100 - int(share[:-1]))
    lent = price_fen - fits
    done(change(application_id=row.pk, actor=SYSTEM, now=NOW, down_payment_fen=fits, amount_fen=lent))
    assert done(submit(application_id=row.pk, actor=SYSTEM, now=NOW)).submitted_at == NOW


def test_submitting_needs_dealer_and_account_and_happens_once() -> None:
    row = done(entered())
    assert rules(submit(application_id=row.pk, actor=SYSTEM, now=NOW)) == ["application.incomplete"] * 2
    row.refresh_from_db()
    assert row.submitted_at is None
    account = an_account(borrower(row.pk))
    done(
        change(
            application_id=row.pk,
            dealer_id=a_dealer().pk,
            collection_account_id=account.pk,
            actor=SYSTEM,
            now=NOW,
        )
    )
    for _ in range(2):
        assert done(submit(application_id=row.pk, actor=SYSTEM, now=NOW)).submitted_at == NOW
    assert EventRow.objects.filter(type="lending.application_submitted").count() == 1


def test_an_offer_shows_cost_annual_rate_and_the_limits_that_are_passed() -> None:
    row = an_application(term_months=48)
    offer = done(calculate_offer(application_id=row.pk, actor=a_manager(a_branch()), now=NOW))
    assert (offer.installment_fen, offer.findings) == (234_850, ())
    assert OfferSnapshot.objects.count() == 0
    row.vehicle.condition = "USED"
    row.vehicle.save()
    used = done(calculate_offer(application_id=row.pk, actor=SYSTEM, now=NOW))
    assert [each.rule for each in used.findings] == ["auto_loan_term.max_term.used"]
    assert "汽车贷款管理办法" in used.findings[0].clause


def test_a_kept_offer_has_a_hash_and_an_event() -> None:
    row = an_application()
    kept = done(keep_offer(application_id=row.pk, actor=SYSTEM, now=NOW))
    assert latest_offer(row.pk, SYSTEM) == kept
    assert kept.data["installment_fen"] == 304_219
    assert len(kept.data["installments"]) == 36
    assert len(kept.sha256) == 64
    assert latest_offer(row.pk, a_manager(a_branch("SH01"))) is None
    assert EventRow.objects.filter(type="lending.offer_calculated").count() == 1


def test_a_decision_is_taken_once_per_step_and_the_second_reviewer_is_told() -> None:
    row = an_approved_application()
    other = Actor(ActorKind.STAFF, "901", "沈澜", frozenset({"reviewer"}), Scope(everything=True))
    late = decide(application_id=row.pk, step="review", opinion="REFUSE", reasons=["X"], actor=other, now=NOW)
    assert isinstance(late, Refused)
    assert (late.kind, rules(late)) == (RefusalKind.CONFLICT, ["decision.taken"])
    same = done(decide(application_id=row.pk, step="review", opinion="APPROVE", actor=REVIEWER, now=NOW))
    assert [each.pk for each in decisions(row.pk, SYSTEM)] == [same.pk]
    assert done(decide(application_id=row.pk, step="second_review", opinion="APPROVE", actor=other, now=NOW))
    assert EventRow.objects.filter(type="lending.credit_decided").count() == 2


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"opinion": "MAYBE"}, "decision.opinion"),
        ({"opinion": "REFUSE"}, "decision.reasons"),
        ({"opinion": "RETURN", "comment": " "}, "decision.comment"),
        ({"opinion": "APPROVE"}, "decision.offer"),
    ],
)
def test_a_decision_without_its_ground_is_refused(given: dict[str, Any], rule: str) -> None:
    row = an_application()
    assert rules(decide(application_id=row.pk, step="review", actor=REVIEWER, now=NOW, **given)) == [rule]
    assert CreditDecision.objects.count() == 0


def test_who_entered_the_application_does_not_decide_it() -> None:
    row = an_application()
    done(keep_offer(application_id=row.pk, actor=SYSTEM, now=NOW))
    result = decide(
        application_id=row.pk, step="review", opinion="APPROVE", actor=a_manager(a_branch()), now=NOW
    )
    assert rules(result) == ["decision.four_eyes"]
    assert CreditDecision.objects.count() == 0


def test_the_bureau_s_answer_needs_consent_and_lies_sealed() -> None:
    row = an_application()
    person = borrower(row.pk)
    given: dict[str, Any] = {
        "application_id": row.pk,
        "party_id": person.pk,
        "reference": "CR-1",
        "answer": '{"score": 640}',
        "figures": {"bureau_score": 640},
        "actor": SYSTEM,
        "now": NOW,
    }
    assert rules(keep_credit_report(**given)) == ["credit.consent"]
    assert CreditReport.objects.count() == 0
    consent = {
        "text": "本人授权查询",
        "purpose": "车贷审批",
        "method": "ONE_TIME_CODE",
        "actor": SYSTEM,
        "now": NOW,
    }
    first = done(authorise_credit(application_id=row.pk, party_id=person.pk, **consent))  # type: ignore[arg-type]
    again = done(authorise_credit(application_id=row.pk, party_id=person.pk, **consent))  # type: ignore[arg-type]
    assert first.pk == again.pk
    report = done(keep_credit_report(**given))
    assert done(keep_credit_report(**given)).pk == report.pk
    report.refresh_from_db()
    assert report.answer == '{"score": 640}'
    assert "640" not in str(CreditReport.objects.values_list("answer", flat=True).get())
    assert credit_reports(row.pk, a_customer(person)) == ()
    assert [each.pk for each in credit_reports(row.pk, a_manager(a_branch()))] == [report.pk]


def test_consent_of_somebody_outside_the_application_is_refused() -> None:
    row, other = an_application(), a_person("李一", 2)
    result = authorise_credit(
        application_id=row.pk, party_id=other.pk, text="t", purpose="p", method="m", actor=SYSTEM, now=NOW
    )
    assert rules(result) == ["credit.party"]
    assert CreditAuthorisation.objects.count() == 0


def test_a_dealer_s_new_account_is_unchecked_again() -> None:
    dealer = a_dealer()
    done(keep_payee_verdict(dealer_id=dealer.pk, state="MATCH", reference="B1", actor=SYSTEM, now=NOW))
    assert a_dealer().payee_state == "MATCH"
    given: dict[str, Any] = {
        "name": dealer.name,
        "uscc": a_uscc(501),
        "account_name": dealer.account_name,
        "bank_name": dealer.bank_name,
        "actor": SYSTEM,
        "now": NOW,
    }
    assert done(record_dealer(account="33050161000000000002", **given)).payee_state == "UNCHECKED"
    assert rules(record_dealer(account=" ", **given)) == ["dealer.account"]
    dealer.refresh_from_db()
    assert dealer.account == "33050161000000000002"


def test_a_live_mandate_has_the_bank_s_reference() -> None:
    row = an_application()
    assert rules(set_mandate(application_id=row.pk, state="ACTIVE", actor=SYSTEM, now=NOW)) == [
        "mandate.reference"
    ]
    assert Mandate.objects.count() == 0
    done(set_mandate(application_id=row.pk, state="PENDING", actor=SYSTEM, now=NOW))
    done(set_mandate(application_id=row.pk, state="ACTIVE", reference="M1", actor=SYSTEM, now=NOW))
    assert (Mandate.objects.get().state, Mandate.objects.get().reference) == ("ACTIVE", "M1")


@pytest.mark.parametrize(
    ("text", "found_by"),
    [
        ("CQ2026110", "number"),
        ("汪鑫", "name"),
        (a_vin(), "vin"),
        (a_vin()[-6:], "vin"),
        (a_mobile(), "mobile"),
        (a_mobile()[-4:], "mobile"),
        (an_id_number(), "id_number"),
        (an_id_number()[-4:], "id_number"),
        ("浙A12345", "plate"),
    ],
)
def test_the_desk_finds_an_application_by_what_people_say(text: str, found_by: str) -> None:
    row = an_application()
    row.vehicle.plate = "浙A12345"
    row.vehicle.save()
    assert [(hit.application_id, hit.borrower) for hit in search(text, a_manager(a_branch()))] == [
        (row.pk, "汪鑫")
    ]
    assert search(text, a_manager(a_branch()))[0].found_by == found_by
    assert search(text, a_manager(a_branch("SH01"))) == ()


@pytest.mark.parametrize("text", ["", "x", "不存在", "000", "CQ999", "%", "19900000002"])
def test_a_search_for_nobody_finds_nothing(text: str) -> None:
    an_application()
    assert search(text, SYSTEM) == ()


def test_a_search_gives_the_newest_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cheqi.records.applications.queries.MOST_HITS", 2)
    rows = [an_application(serial) for serial in (1, 2, 3)]
    name = rows[2].roles.get(role="BORROWER").party.name
    assert [hit.application_id for hit in search("CQ", SYSTEM)] == [rows[2].pk, rows[1].pk]
    assert rows[2].pk in [hit.application_id for hit in search(name, SYSTEM)]


def test_a_search_for_a_mark_without_letters_finds_no_car_without_plate() -> None:
    row = an_application()
    row.vehicle.plate = ""
    row.vehicle.save()
    assert search("··", SYSTEM) == ()


def test_a_search_reads_a_fixed_number_of_statements(django_assert_num_queries: Any) -> None:
    for serial in (1, 2, 3):
        an_application(serial)
    manager = a_manager(a_branch())
    with django_assert_num_queries(3):
        assert len(search("CQ", manager)) == 3


@pytest.mark.parametrize(
    "values",
    [{"price_fen": 0}, {"amount_fen": 10_000_001}, {"term_months": 0}, {"due_day": 0}, {"balloon_fen": -1}],
)
def test_the_database_refuses_an_application_out_of_bounds(values: dict[str, int]) -> None:
    row = an_application()
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()
    assert (row.price_fen, row.amount_fen) == (15_000_000, 10_000_000)
