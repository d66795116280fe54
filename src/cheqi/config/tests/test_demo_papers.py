"""The documents drawn to try the product with agree with each other and with what is to be entered."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image

from cheqi.config.cli import main
from cheqi.core.documents.kinds import Kind
from cheqi.demo import papers
from cheqi.demo.drawing import DRAWERS

TODAY = date(2026, 11, 23)


@pytest.mark.slow
def test_every_paper_of_a_person_is_photographed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "papers", str(tmp_path / "papers"), "--person", "7"]) == 0
    files = sorted((tmp_path / "papers").iterdir())
    assert len(files) == len(DRAWERS)
    assert "居民身份证（人像面）.jpg" in {file.name for file in files}
    for file in files:
        with Image.open(file) as picture:
            assert picture.format == "JPEG"
            assert min(picture.size) > 600
    printed = capsys.readouterr().out
    assert all(str(file) in printed for file in files)
    assert papers.facts_of(7, TODAY).person.id_number in printed


def test_a_person_is_the_same_on_every_day_and_has_always_just_bought_the_car() -> None:
    first, later = papers.facts_of(7, TODAY), papers.facts_of(7, TODAY + timedelta(days=400))
    assert (first.person, first.company, first.vehicle.vin) == (
        later.person,
        later.company,
        later.vehicle.vin,
    )
    assert papers.answers_of(first) == papers.answers_of(later)
    assert [one.today - one.vehicle.register_date for one in (first, later)] == [timedelta(days=3)] * 2


@pytest.mark.slow
def test_what_is_entered_is_what_the_papers_say() -> None:
    for person in range(1, 6):
        facts = papers.facts_of(person, TODAY)
        answers = papers.answers_of(facts)
        invoice = papers.drawn_for(Kind.PURCHASE_INVOICE, facts).truth
        assert (invoice["buyer"], invoice["vin"]) == (answers["姓名"], answers["车辆识别代号"])
        assert invoice["price"] == f"{answers['车价（元）']}.00"
        assert 0 < int(answers["首付（元）"]) < int(answers["车价（元）"])
        for kind in (Kind.VEHICLE_LICENCE, Kind.REGISTRATION_CERTIFICATE):
            assert papers.drawn_for(kind, facts).truth["owner"] == answers["姓名"]


def test_numbers_are_different_people() -> None:
    people = [papers.facts_of(number, TODAY).person for number in range(1, 200)]
    assert len({one.id_number for one in people}) == len({one.mobile for one in people}) == len(people)


@pytest.mark.parametrize("number", ["0", "10000"])
def test_a_number_that_is_nobody_is_refused(
    number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "papers", str(tmp_path), "--person", number]) == 2
    assert "1 到 9999" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("a file")
    assert main(["demo", "papers", str(tmp_path / "taken" / "papers")]) == 2
    assert "请换一个可写的文件夹" in capsys.readouterr().err
