"""Prints the house's budgets beside what the code is today (`make figures`).

The same measures are held by tests/test_tidy.py; this prints the distribution behind them.
"""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "cheqi"


def source_files(*, with_tests: bool = False) -> list[Path]:
    """The project's own Python files, without migrations and, unless asked, without tests."""
    skipped = {"migrations"} if with_tests else {"migrations", "tests"}
    return [
        path for path in sorted(SOURCE.rglob("*.py")) if not skipped & set(path.relative_to(SOURCE).parts)
    ]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function, its decorators left out."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def percentile(values: list[int], share: float) -> int:
    """The value that `share` of the sorted values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main() -> None:
    """Prints one line a budget."""
    files = source_files()
    lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in files]
    spans = [length(node) for path in files for node in functions(path)]
    tests = [
        node
        for path in [*SOURCE.rglob("test_*.py"), *(SOURCE.parent.parent / "tests").rglob("test_*.py")]
        for node in functions(path)
        if node.name.startswith("test_")
    ]
    typed = [
        node
        for path in files
        for node in functions(path)
        if node.returns is not None or node.name == "__init__"
    ]
    documented = [path for path in files if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    print(f"files              {len(files)}, {sum(lines)} lines")
    middle, ninety = statistics.median(lines), percentile(lines, 0.9)
    print(f"file lines         median {middle:.0f} (≤ 100) · p90 {ninety} (≤ 300) · max {max(lines)} (≤ 500)")
    print(f"function lines     p90 {percentile(spans, 0.9)} (≤ 30) · max {max(spans)} (≤ 60)")
    print(f"typed functions    {len(typed) / len(spans):.1%} (100 %)")
    print(f"module docstrings  {len(documented) / len(files):.1%} (100 %)")
    print(f"test functions     {len(tests)}")


if __name__ == "__main__":
    main()
