"""Publishing a version, and moving live cases to it."""

from datetime import timedelta

from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.jobs.running import drain
from cheqi.foundation.workflow import operations
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.models import Case, DefinitionRow, Escalation, StepRow
from cheqi.foundation.workflow.operations import Migration
from cheqi.foundation.workflow.tests.packs import NOW, PACK, TWO_LEVELS, World

SECOND = PACK.replace("version: 1", "version: 2")
WITH_CALL = SECOND.replace(
    "  - key: second_review",
    """  - key: call
    title: {zh: 电话核实, en: Call}
    stage: decide
    after: [send_documents]
    owner: {role: back_office}
    target: 4h
  - key: second_review""",
)


def migrate(world: World, case: CaseMoved, row: DefinitionRow, *, is_dry_run: bool) -> Migration | Refused:
    boss = world.actor(world.boss)
    return operations.migrate_case(
        case_id=case.case_id, definition_hash=row.content_hash, actor=boss, now=NOW, is_dry_run=is_dry_run
    )


def test_a_pack_with_five_mistakes_is_refused_with_all_five_and_the_old_version_goes_on(world: World) -> None:
    broken = (
        SECOND.replace("test.pay_out", "test.payout")
        .replace("target: 3d", "target: 3 days")
        .replace("role: senior_reviewer", "role: seniour_reviewer")
        .replace("after: [review, second_review]", "after: [review, third_review]")
        .replace("when: test.is_large", "when: test.is_big")
    )
    answer = operations.publish_definition(source=broken, actor=SYSTEM, now=NOW)
    assert isinstance(answer, Refused)
    assert answer.kind is RefusalKind.INVALID
    assert sorted(finding.field for finding in answer.findings) == [
        "steps[0].target",
        "steps[2].owner.role",
        "steps[2].when",
        "steps[3].after",
        "steps[3].run",
    ]
    assert list(DefinitionRow.objects.values_list("version", flat=True)) == [1]
    assert world.open().number == "XD-2026-000001"


def test_a_key_that_comes_twice_is_a_mistake_too(world: World) -> None:
    answer = operations.publish_definition(source=f"{SECOND}\nversion: 3\n", actor=SYSTEM, now=NOW)
    assert isinstance(answer, Refused)
    assert DefinitionRow.objects.count() == 1


def test_publishing_the_same_content_again_changes_nothing(world: World) -> None:
    again = operations.publish_definition(source=f"# a comment\n{PACK}", actor=SYSTEM, now=NOW)
    assert again == world.row
    assert DefinitionRow.objects.count() == 1


def test_a_version_number_is_used_once(world: World) -> None:
    other = PACK.replace("target: 4h", "target: 5h")
    answer = operations.publish_definition(source=other, actor=SYSTEM, now=NOW)
    assert isinstance(answer, Refused)
    assert answer.kind is RefusalKind.CONFLICT
    assert DefinitionRow.objects.count() == 1


def test_live_cases_stay_on_their_version_until_someone_migrates_them(world: World) -> None:
    case = world.in_review()
    row = operations.publish_definition(source=WITH_CALL, actor=SYSTEM, now=NOW)
    assert isinstance(row, DefinitionRow)
    assert Case.objects.get().definition_id == world.row.pk
    dry = migrate(world, case, row, is_dry_run=True)
    assert dry == Migration(case.case_id, 1, 2, kept=("review",), opened=("call",), is_done=False)
    assert Case.objects.get().definition_id == world.row.pk
    assert not StepRow.objects.filter(key="call").exists()
    done = migrate(world, case, row, is_dry_run=False)
    assert isinstance(done, Migration)
    assert done.is_done
    assert Case.objects.get().definition_id == row.pk
    assert StepRow.objects.get(key="call").status == "OPEN"
    assert StepRow.objects.get(key="review").status == "OPEN"


def test_a_late_step_that_moves_to_a_version_with_more_levels_goes_up_by_them(world: World) -> None:
    case = world.in_review()
    late = NOW + timedelta(days=1)
    operations.ring_due(now=late)
    drain(late)
    assert StepRow.objects.get(key="review").ring_at is None
    row = operations.publish_definition(source=TWO_LEVELS, actor=SYSTEM, now=NOW)
    assert isinstance(row, DefinitionRow), row
    migrate(world, case, row, is_dry_run=True)
    assert StepRow.objects.get(key="review").ring_at is None
    migrate(world, case, row, is_dry_run=False)
    operations.ring_due(now=late)
    drain(late)
    assert list(Escalation.objects.order_by("level").values_list("role", "level")) == [
        ("operations_manager", 1),
        ("operations_director", 2),
    ]


def test_a_case_does_not_move_to_a_version_that_lacks_its_step(world: World) -> None:
    case = world.in_review()
    lacking = SECOND.replace("key: review", "key: check").replace("until: review", "until: check")
    lacking = lacking.replace("[review, second_review]", "[check, second_review]")
    lacking = lacking.replace("not: [creator, review]", "not: [creator]")
    row = operations.publish_definition(source=lacking, actor=SYSTEM, now=NOW)
    assert isinstance(row, DefinitionRow), row
    answer = migrate(world, case, row, is_dry_run=False)
    assert isinstance(answer, Refused)
    assert [finding.field for finding in answer.findings] == ["review"]
    assert Case.objects.get().definition_id == world.row.pk


def test_an_open_step_goes_on_under_the_target_and_the_role_of_the_new_version(world: World) -> None:
    case = world.in_review()
    before = StepRow.objects.get(key="review")
    other = SECOND.replace(
        "    target: 4h\n    outcomes: {approve: done, return",
        "    target: 1d\n    outcomes: {approve: done, return",
    )
    other = other.replace("{role: reviewer, not: [creator]}", "{role: senior_reviewer}")
    row = operations.publish_definition(source=other, actor=SYSTEM, now=NOW)
    assert isinstance(row, DefinitionRow), row
    assert isinstance(migrate(world, case, row, is_dry_run=False), Migration)
    after = StepRow.objects.get(key="review")
    assert before.due_at is not None
    assert (after.owner_role, after.owner_id) == ("senior_reviewer", world.senior.pk)
    assert after.due_at == before.due_at + timedelta(hours=19)  # from 15:00 today to 10:00 tomorrow
    assert after.status == "OPEN"


def test_a_case_on_that_version_already_and_somebody_who_may_not_are_refused(world: World) -> None:
    case = world.in_review()
    same = migrate(world, case, world.row, is_dry_run=False)
    assert isinstance(same, Refused)
    assert same.findings[0].message.zh == "案件已在第 1 版"
    row = operations.publish_definition(source=WITH_CALL, actor=SYSTEM, now=NOW)
    assert isinstance(row, DefinitionRow)
    for somebody in (world.actor(world.reviewer), world.customer):
        answer = operations.migrate_case(
            case_id=case.case_id, definition_hash=row.content_hash, actor=somebody, now=NOW, is_dry_run=False
        )
        assert isinstance(answer, Refused)
        assert answer.kind is RefusalKind.NOT_ALLOWED
    refused = operations.publish_definition(
        source=SECOND.replace("version: 2", "version: 3"), actor=world.actor(world.reviewer), now=NOW
    )
    assert isinstance(refused, Refused)
    assert DefinitionRow.objects.count() == 2
    assert Case.objects.get().definition_id == world.row.pk
