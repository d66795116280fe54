"""`cheqi evidence` and `cheqi jobs` say what they found, and end with a status that a script can use."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cheqi.config.cli import main
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.eventlog.tests.scenarios import a_sealed_log, log_doors
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.jobs.registry import TASKS, Wake, task
from cheqi.foundation.jobs.running import drain

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
Output = pytest.CaptureFixture[str]


def test_verify_ends_with_0_when_all_agrees_and_shows_its_progress(capsys: Output) -> None:
    a_sealed_log()
    assert main(["evidence", "verify"]) == 0
    said = capsys.readouterr()
    assert said.out.endswith("全部一致 · all agrees\n")
    assert "20 / 20" in said.err


def test_verify_ends_with_1_and_names_the_row_that_differs(capsys: Output) -> None:
    a_sealed_log()
    row = EventRow.objects.get(sequence=4)
    EventRow.objects.filter(pk=row.pk).update(payload={"door": 99})
    assert main(["evidence", "verify"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"✗ event {row.pk} (case 2, sequence 4): 内容与承诺不符")
    assert lines[-1] == "1 处不符 · differences"


def test_verify_compares_with_a_checkpoint_that_was_kept_outside(capsys: Output, tmp_path: Path) -> None:
    a_sealed_log()
    assert main(["evidence", "checkpoint"]) == 0
    kept = tmp_path / "checkpoint.txt"
    kept.write_text(capsys.readouterr().out)
    assert main(["evidence", "verify", "--against", str(kept)]) == 0
    kept.write_text(kept.read_text().replace("\n20\n", "\n21\n"))
    assert main(["evidence", "verify", "--against", str(kept)]) == 1


def test_seal_and_bundle_write_what_they_say(capsys: Output, tmp_path: Path) -> None:
    log_doors(6)
    assert main(["evidence", "seal"]) == 0
    assert capsys.readouterr().out.startswith("封存 6 条，树 6")
    path = tmp_path / "one.zip"
    assert main(["evidence", "bundle", "1", "--output", str(path)]) == 0
    assert path.read_bytes().startswith(b"PK")
    assert main(["evidence", "bundle", "999", "--output", str(path)]) == 1
    assert main(["evidence", "bundle", "CQ-2026-999999", "--output", str(path)]) == 1


@pytest.fixture
def dead() -> Iterator[Wakeup]:
    """A dead letter."""

    @task("example.break", max_attempts=1)
    def break_down(wake: Wake, *, now: datetime) -> None:
        raise ConnectionError("没有应答")

    wake("example.break", "17", now=NOW)
    drain(NOW)
    yield Wakeup.objects.get()
    del TASKS["example.break"]


def test_jobs_lists_dead_letters_with_their_errors(dead: Wakeup, capsys: Output) -> None:
    assert main(["jobs", "list"]) == 1
    assert f"{dead.pk}\texample.break\t17\t1x\tConnectionError: 没有应答" in capsys.readouterr().out


def test_jobs_redrives_and_discards(dead: Wakeup) -> None:
    assert main(["jobs", "redrive", str(dead.pk)]) == 0
    dead.refresh_from_db()
    assert dead.state == "WAITING"
    drain(datetime.now(UTC))
    assert main(["jobs", "discard", str(dead.pk), "--reason", "已人工处理"]) == 0
    assert main(["jobs", "discard", str(dead.pk), "--reason", "已人工处理"]) == 1
    assert main(["jobs", "list"]) == 0
