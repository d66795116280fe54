"""docs/operations/settings.md names every setting of the code with its default, and nothing else."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from cheqi.config.environment import PREPARED_FROM, database_from_url
from cheqi.config.outside import SIMULATED_PORTS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "operations" / "settings.md"
NAME = re.compile(r"CHEQI_[A-Z][A-Z0-9_]*")
NOTHING = "—"
POSTGRES = "postgresql://user@db:5432/cheqi"


def of_the_page() -> dict[str, str]:
    """Each setting of the page with its default as it stands there."""
    rows = [
        line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    return {row[1].strip(" `"): row[2].strip(" `") for row in rows}


def trees() -> Iterator[ast.Module]:
    """The syntax trees of everything that runs."""
    folders = [ROOT / name for name in ("src", "scripts", "tests")]
    for path in [
        ROOT / "conftest.py",
        *(path for folder in folders for path in sorted(folder.rglob("*.py"))),
    ]:
        if path != Path(__file__):
            yield ast.parse(path.read_text(encoding="utf-8"))


@cache
def of_the_code() -> dict[str, str]:
    """Each setting that the code names, with its default where a call gives one; else an empty text."""
    found: dict[str, str] = {}
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value):
                found.setdefault(node.value, "")
            elif isinstance(node, ast.Call) and (given := default_of(node)):
                found[given[0]] = given[1]
    for system, port in SIMULATED_PORTS.items():
        if system != "mail":
            found[f"CHEQI_{system.upper()}_URL"] = f"http://127.0.0.1:{port}"
            found.setdefault(f"CHEQI_{system.upper()}_SECRET", "")
    return found


def default_of(call: ast.Call) -> tuple[str, str] | None:
    """Name and default of `os.environ.get("CHEQI_X", "default")` or `flag("CHEQI_X", default=False)`."""
    if not (call.args and isinstance(call.args[0], ast.Constant) and NAME.fullmatch(str(call.args[0].value))):
        return None
    name, asked = str(call.args[0].value), ast.unparse(call.func)
    if asked == "flag":
        return name, "off"
    if asked.endswith("environ.get") and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
        return name, str(call.args[1].value)
    return None


def test_every_setting_is_on_the_page_and_nothing_else() -> None:
    assert len(of_the_page()) > 40
    assert sorted(of_the_page()) == sorted(of_the_code())


def test_the_defaults_are_those_of_the_code() -> None:
    page = of_the_page()
    differing = {
        name: (page.get(name), default)
        for name, default in of_the_code().items()
        if default and page.get(name) != default
    }
    assert differing == {}


def test_behind_a_pooler_nothing_is_expected_in_the_next_transaction(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = database_from_url(POSTGRES, tmp_path)
    assert (kept["OPTIONS"]["prepare_threshold"], kept["DISABLE_SERVER_SIDE_CURSORS"]) == (
        PREPARED_FROM,
        False,
    )
    monkeypatch.setenv("CHEQI_POOLER", "1")
    pooled = database_from_url(POSTGRES, tmp_path)
    assert (pooled["OPTIONS"]["prepare_threshold"], pooled["DISABLE_SERVER_SIDE_CURSORS"]) == (None, True)
