"""How well drawn documents are read: `python -m cheqi.demo.drawing.bench [--images N] [--wrong]`.

For each level and kind: the share of fields whose value is exactly right, the share sent to a clerk, how many
values were accepted though wrong (numbers with a check digit apart), and CPU-seconds an image.
"""

import argparse
import io
import time
from collections import Counter
from collections.abc import Iterator, Sequence

from cheqi.adapters.ocr.rapid import RapidOcr
from cheqi.core.documents.kinds import Kind
from cheqi.core.documents.reading import Reading, Verdict, read
from cheqi.demo.drawing import DRAWERS, Level, degrade, draw, some_facts

CHECKED = frozenset(
    {"id_number", "vin", "uscc", "card_number", "owner_number", "buyer_number", "seller_number"}
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads `--images` documents of each kind at each level and prints the table."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--images", type=int, default=8, help="documents of each kind and level")
    parser.add_argument("--seed", type=int, default=1000, help="the first case")
    parser.add_argument("--level", choices=[level.value for level in Level], action="append")
    parser.add_argument("--kind", choices=[kind.value for kind in DRAWERS], action="append")
    parser.add_argument("--wrong", action="store_true", help="print every value that is not exact")
    chosen = parser.parse_args(arguments)
    ocr = RapidOcr()
    heads = ("kind", "fields", "exact", "clerk", "wrong✓", "wrong", "cpu s")
    print("{:6} {:25} {:>6} {:>7} {:>7} {:>7} {:>6} {:>6}".format("level", *heads))
    for level in [Level(name) for name in chosen.level or [level.value for level in Level]]:
        total: Counter[str] = Counter()
        for kind in [Kind(name) for name in chosen.kind or [kind.value for kind in DRAWERS]]:
            counts = Counter[str]()
            for seed in range(chosen.seed, chosen.seed + chosen.images):
                for line in _one(ocr, kind, level, seed, counts):
                    if chosen.wrong:
                        print("      ", line)
            _print(level, kind.value, counts)
            total += counts
        _print(level, "ALL", total)
    return 0


def _one(ocr: RapidOcr, kind: Kind, level: Level, seed: int, counts: Counter[str]) -> Iterator[str]:
    drawn = draw(kind, some_facts(seed), seed)
    packed = io.BytesIO()
    degrade(drawn.image, level, seed).save(packed, "PNG")
    start = time.process_time()
    reading = read(ocr.read(packed.getvalue()))
    counts["cpu_ms"] += round((time.process_time() - start) * 1000)
    counts["images"] += 1
    if reading.kind is not kind:
        counts["wrong_kind"] += 1
        yield f"{seed}: read as {reading.kind}"
    yield from _compare(reading, drawn.truth, seed, counts)


def _compare(reading: Reading, truth: dict[str, str], seed: int, counts: Counter[str]) -> Iterator[str]:
    by_key = {field.key: field for field in reading.fields}
    for key, wanted in truth.items():
        counts["fields"] += 1
        field = by_key.get(key)
        is_accepted = field is not None and field.verdict is Verdict.ACCEPTED
        value = field.value if field else ""
        counts["accepted"] += is_accepted
        counts["clerk"] += not is_accepted
        if field is not None and value == wanted and not is_accepted:
            rules = [finding.rule for finding in field.why]
            yield f"{seed} {key}: {value!r} to a clerk: {rules} {field.why[0].data}"
        if value == wanted:
            counts["exact"] += 1
            continue
        if is_accepted:
            counts["accepted_wrong_checked" if key in CHECKED else "accepted_wrong"] += 1
        yield f"{seed} {key}: {'ACCEPTED ' if is_accepted else ''}{value!r} is {wanted!r}"


def _print(level: Level, kind: str, counts: Counter[str]) -> None:
    fields, images = max(1, counts["fields"]), max(1, counts["images"])
    columns = (
        f"{level:6} {kind:25} {counts['fields']:6}",
        f"{counts['exact'] / fields:7.4f} {counts['clerk'] / fields:7.4f}",
        f"{counts['accepted_wrong_checked']:7} {counts['accepted_wrong']:6}",
        f"{counts['cpu_ms'] / images / 1000:6.2f}",
        f" {counts['wrong_kind']} of another kind" if counts["wrong_kind"] else "",
    )
    print(*columns, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
