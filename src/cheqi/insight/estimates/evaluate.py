"""`python -m cheqi.insight.estimates.evaluate [LOG.csv …]`: how often promises on real logs would have held.

Without arguments every log of `$CHEQI_DATA/eventlogs`. For each activity: how many promises, the share that
ended by the P50 and by the P80 (wanted: 50 and 80 %), the median error of the P50, and beside it what the
baseline gives (median and P80 of the finished ones only).
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from cheqi.insight.estimates.replay import Score, read_log, replay, spells_of

LEAST = 200
WIDTH = 38


def main(arguments: Sequence[str]) -> int:
    """0 when something was evaluated, 1 without data."""
    given = os.environ.get("CHEQI_DATA", "")
    logs = sorted((Path(given) / "eventlogs").glob("*.csv")) if given else []
    paths = [Path(one) for one in arguments] or logs
    if not paths:
        sys.stderr.write("no logs: set CHEQI_DATA to a folder that has eventlogs/*.csv, or name CSV files\n")
        return 1
    for path in paths:
        sys.stdout.write("\n".join(report(path)) + "\n\n")
    return 0


def report(path: Path) -> list[str]:
    """The lines for one log; activities with few promises are in the total only."""
    scores = replay(spells_of(read_log(path)))
    total = Score()
    heading = f"{'activity':<{WIDTH}}{'promises':>9}{'silent':>8}{'P50':>7}{'P80':>7}{'err h':>8}"
    lines = [path.name, f"{heading}{'plain P80':>11}{'err h':>8}"]
    for name, score in scores.items():
        total.add(score)
        if score.promised >= LEAST:
            lines.append(line(name, score))
    return [*lines, line("all", total)]


def line(name: str, score: Score) -> str:
    """One row of the table."""
    if not score.promised:
        return f"{name[: WIDTH - 1]:<{WIDTH}}{0:>9}{score.silent:>8}   not enough history"
    shares = [100 * part / score.promised for part in (score.by_p50, score.by_p80, score.by_plain_p80)]
    ours, plain = median(score.errors) / 60, median(score.plain_errors) / 60
    return (
        f"{name[: WIDTH - 1]:<{WIDTH}}{score.promised:>9,}{score.silent:>8,}{shares[0]:>6.1f}%"
        f"{shares[1]:>6.1f}%{ours:>8.2f}{shares[2]:>10.1f}%{plain:>8.2f}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
