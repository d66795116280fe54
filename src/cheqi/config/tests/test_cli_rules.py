"""`cheqi rules check`."""

from pathlib import Path

import pytest

from cheqi.config.cli import main


def test_the_baseline_packs_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check"]) == 0
    assert "✓ law/auto_loan_ltv_2024.yaml: 4 cases" in capsys.readouterr().out


def test_a_broken_pack_ends_with_one_and_names_every_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.yaml").write_text("pack: broken\nkind: HOME\nversion: 0\n", encoding="utf-8")
    assert main(["rules", "check", str(tmp_path)]) == 1
    lines = [line.split(":")[0].strip() for line in capsys.readouterr().out.splitlines()[1:]]
    assert lines == [
        "kind",
        "version",
        "effective_from",
        "title",
        "source.title",
        "source.clause",
        "cases",
    ]


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_folder_without_packs_is_a_misuse(tmp_path: Path, name: str) -> None:
    assert main(["rules", "check", str(tmp_path / name)]) == 2
