"""`make bench` understands the lines that the benchmarks print, and says what falls short."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from cheqi.foundation.jobs.tests.test_worker import until

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "bench.py"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("bench_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["bench_script"] = made
    spec.loader.exec_module(made)
    return made


OUTPUTS = {
    "transitions": (
        (
            f"{'SQLite':<12}{1:>10}{512.0:>15.0f}{1.0:>8.0%} {'≥ 500':>12}{0:>8}\n"
            f"{'SQLite':<12}{4:>10}{390.0:>15.0f}{0.76:>8.0%} {'≥ 80 %':>12}{2:>8}\n"
        ),
        [(512, "met"), (390, ""), (76, "short"), (2, "short")],
    ),
    "log": (
        (
            f"{'sqlite':<11}{'events logged and sealed':<44}{5200.0:>10,.0f} /s{3.8:>9.2f} s\n"
            f"{'sqlite':<11}{'longest from commit to seal (of 30)':<44}{6.1:>10.2f} s\n"
        ),
        [(5200, "met"), (6.1, "short")],
    ),
    "paper": (
        f"{'contract typeset':24} first {0.9:6.3f} s   median {0.31:6.3f} s   budget 0.5 s\n",
        [(0.31, "met")],
    ),
    "recognition": (
        "{:6} {:25} {:6} {:7.4f} {:7.4f} {:7} {:6} {:6.2f} \n".format(
            "clean", "ALL", 650, 0.985, 0.2, 0, 3, 1.8
        ),
        [(650, "met"), (98.5, "short"), (0, "met"), (pytest.approx(0.577, abs=0.001), "short"), (1.8, "met")],
    ),
    "look_up": (
        (
            f"{'PostgreSQL':<11}{'prepared row':<22}"
            f"{4100.0:>8,.0f}{3.0:>8.1f}{21.5:>8.1f}{400:>8}{0:>8}{12:>11}\n"
        ),
        [(4100, "met"), (21.5, "short"), (0, "met")],
    ),
    "pages": (
        (
            f"{'SQLite':<11}{'(queue)':<46}{14:>11}{16.2:>10.0f}{17:>10.0f}{19:>7}  zhaolei\n"
            f"{'SQLite':<11}{'search/?q={name}':<46}{16:>11}{210.4:>10.0f}{230:>10.0f}{8:>7}  wutong\n"
            f"{'SQLite':<11}{'next/':<46}{8:>11}{3.1:>10.0f}{4:>10.0f}{0:>7}  zhaolei 302\n"
            f"{'SQLite':<11}{'rules/':<46}{9:>11}{2.0:>10.0f}{4:>10.0f}{0:>7}  zhaolei\n"
        ),
        [(16, "short"), (210, "short"), (16, "met"), (3, "met")],
    ),
}


@pytest.mark.parametrize("reader", OUTPUTS)
def test_lines_become_figures_with_their_verdict(bench: ModuleType, reader: str) -> None:
    output, wanted = OUTPUTS[reader]
    assert [(each.value, each.verdict) for each in getattr(bench, reader)(output)] == wanted


def test_the_measured_part_is_replaced_and_the_rest_of_the_page_stays(
    bench: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "figures.md"
    page.write_text(f"before\n{bench.BEGIN}\nold\n{bench.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(bench, "PAGE", page)
    figures = [bench.Figure("contract typeset", 0.7, "s", at_most=0.5)]
    bench.write(bench.report(figures, ["ocr: not finished within 9 s"], {"commit": "abc"}, "make bench"))
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{bench.BEGIN}\n`make bench` on commit abc\n")
    assert text.endswith(f"{bench.END}\nafter\n")
    assert "- contract typeset: 0.7 s, wanted ≤ 0.5 s.\n- ocr: not finished within 9 s." in text
    assert "old" not in text


def runs(pid: str) -> bool:
    """Whether a process is there and more than an entry in the table (a killed one takes a moment to go)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.slow
def test_a_benchmark_that_takes_too_long_leaves_nothing_behind(bench: ModuleType, tmp_path: Path) -> None:
    note = tmp_path / "child"
    code = (
        "import pathlib, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    assert bench.ended([sys.executable, "-c", code], dict(os.environ), 3) == (None, "")
    until(lambda: not runs(note.read_text()))


def test_a_benchmark_that_ends_gives_its_status_and_what_it_printed(bench: ModuleType) -> None:
    command = [sys.executable, "-c", "print('so many'); raise SystemExit(3)"]
    assert bench.ended(command, dict(os.environ), 30) == (3, "so many\n")
