"""Process packs as files: checked, drawn for the docs, exported."""

import sys
from pathlib import Path

import cheqi.rules
from cheqi.core.process.bpmn import export
from cheqi.core.process.definition import Definition
from cheqi.core.process.drawing import page
from cheqi.core.process.loading import load
from cheqi.foundation.workflow.registry import catalogue
from cheqi.rules.reading import read_yaml

PACKS = Path(cheqi.rules.__file__).parent / "packs" / "processes"


def baseline() -> list[Path]:
    """The packs that come with the product."""
    return sorted(PACKS.glob("*.yaml"))


def definition_in(path: Path) -> Definition | None:
    """The definition in a file; None, with every mistake printed, where it is wrong."""
    source = read_yaml(path.read_text(encoding="utf-8"))
    loaded = source if isinstance(source, tuple) else load(source, catalogue())
    if isinstance(loaded, Definition):
        return loaded
    print(f"✗ {path.name}: {len(loaded)} 处错误 (mistakes)")
    for problem in loaded:
        print(f"    {problem.path}: {problem.message.zh} · {problem.message.en}")
    return None


def check_files(paths: list[Path]) -> int:
    """Prints one line for each right pack, and every mistake of the wrong ones."""
    if missing := [str(path) for path in paths if not path.is_file()]:
        print(f"没有文件 (no such file): {', '.join(missing)}", file=sys.stderr)
        return 2
    found = [definition_in(path) for path in paths]
    for definition in filter(None, found):
        steps = len(definition.steps)
        print(f"✓ {definition.process} v{definition.version}: {steps} steps, {definition.content_hash[:12]}")
    return 0 if all(found) else 1


def draw_pages(folder: Path) -> int:
    """Writes the page of each process of the baseline."""
    found = [definition_in(path) for path in baseline()]
    folder.mkdir(parents=True, exist_ok=True)
    for definition in filter(None, found):
        target = folder / f"{definition.process}.md"
        target.write_text(page(definition), encoding="utf-8")
        print(target)
    return 0 if all(found) else 1


def print_bpmn(process: str, language: str) -> int:
    """Prints the BPMN document of one process of the baseline."""
    path = PACKS / f"{process}.yaml"
    if not path.is_file():
        print(f"没有流程 {process} (no such process)", file=sys.stderr)
        return 2
    definition = definition_in(path)
    if definition is None:
        return 1
    print(export(definition, language), end="")
    return 0
