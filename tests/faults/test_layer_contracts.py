"""Every import-linter contract is able to fail: broken once each, in a copy of the house's rooms.

The copy has every package, empty, under the project's own contracts: sound as it stands, so that what
objects is the one import that a break adds.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
BREAKS: dict[str, dict[str, str]] = {
    "layers": {
        "core/broken.py": "import cheqi.rules",
        "rules/broken.py": "import cheqi.ports",
        "ports/broken.py": "import cheqi.foundation.staff",
        "foundation/broken.py": "import cheqi.records.parties",
        "records/broken.py": "import cheqi.areas.origination",
        "ui/broken.py": "import cheqi.records.parties",
        "areas/broken.py": "import cheqi.adapters.wire",
        "insight/broken.py": "import cheqi.areas.origination",
        "adapters/broken.py": "import cheqi.web.desk",
        "web/broken.py": "import cheqi.demo",
        "demo/broken.py": "import cheqi.config",
    },
    "records": {
        "records/parties/broken.py": "import cheqi.records.vehicles",
        "records/ledger/broken.py": "import cheqi.records.loans",
    },
    "pure": {
        "core/impure.py": "import django",
        "rules/impure.py": "import subprocess",
        "ports/impure.py": "import secrets",
    },
    "adapters": {
        "adapters/knows_records.py": "import cheqi.records.parties",
        "adapters/knows_foundation.py": "import cheqi.foundation.staff",
    },
}


def contracts() -> dict[str, str]:
    """The names of the project's contracts by their ids."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {each["id"]: each["name"] for each in settings["tool"]["importlinter"]["contracts"]}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The packages of the house, empty, and its contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path in (ROOT / "src" / "cheqi").rglob("__init__.py"):
        room = tmp_path / path.relative_to(ROOT)
        room.parent.mkdir(parents=True, exist_ok=True)
        room.touch()
    return tmp_path


def linted(house: Path, contract: str) -> tuple[bool, str]:
    """Whether the contract holds in the house, and what the linter says."""
    program = Path(sys.executable).with_name("lint-imports")
    command = [str(program), "--contract", contract, "--no-cache", "--config", "pyproject.toml"]
    environment = {"PYTHONPATH": str(house / "src"), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    result = subprocess.run(
        command, cwd=house, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    return result.returncode == 0, result.stdout + result.stderr


def test_every_contract_has_its_break() -> None:
    assert set(BREAKS) == set(contracts())


@pytest.mark.parametrize("contract", BREAKS)
def test_a_contract_that_is_broken_objects_to_every_break(house: Path, contract: str) -> None:
    holds, said = linted(house, contract)
    assert holds, said
    for place, line in BREAKS[contract].items():
        (house / "src" / "cheqi" / place).write_text(f'"""Breaks a rule."""\n\n{line}\n', encoding="utf-8")
    holds, said = linted(house, contract)
    assert not holds
    for place, line in BREAKS[contract].items():
        module = "cheqi." + place.removesuffix(".py").replace("/", ".")
        assert f"{module} -> {line.removeprefix('import ')}" in said, said
