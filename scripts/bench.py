"""Runs the benchmarks one after the other and says what was measured, the target, and whether it is met.

    make bench                        all of them
    make bench BENCH="paper ocr"      only these
    make bench BENCH="--write"        all, and the generated part of docs/figures.md is replaced

A benchmark is a module that prints a table for people; here its lines are read into figures. A line that is
not understood changes nothing, and a benchmark that gives no figure, fails, or takes too long is said so.
"""

import argparse
import importlib.util
import os
import platform
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "figures.md"
BEGIN, END = "<!-- measured: begin (make bench BENCH=--write) -->", "<!-- measured: end -->"
ENDS_WITHIN_S, SLOWEST = 10, 3
SERVER = os.environ.get("CHEQI_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, with its unit and the bound it is held against, if any."""

    what: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def target(self) -> str:
        """The bound in words; empty where there is none."""
        if self.at_least is not None:
            return f"≥ {shown(self.at_least)} {self.unit}".strip()
        return f"≤ {shown(self.at_most)} {self.unit}".strip() if self.at_most is not None else ""

    @property
    def verdict(self) -> str:
        """`met`, `short`, or nothing without a target."""
        is_short = (self.at_least is not None and self.value < self.at_least) or (
            self.at_most is not None and self.value > self.at_most
        )
        return ("short" if is_short else "met") if self.target else ""


Reader = Callable[[str], Iterator[Figure]]


def shown(value: float) -> str:
    """A number as the table shows it."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def transitions(output: str) -> Iterator[Figure]:
    """One writing process: transitions a second. Four: their share of that, and lock errors."""
    line = re.compile(r"^(SQLite|PostgreSQL) +(\d+) +([\d,.]+) +(\d+)% .*?(\d+)$", re.M)
    targets = {"SQLite": (500, 80), "PostgreSQL": (400, 150)}
    for database, writers, rate, share, errors in line.findall(output):
        alone, together = targets[database]
        what = f"process transitions, {database}, {writers} writing"
        yield Figure(what, _number(rate), "/s", at_least=alone if writers == "1" else None)
        if writers != "1":
            yield Figure(f"{what}, of one", _number(share), "%", at_least=together)
            yield Figure(f"{what}, lock errors", _number(errors), at_most=0)


def log(output: str) -> Iterator[Figure]:
    """Events and proofs a second, and the longest wait for the seal."""
    line = re.compile(r"^(sqlite|postgresql) +(\S.*?) {2,}([\d,.]+) (/s|s)\b", re.M)
    for database, what, value, unit in line.findall(output):
        at_least = at_most = None
        if what.startswith("events logged and sealed"):
            at_least = 5_000
        elif "proofs" in what:
            at_least = 2_000
        elif "from commit to seal" in what:
            at_most = 5
        yield Figure(f"{what}, {database}", _number(value), unit, at_least, at_most)


def paper(output: str) -> Iterator[Figure]:
    """Seconds for a contract, typeset and signed (median of ten)."""
    for what, value in re.findall(r"^(\S.*?) +first .*? median +([\d.]+) s", output, re.M):
        at_most = {"contract typeset": 0.5, "signed by both sides": 2.0}.get(what)
        yield Figure(what, _number(value), "s", at_most=at_most)


def recognition(output: str) -> Iterator[Figure]:
    """For each level: fields exact, what was accepted wrong, CPU-seconds an image."""
    line = re.compile(r"^(\w+) +ALL +(\d+) +([\d.]+) +([\d.]+) +(\d+) +(\d+) +([\d.]+)", re.M)
    for level, fields, exact, clerk, wrong_checked, wrong, cpu in line.findall(output):
        name = f"documents, {level.lower()}"
        accepted = max(1.0, _number(fields) * (1 - _number(clerk)))
        least = 80 if level.lower() == "hard" else 99
        yield Figure(f"{name}: fields read", _number(fields), at_least=600)
        yield Figure(f"{name}: fields exact", 100 * _number(exact), "%", at_least=least)
        yield Figure(f"{name}: checked numbers accepted wrong", _number(wrong_checked), at_most=0)
        share = 100 * _number(wrong) / accepted
        yield Figure(f"{name}: other fields accepted wrong", share, "%", at_most=0.5)
        yield Figure(f"{name}: CPU an image", _number(cpu), "s", at_most=2)


def look_up(output: str) -> Iterator[Figure]:
    """Progress look-ups a second over HTTP, and the slowest hundredth."""
    line = re.compile(
        r"^(SQLite|PostgreSQL) +(prepared row, 304|prepared row|through the ORM)"
        r" +([\d,]+) +([\d.]+) +([\d.]+) +\d+ +(\d+) +\d+$",
        re.M,
    )
    targets = {"SQLite": 6_000, "PostgreSQL": 4_000}
    for database, way, rate, _, slowest, errors in line.findall(output):
        what, is_held = f"progress look-up, {database}, {way}", way == "prepared row"
        yield Figure(what, _number(rate), "/s", at_least=targets[database] if is_held else None)
        yield Figure(f"{what}, p99", _number(slowest), "ms", at_most=20 if is_held else None)
        yield Figure(f"{what}, errors", _number(errors), at_most=0)


def pages(output: str) -> Iterator[Figure]:
    """Desk pages with 100,000 cases: the most statements, the slowest, and whatever is over a bound."""
    line = re.compile(r"^(SQLite|PostgreSQL) +(\S.*?) {2,}(\d+) +(\d+) +(\d+) +\d+ {2}\w+", re.M)
    found: dict[str, list[tuple[str, float, float]]] = {}
    for database, page, statements, milliseconds, _ in line.findall(output):
        found.setdefault(database, []).append((page, _number(statements), _number(milliseconds)))
    for database, measured in found.items():
        most, slowest = max(measured, key=lambda one: one[1]), sorted(measured, key=lambda one: -one[2])
        what = f"desk, {len(measured)} pages, {database}: most statements ({most[0]})"
        yield Figure(what, most[1], at_most=15)
        for place, (page, statements, milliseconds) in enumerate(slowest):
            if place < SLOWEST or milliseconds > 200:
                yield Figure(f"desk, {page}, {database}, median", milliseconds, "ms", at_most=200)
            if statements > 15 and page != most[0]:
                yield Figure(f"desk, {page}, {database}: statements", statements, at_most=15)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A module to run, how its lines are read, and how long it may take."""

    module: str
    read: Reader
    limit_s: int
    is_on_both: bool = False


BENCHMARKS: dict[str, Benchmark] = {
    "workflow": Benchmark("cheqi.foundation.workflow.bench", transitions, 600),
    "eventlog": Benchmark("cheqi.foundation.eventlog.bench", log, 300, is_on_both=True),
    "paper": Benchmark("cheqi.foundation.paper.bench", paper, 120),
    "ocr": Benchmark("cheqi.demo.drawing.bench", recognition, 1_800),
    "api": Benchmark("cheqi.web.api.bench", look_up, 1_800),
    "desk": Benchmark("cheqi.web.desk.bench", pages, 1_800),
}


def ended(command: list[str], environment: dict[str, str], limit_s: float) -> tuple[int | None, str]:
    """Status and output of a command that may take so long; no status when it took longer.

    Whatever happens, nothing that it started is left behind: it runs in a group of its own, is asked to end,
    and the group is killed when it has had ten seconds for it.
    """
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    status: int | None = None
    try:
        output, _ = process.communicate(timeout=limit_s)
        status = process.returncode
    except subprocess.TimeoutExpired:
        output = ""
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(ENDS_WITHIN_S)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    return status, output


def run(name: str) -> tuple[list[Figure], str]:
    """The figures of one benchmark, and what went wrong; empty when nothing did."""
    chosen = BENCHMARKS[name]
    if importlib.util.find_spec(chosen.module) is None:
        return [], f"{name}: there is no {chosen.module}"
    figures: list[Figure] = []
    for database in ("", SERVER) if chosen.is_on_both else ("",):
        environment = {**os.environ, **({"CHEQI_DATABASE_URL": database} if database else {})}
        command = [sys.executable, "-u", "-m", chosen.module]
        print(f"── {name}: python -m {chosen.module}", flush=True)
        status, output = ended(command, environment, chosen.limit_s)
        if status is None:
            return figures, f"{name}: not finished within {chosen.limit_s} s"
        print(output, flush=True)
        read = list(chosen.read(output))
        figures += read
        if status or not read:
            return figures, f"{name}: ended with status {status} and {len(read)} figures"
    return figures, ""


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    memory = re.search(r"MemTotal: +(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "processor": f"{os.cpu_count()} × {model[1] if model else platform.machine()}",
        "memory": f"{int(memory[1]) / 1024 / 1024:.0f} GiB" if memory else "unknown",
        "load at the start": f"{os.getloadavg()[0]:.2f}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": _postgres_version(),
        "commit": commit.stdout.strip() or "unknown",
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
    }


def _postgres_version() -> str:
    import psycopg

    try:
        with psycopg.connect(SERVER, connect_timeout=3) as connection:
            row = connection.execute("SHOW server_version").fetchone()
    except psycopg.OperationalError:
        return "none answers"
    return str(row[0]) if row else "unknown"


def report(figures: list[Figure], troubles: list[str], about: dict[str, str], command: str) -> str:
    """Everything as Markdown: the machine, one row a figure, and what falls short in words."""
    rows = ["| measured | value | target | |", "|---|---:|---:|---|"]
    for each in figures:
        value = f"{shown(each.value)} {each.unit}".strip()
        rows.append(f"| {each.what} | {value} | {each.target} | {each.verdict} |")
    short = [each for each in figures if each.verdict == "short"]
    words = [
        f"- {each.what}: {shown(each.value)} {each.unit}".rstrip() + f", wanted {each.target}."
        for each in short
    ]
    words += [f"- {trouble}." for trouble in troubles]
    facts = " · ".join(f"{name} {value}" for name, value in about.items())
    ending = ["What falls short:", "", *words] if words else ["Every target is met."]
    return "\n".join([f"`{command}` on {facts}", "", *rows, "", *ending])


def write(text: str) -> None:
    """Replaces the generated part of the page; what people wrote around it stays."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else f"# Figures\n\n{BEGIN}\n{END}\n"
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> int:
    """0 also when a target is missed, since a benchmark tells and does not judge; 1 when one did not run."""
    parser = argparse.ArgumentParser(description="Runs the benchmarks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--write", action="store_true", help="replace the measured part of docs/figures.md")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    names, about = arguments.names or list(BENCHMARKS), machine()
    figures, troubles = list[Figure](), list[str]()
    for name in names:
        measured, trouble = run(name)
        figures += measured
        troubles += [trouble] if trouble else []
    text = report(
        figures, troubles, about, "make bench" + (f' BENCH="{" ".join(names)}"' if arguments.names else "")
    )
    print(text)
    if arguments.write:
        write(text)
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
