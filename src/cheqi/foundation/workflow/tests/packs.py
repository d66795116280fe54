"""A small process, its registered names, and people at two branches: what the tests here share."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.core.base.findings import Finding
from cheqi.core.base.text import Text
from cheqi.core.process.definition import Facts
from cheqi.foundation.staff.models import Branch, Member, RoleAssignment
from cheqi.foundation.staff.queries import actor_for
from cheqi.foundation.workflow import operations, registry
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.models import DefinitionRow
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.registry import Material, StepResult

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in China

PACK = """
process: small_loan
version: 1
effective_from: 2026-01-01
title: {zh: 小额贷款, en: Small loan}
number: XD
calendar: cn_business
facts:
  amount: {kind: integer}
stages:
  - {key: apply,  title: {zh: 申请, en: Apply}}
  - {key: decide, title: {zh: 审批, en: Decide}}
  - {key: pay,    title: {zh: 放款, en: Pay}}
statuses:
  PAID: {zh: 已放款, en: Paid}
  REFUSED: {zh: 未通过, en: Refused}
completes: PAID
withdraw: {until: review}
steps:
  - key: send_documents
    title: {zh: 提交资料, en: Send documents}
    sentence: {zh: 请上传资料, en: Please send your documents.}
    stage: apply
    owner: customer
    assisted_by: [client_manager]
    materials: {from: test.materials}
    target: 3d
    remind: [1d, 2d]
  - key: review
    title: {zh: 审批, en: Review}
    stage: decide
    after: [send_documents]
    owner: {role: reviewer, not: [creator]}
    target: 4h
    outcomes: {approve: done, return: send_documents, refuse: close(REFUSED)}
    on_breach: [notify_customer, {escalate: operations_manager}]
  - key: second_review
    title: {zh: 复核, en: Second review}
    stage: decide
    after: [send_documents]
    when: test.is_large
    owner: {role: senior_reviewer, not: [creator, review]}
    target: 4h
    outcomes: {approve: done, refuse: close(REFUSED)}
  - key: pay_out
    title: {zh: 银行付款, en: Bank payment}
    stage: pay
    after: [review, second_review]
    run: test.pay_out
    await: test.bank_paid
    ball: bank
    target: 1d
"""

TWO_LEVELS = PACK.replace("version: 1", "version: 2").replace(
    "{escalate: operations_manager}]",
    "{escalate: operations_manager}, {escalate: operations_director, at: 150%}]",
)
missing: set[str] = set()
"""What the materials source of the tests lacks; emptied by the `world` fixture."""

ran: list[tuple[str, int]] = []
"""Each run of the test operation: case number and round."""

blocked: list[str] = []
"""What the guard of an approval objects to."""


@registry.predicate("test.is_large", needs=("amount",))
def is_large(facts: Facts) -> bool:
    """Above 100,000 yuan two people decide."""
    amount = facts.get("amount", 0)
    return isinstance(amount, int) and amount > 10_000_000


@registry.materials("test.materials")
def materials(case: CaseRecord) -> tuple[Material, ...]:
    """An ID card, there unless a test takes it away."""
    return (Material("id_card", Text("身份证", "ID card"), "id_card" not in missing),)


@registry.operation("test.pay_out")
def pay_out(case: CaseRecord, actor: Actor, now: datetime) -> StepResult:
    """Asks the bank; the answer comes later."""
    ran.append((case.number, case.round_of("pay_out")))
    return StepResult(data={"asked_at": now.isoformat()})


@registry.guard("small_loan.review.approve")
def not_blocked(case: CaseRecord, actor: Actor, now: datetime) -> tuple[Finding, ...]:
    """Objects when a test says so."""
    return tuple(Finding("test.blocked", Text(text, text)) for text in blocked)


registry.awaits("test.bank_paid")


class World:
    """A lender with two branches, their people, one customer and the published process."""

    def __init__(self) -> None:
        missing.clear()
        ran.clear()
        blocked.clear()
        self.north = Branch.objects.create(code="N", name="北区")
        self.south = Branch.objects.create(code="S", name="南区")
        self.manager = self.member("chen", "陈静", "client_manager", self.north)
        self.reviewer = self.member("lin", "林伟", "reviewer", self.north)
        self.other_reviewer = self.member("zhou", "周敏", "reviewer", self.north)
        self.senior = self.member("wu", "吴芳", "senior_reviewer", self.north)
        self.stranger = self.member("sun", "孙悦", "reviewer", self.south)
        self.boss = self.member("zheng", "郑凯", "operations_manager", None)
        self.customer = Actor(ActorKind.CUSTOMER, "77", "王小明", scope=Scope(party_id=77))
        row = operations.publish_definition(source=PACK, actor=SYSTEM, now=NOW)
        assert isinstance(row, DefinitionRow), row
        self.row = row

    def member(self, login: str, name: str, role: str, branch: Branch | None) -> Member:
        """A colleague with one role."""
        made = Member.objects.create(login=login, name=name, branch=branch)
        RoleAssignment.objects.create(
            member=made, role=role, branch=branch, granted_at=NOW - timedelta(days=400)
        )
        return made

    def actor(self, member: Member, now: datetime = NOW) -> Actor:
        """The colleague as an actor."""
        return actor_for(member, now)

    def open(
        self, *, amount: int = 100, key: str = "open", by: Actor | None = None, **rest: Any
    ) -> CaseMoved:
        """A new case of the customer at the northern branch."""
        answer = operations.open_case(
            process="small_loan",
            branch_id=self.north.pk,
            party_id=77,
            facts={"amount": amount},
            actor=by or self.customer,
            key=key,
            **{"now": NOW, **rest},
        )
        assert isinstance(answer, CaseMoved), answer
        return answer

    def finish(
        self, case_id: int, step: str, by: Actor | Member, outcome: str = "", *, key: str = "", **rest: Any
    ) -> Any:
        """Finishes a step."""
        actor = self.actor(by) if isinstance(by, Member) else by
        return operations.finish_step(
            case_id=case_id,
            step=step,
            outcome=outcome,
            actor=actor,
            key=key or f"{case_id}:{step}:{outcome}",
            **{"now": NOW, **rest},
        )

    def in_review(self, *, amount: int = 100, key: str = "open", by: Actor | None = None) -> CaseMoved:
        """A case whose documents are there."""
        case = self.open(amount=amount, key=key, by=by)
        answer = self.finish(case.case_id, "send_documents", self.customer, key=f"{key}:documents")
        assert isinstance(answer, CaseMoved), answer
        return answer
