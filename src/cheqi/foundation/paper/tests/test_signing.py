"""A paper is shown, signed by each customer and then by the lender; each step once, in order, on record."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cheqi import ports
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.paper import queries, samples
from cheqi.foundation.paper.models import ConsentRecord, Paper, SignatureRow
from cheqi.foundation.paper.operations import Consent, draw_up, show, sign_customer, sign_lender, void
from cheqi.foundation.paper.places import Signatory
from cheqi.foundation.paper.signing import with_signature
from cheqi.foundation.paper.tests.conftest import CO_BORROWER, CUSTOMER, ELSEWHERE, MANAGER, STRANGER
from cheqi.ports.esign import SigningCertificate, SigningService, Subject, UnableToSign

pytestmark = pytest.mark.django_db
NOW = samples.DRAWN_AT
SIGNS = "cheqi.foundation.paper.operations.sign.with_signature"
TEXT = "我已阅读《汽车贷款合同》全文，同意签署。"


def a_contract(key: str = "k1", sides: tuple[Signatory, ...] = samples.SIGNATORIES) -> Paper:
    paper = draw_up(
        samples.loan_contract(),
        case_id=7, party_id=3, branch_id=1, signatories=sides, agreement_ref="agreement-1",
        actor=MANAGER, now=NOW, key=key,
    )  # fmt: skip
    assert isinstance(paper, Paper)
    return paper


def a_shown_contract(sides: tuple[Signatory, ...] = samples.SIGNATORIES) -> Paper:
    paper = show(a_contract(sides=sides).pk, actor=CUSTOMER, now=NOW)
    assert isinstance(paper, Paper)
    return paper


def consent_to(paper: Paper, party_id: int = 3) -> Consent:
    return Consent(
        party_id=party_id,
        text=TEXT,
        pdf_sha256=paper.sha256,
        code_reference="code-20261201-0007",
        shown_at=NOW,
        confirmed_at=NOW + timedelta(minutes=1),
        address="203.0.113.9",
        device="Mobile Safari",
    )


def customer_signs(
    paper: Paper, key: str = "s1", actor: Actor = CUSTOMER, party_id: int = 3
) -> Paper | Refused:
    return sign_customer(paper.pk, consent_to(paper, party_id), actor=actor, now=NOW, key=key)


def rule_of(answer: object) -> tuple[RefusalKind, str]:
    assert isinstance(answer, Refused)
    return answer.kind, answer.findings[0].rule


def state_of(paper: Paper) -> tuple[str, str, int, int]:
    fresh = Paper.objects.get(pk=paper.pk)
    signed = SignatureRow.objects.exclude(signed_at=None).count()
    return fresh.state, fresh.sha256, signed, ConsentRecord.objects.count()


def test_a_contract_is_signed_by_both_sides_and_verifies() -> None:
    paper = a_shown_contract()
    after_customer = customer_signs(paper)
    assert isinstance(after_customer, Paper)
    assert after_customer.state == "SIGNED_BY_CUSTOMER"
    done = sign_lender(paper.pk, actor=SYSTEM, now=NOW + timedelta(hours=1), key="s2")
    assert isinstance(done, Paper)
    assert (done.state, done.completed_at) == ("SIGNED", NOW + timedelta(hours=1))
    got = queries.download(paper.pk, CUSTOMER, NOW)
    assert got is not None
    assert got.filename == "汽车贷款合同-CQ-2026-000123.pdf"
    report = queries.verify(got.content, now=NOW + timedelta(days=300))
    assert report.is_unchanged
    consent = ConsentRecord.objects.get()
    assert consent.record_sha256 in report.signers[0].reason
    assert (consent.text, consent.address, consent.pdf_sha256) == (TEXT, "203.0.113.9", paper.sha256)
    assert consent.record_sha256 == consent_to(paper).sha256(paper.number)
    assert queries.is_ours(got.content)
    assert not queries.is_ours(got.content + b" ")


def test_each_step_is_in_the_log() -> None:
    paper = a_shown_contract()
    customer_signs(paper)
    sign_lender(paper.pk, actor=SYSTEM, now=NOW, key="s2")
    types = list(EventRow.objects.filter(case_id=7).order_by("position").values_list("type", flat=True))
    assert types == [
        "contract.paper_drawn_up", "contract.paper_shown", "contract.paper_signed",
        "contract.paper_signed", "contract.paper_completed",
    ]  # fmt: skip


def test_signing_twice_answers_the_same_and_signs_once() -> None:
    paper = a_shown_contract()
    customer_signs(paper, "s1")
    before = state_of(paper)
    for key in ("s1", "s9"):
        answer = customer_signs(paper, key)
        assert isinstance(answer, Paper)
    assert state_of(paper) == before


def test_a_key_is_not_taken_for_another_signature() -> None:
    paper = a_shown_contract()
    customer_signs(paper, "s1")
    before = state_of(paper)
    answer = sign_lender(paper.pk, actor=SYSTEM, now=NOW, key="s1")
    assert rule_of(answer) == (RefusalKind.CONFLICT, "paper.key_reused")
    assert state_of(paper) == before


def test_a_paper_that_was_not_shown_cannot_be_signed() -> None:
    paper = a_contract()
    before = state_of(paper)
    assert rule_of(customer_signs(paper)) == (RefusalKind.NOT_NOW, "paper.not_shown")
    assert state_of(paper) == before


def test_consent_to_other_bytes_than_the_papers_is_refused() -> None:
    paper = a_shown_contract()
    before = state_of(paper)
    other = replace(consent_to(paper), pdf_sha256="0" * 64)
    answer = sign_customer(paper.pk, other, actor=CUSTOMER, now=NOW, key="s1")
    assert rule_of(answer) == (RefusalKind.CONFLICT, "paper.shown_another")
    assert state_of(paper) == before


def test_the_lender_signs_last() -> None:
    paper = a_shown_contract()
    before = state_of(paper)
    answer = sign_lender(paper.pk, actor=SYSTEM, now=NOW, key="s2")
    assert rule_of(answer) == (RefusalKind.NOT_NOW, "paper.customer_first")
    assert state_of(paper) == before


def test_a_customer_cannot_sign_for_the_lender_or_for_another() -> None:
    paper = a_shown_contract()
    before = state_of(paper)
    assert rule_of(sign_lender(paper.pk, actor=CUSTOMER, now=NOW, key="s2"))[0] is RefusalKind.NOT_ALLOWED
    assert rule_of(customer_signs(paper, actor=STRANGER))[0] is RefusalKind.NOT_FOUND
    assert rule_of(customer_signs(paper, party_id=5)) == (RefusalKind.NOT_ALLOWED, "paper.not_a_signatory")
    assert state_of(paper) == before


def test_a_co_borrower_sees_the_paper_and_signs_what_the_borrower_signed() -> None:
    second = Signatory("CO_BORROWER", "signer2", "共同借款人", "李大山", party_id=4)
    paper = a_shown_contract((samples.SIGNATORIES[0], second, samples.SIGNATORIES[1]))
    first = customer_signs(paper)
    assert isinstance(first, Paper)
    assert first.state == "SHOWN"
    stale = customer_signs(paper, "s2", CO_BORROWER, 4)
    assert rule_of(stale) == (RefusalKind.CONFLICT, "paper.shown_another")
    both = customer_signs(first, "s3", CO_BORROWER, 4)
    assert isinstance(both, Paper)
    assert both.state == "SIGNED_BY_CUSTOMER"
    assert queries.download(paper.pk, STRANGER, NOW) is None


class NobodySigns:
    """A signing service that is out of reach."""

    def lender(self) -> SigningCertificate:
        raise UnableToSign("out of reach")

    def issue_once(self, subject: Subject, *, evidence_sha256: str, now: object) -> SigningCertificate:
        raise UnableToSign("out of reach")

    def sign(self, key_ref: str, data: bytes) -> bytes:
        raise UnableToSign("out of reach")

    def trust_roots(self) -> tuple[bytes, ...]:
        return ()


def test_a_signing_service_out_of_reach_leaves_everything_as_it_was() -> None:
    paper = a_shown_contract()
    before = state_of(paper)
    with ports.bound(SigningService, NobodySigns()):
        assert rule_of(customer_signs(paper)) == (RefusalKind.NOT_NOW, "paper.signing_unavailable")
    assert state_of(paper) == before


def test_of_two_who_sign_at_once_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = a_shown_contract()
    original = with_signature

    def overtaken(*args: Any, **kwargs: Any) -> bytes:
        monkeypatch.setattr(SIGNS, original)
        assert isinstance(customer_signs(paper, "s2"), Paper)
        return original(*args, **kwargs)

    monkeypatch.setattr(SIGNS, overtaken)
    assert rule_of(customer_signs(paper, "s1")) == (RefusalKind.CONFLICT, "paper.shown_another")
    assert state_of(paper)[2:] == (1, 1)


def test_drawing_up_again_with_the_same_key_is_the_same_paper_and_another_number_is_not() -> None:
    paper = a_contract()
    assert a_contract().pk == paper.pk
    again = draw_up(
        samples.loan_contract(), case_id=7, party_id=3, branch_id=1, actor=MANAGER, now=NOW, key="k2"
    )
    assert rule_of(again) == (RefusalKind.CONFLICT, "paper.number_taken")
    assert Paper.objects.count() == 1


def test_a_void_paper_is_not_signed_and_makes_room_for_a_new_one() -> None:
    paper = a_shown_contract()
    assert rule_of(void(paper.pk, reason=" ", actor=MANAGER, now=NOW)) == (
        RefusalKind.INVALID,
        "paper.reason_missing",
    )
    assert rule_of(void(paper.pk, reason="价格有误", actor=CUSTOMER, now=NOW))[0] is RefusalKind.NOT_ALLOWED
    assert isinstance(void(paper.pk, reason="价格有误", actor=MANAGER, now=NOW), Paper)
    assert rule_of(customer_signs(paper)) == (RefusalKind.NOT_NOW, "paper.is_void")
    assert a_contract("k2").pk != paper.pk


def test_a_schedule_is_issued_without_signatures() -> None:
    paper = draw_up(
        samples.repayment_schedule(), case_id=7, party_id=3, branch_id=1, actor=SYSTEM, now=NOW, key="k1"
    )
    assert isinstance(paper, Paper)
    assert paper.state == "ISSUED"
    assert rule_of(sign_lender(paper.pk, actor=SYSTEM, now=NOW, key="s"))[1] == "paper.nothing_to_sign"


def test_papers_are_seen_within_scope_in_two_statements(django_assert_num_queries: Any) -> None:
    paper = a_contract()
    for actor in (CUSTOMER, MANAGER, SYSTEM):
        with django_assert_num_queries(2):
            (row,) = queries.papers_of(7, actor)
        assert [side.name for side in row.sides] == ["王小雨", samples.LENDER.name]
    assert queries.papers_of(7, ELSEWHERE) == ()
    assert queries.paper_view(paper.pk, ELSEWHERE) is None
    assert queries.download(paper.pk, ELSEWHERE, NOW) is None
    assert rule_of(show(paper.pk, actor=ELSEWHERE, now=NOW))[0] is RefusalKind.NOT_FOUND


def test_no_name_lies_open_in_the_database(home: Path) -> None:
    a_contract()
    stored = SignatureRow.objects.values_list("name", "detail")
    assert all("王小雨" not in str(part) for row in stored for part in row)
