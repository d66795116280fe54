"""Collects the strings to translate into the English catalogue; `make messages`.

Known translations stay, new strings are added empty, strings that are gone are dropped. Ends with status 1
and a list while anything is untranslated; `--check` writes nothing.
"""

import sys

from cheqi.locale import problems
from cheqi.locale.catalogue import catalogue_path, compile_when_stale, merge, parse, write
from cheqi.locale.extract import collect


def main(arguments: list[str]) -> int:
    """Updates or checks the catalogue and prints what is left to do."""
    path = catalogue_path()
    found = collect()
    known = parse(path.read_text(encoding="utf-8"))
    if "--check" not in arguments:
        text = write(merge(found, known))
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8")
        compile_when_stale()
    left = problems.of(found, known)
    for problem in left:
        print(problem)
    print(f"{len(found)} strings, {len(left)} to do")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
