"""The repository lints itself: what linters cannot see.

Each check walks the source as text or syntax and names file and line of what it objects to, so that
its failure reads as an instruction.
"""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "cheqi"

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
DOCUMENTED_LAYERS = ("core", "rules", "ports")
DOCUMENTED_NAMES = ("operations", "queries")
CLOCKS = {"now", "utcnow", "today", "localtime", "time", "localdate"}
CLOCK_OWNERS = {"datetime", "date", "timezone", "time"}
CLOCKLESS_LAYERS = ("core", "rules", "ports", "records")
CLOCKLESS_NAMES = ("operations", "queries", "domain", "models", "subscribers")
WRITES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITERS = {"operations", "demo"}
MACHINE_OR_REGISTRY = re.compile(
    "|".join(
        [
            r"(?<![\w>}])/root" + "/",
            r"(?<![\w>}])/work" + "/",
            r"py" + r"pi\.org",
            "python" + "hosted",
            r"registry\.npm" + "js",
        ]
    )
)


@cache
def python_files() -> list[Path]:
    """Own Python files without migrations and tests."""
    skipped = {"migrations", "tests"}
    below = [(path, path.relative_to(SOURCE)) for path in sorted(SOURCE.rglob("*.py"))]
    own = [path for path, place in below if not skipped & set(place.parts)]
    assert len(own) > 500, "the checks look at nothing"
    return own


def names_on_the_way(path: Path) -> set[str]:
    """The folder and file names below the package: `records/loans/operations.py` has `operations`."""
    return {Path(part).stem for part in path.relative_to(SOURCE).parts}


def where(path: Path, line: int = 0) -> str:
    """A place as an editor understands it."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


@cache
def parsed() -> list[tuple[Path, ast.Module]]:
    """Every own file with its syntax tree."""
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in python_files()]


def test_no_file_is_longer_than_500_lines() -> None:
    counts = {where(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: count for name, count in counts.items() if count > MAX_FILE_LINES} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    long = [
        f"{where(path, node.lineno)} {node.name}"
        for path, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert long == []


def test_every_module_says_what_it_is() -> None:
    silent = [where(path) for path, tree in parsed() if not ast.get_docstring(tree)]
    assert silent == []


def test_public_functions_of_the_inner_layers_are_documented() -> None:
    silent = []
    for path, tree in parsed():
        inner = path.relative_to(SOURCE).parts[0] in DOCUMENTED_LAYERS
        if inner or names_on_the_way(path) & set(DOCUMENTED_NAMES):
            silent += [
                f"{where(path, node.lineno)} {node.name}"
                for node in tree.body
                if isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ]
    assert silent == []


def test_the_domain_reads_no_clock() -> None:
    found = []
    for path, tree in parsed():
        clockless = path.relative_to(SOURCE).parts[0] in CLOCKLESS_LAYERS
        if clockless or names_on_the_way(path) & set(CLOCKLESS_NAMES):
            found += [where(path, node.lineno) for node in ast.walk(tree) if reads_clock(node)]
    assert found == []


def reads_clock(node: ast.AST) -> bool:
    """Whether a node is a call such as `timezone.now()` or `time.time()`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in CLOCK_OWNERS
    )


def test_rows_are_written_by_operations_only() -> None:
    found = []
    for path, tree in parsed():
        names = names_on_the_way(path)
        if not names & WRITERS and not any(name.startswith("bench") for name in names):
            found += [where(path, node.lineno) for node in ast.walk(tree) if writes_rows(node)]
    assert found == []


def writes_rows(node: ast.AST) -> bool:
    """Whether a node is `X.objects….create(…)` or the like."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    return node.func.attr in WRITES and ".objects" in ast.unparse(node.func.value)


def tracked_files() -> list[str]:
    """What git tracks here; outside a checkout there is nothing to look at."""
    result = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        pytest.skip("not a git checkout")
    return result.stdout.splitlines()


def test_no_machine_and_no_registry_is_named() -> None:
    binary = {".png", ".ico", ".woff2", ".ttf", ".jpg", ".pdf"}
    found = [
        f"{name}:{number}"
        for name in tracked_files()
        if Path(name).suffix not in binary and (ROOT / name).is_file()
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1)
        if MACHINE_OR_REGISTRY.search(line)
    ]
    assert found == []


def test_requirements_are_pinned_and_hashed() -> None:
    for name in ("base", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pins = re.findall(r"^[a-zA-Z0-9_.\[\]-]+==\S+ .*\\$", text, re.MULTILINE)
        assert len(pins) > 20
        assert text.count("--hash=sha256:") >= len(pins)
        assert "--index-url" not in text


def test_every_identifier_of_the_glossary_exists() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`" in line]
    named = {name for row in rows for name in re.findall(r"`([A-Za-z_][\w.]*)`", row.rsplit("|", 2)[1])}
    assert len(named) > 50
    known = set(re.findall(r"\w+", "\n".join(path.read_text(encoding="utf-8") for path in python_files())))
    folders = {part for path in python_files() for part in names_on_the_way(path)}
    folders |= {path.stem for path in SOURCE.rglob("*.yaml")}
    missing = {name for name in named if not set(name.split(".")) <= known | folders}
    assert missing == set()


def test_every_link_and_picture_of_the_docs_leads_to_a_file() -> None:
    missing = []
    for name in tracked_files():
        if name.endswith(".md"):
            text = (ROOT / name).read_text(encoding="utf-8")
            for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
                path = target.partition("#")[0]
                if path and "://" not in target and not ((ROOT / name).parent / path).exists():
                    missing.append(f"{name}: {target}")
    assert missing == []
