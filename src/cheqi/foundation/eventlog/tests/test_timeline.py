"""The timeline in the words of who reads it, and nothing of a case that is not theirs."""

import pytest

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.foundation.eventlog.operations import erase_person, seal
from cheqi.foundation.eventlog.queries import event_proof, timeline
from cheqi.foundation.eventlog.tests.scenarios import NOW, a_sealed_log, log_doors, log_guest
from cheqi.foundation.workflow.models import Case, DefinitionRow

pytestmark = pytest.mark.django_db
AUDITOR = Actor(ActorKind.STAFF, "5", "吴桐", scope=Scope(everything=True))
TRACKER = Actor(ActorKind.CUSTOMER, "link", "", scope=Scope(case_ids=frozenset({1})))
STRANGER = Actor(ActorKind.STAFF, "6", "何平", scope=Scope(case_ids=frozenset({2})))


def test_a_colleague_reads_every_event_in_order_with_its_actor() -> None:
    log_doors(1, cases=1)
    log_guest(1)
    first, second = timeline(1, AUDITOR)
    assert (first.sentence.zh, first.actor_name, first.is_sealed) == ("打开了 0 号门", "系统", False)
    assert (second.sentence.zh, second.sentence.en) == (
        "登记了客人 李雷（签约）",
        "Registered the guest 李雷 (签约)",
    )
    assert (second.actor_kind, second.actor_name, second.occurred_at) == (ActorKind.STAFF, "陈静", NOW)


def test_a_customer_reads_what_is_for_them_in_their_words_without_colleagues_names() -> None:
    log_doors(2, cases=1)
    log_guest(1)
    (entry,) = timeline(1, TRACKER)
    assert (entry.sentence.zh, entry.sentence.en) == ("您的来访已登记", "Your visit is registered")
    assert (entry.actor_name, entry.acting_for) == ("", None)


def test_somebody_elses_case_is_the_same_as_an_empty_one() -> None:
    a_sealed_log()
    assert timeline(1, STRANGER) == ()
    assert timeline(999, AUDITOR) == ()
    assert len(timeline(2, STRANGER)) == 7


def test_a_case_is_seen_by_its_branch_and_its_customer_and_by_nobody_elses() -> None:
    definition = DefinitionRow.objects.create(
        process="example", version=1, content_hash="0", effective_from=NOW, published_at=NOW
    )
    case = Case.objects.create(
        number="A1", definition=definition, status="OPEN", branch_id=3, party_id=77, opened_at=NOW
    )
    log_guest(case.pk)
    for scope, lines in (
        (Scope(branch_ids=frozenset({3})), 1),
        (Scope(branch_ids=frozenset({4})), 0),
        (Scope(party_id=77), 1),
        (Scope(party_id=78), 0),
        (Scope(), 0),
    ):
        assert len(timeline(case.pk, Actor(ActorKind.STAFF, "8", "郑好", scope=scope))) == lines


def test_what_was_erased_reads_as_erased_and_the_rest_stays() -> None:
    log_guest(1)
    erase_person(77, actor=SYSTEM, now=NOW, reason="本人要求")
    (entry,) = timeline(1, AUDITOR)
    assert entry.sentence.zh == "登记了客人 （已删除）（签约）"


def test_a_long_timeline_takes_two_statements_more_than_a_short_one_never(
    django_assert_num_queries: object,
) -> None:
    log_doors(300, cases=1)
    log_guest(1)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(timeline(1, AUDITOR)) == 301


def test_one_event_is_shown_with_its_checked_proof_once_it_is_sealed() -> None:
    log_doors(2, cases=1)
    log_guest(1)
    (entry,) = timeline(1, TRACKER)
    unsealed = event_proof(entry.id, 1, TRACKER)
    assert unsealed is not None
    assert (unsealed.position, unsealed.sequence, unsealed.holds) == (3, None, False)
    seal(NOW)
    sealed = event_proof(entry.id, 1, TRACKER)
    assert sealed is not None
    assert (sealed.sequence, sealed.tree_size, sealed.holds) == (2, 3, True)


def test_a_proof_of_an_internal_event_or_another_case_is_not_there_for_a_customer() -> None:
    log_doors(1, cases=1)
    log_guest(1)
    seal(NOW)
    internal = timeline(1, AUDITOR)[0]
    assert event_proof(internal.id, 1, TRACKER) is None
    assert event_proof(internal.id, 1, STRANGER) is None
    assert event_proof(internal.id, 2, AUDITOR) is None
