"""The evaluation uses nothing of the future and counts what it says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cheqi.insight.estimates.evaluate import line, main, report
from cheqi.insight.estimates.replay import Event, Score, Timed, known_on, read_log, replay, spells_of

START = datetime(2026, 1, 1, tzinfo=UTC)


def timed(day: int, minutes: int) -> Timed:
    began = START + timedelta(days=day, minutes=minutes % 7)
    return Timed("check", began, began + timedelta(minutes=minutes))


def test_a_spell_runs_from_the_event_before_it() -> None:
    events = [
        Event("2", "check", START + timedelta(hours=3)),
        Event("1", "pay", START + timedelta(hours=2)),
        Event("1", "check", START),
        Event("2", "enter", START + timedelta(hours=1)),
    ]
    assert [(one.activity, one.minutes) for one in spells_of(events)] == [("pay", 120), ("check", 120)]


def test_what_ends_later_is_known_as_open_only() -> None:
    spells = [timed(0, 10 + place) for place in range(40)] + [timed(1, 60 * 24 * 9) for _ in range(8)]
    known = known_on(spells, START + timedelta(days=2))
    assert known.forecast is not None
    assert (known.forecast.finished, known.forecast.open) == (40, 8)
    assert known.plain_p80 == 42


def test_a_spell_of_today_tells_nothing_of_today() -> None:
    spells = [timed(0, 10) for _ in range(29)] + [timed(1, 10)]
    assert known_on(spells, START + timedelta(days=1)).forecast is None


def test_the_score_counts_promises_silence_and_errors() -> None:
    spells = [timed(0, 60)] * 40 + [timed(2, 60)] * 3 + [timed(2, 180)]
    score = replay(spells)["check"]
    assert (score.silent, score.promised, score.by_p50, score.by_p80) == (40, 4, 3, 3)
    assert sorted(score.errors) == [0, 0, 0, 120]
    assert "75.0%" in line("check", score)
    assert "not enough history" in line("none", Score(silent=3))


def test_a_log_is_read_by_the_names_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("x,time:timestamp,concept:name,case:concept:name\n0,2026-01-01T10:00:00+01:00,check,7\n")
    assert read_log(path) == [Event("7", "check", datetime(2026, 1, 1, 9, tzinfo=UTC))]


def test_without_data_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHEQI_DATA", str(tmp_path))
    assert main([]) == 1
    assert "set CHEQI_DATA" in capsys.readouterr().err


@pytest.mark.slow
def test_four_of_five_promises_on_a_real_loan_log_hold(data_dir: Path) -> None:
    """The stated 80 % within the band that counts as honest, 75 to 85 %."""
    scores = replay(spells_of(read_log(data_dir / "eventlogs" / "bpi_12_w.csv")))
    promised = sum(one.promised for one in scores.values())
    share = 100 * sum(one.by_p80 for one in scores.values()) / promised
    assert promised > 50_000
    assert 75 <= share <= 85
    assert report(data_dir / "eventlogs" / "helpdesk.csv")[-1].startswith("all")
