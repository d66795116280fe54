"""Fictitious facts are right by every check, and drawing repeats itself for the same seed."""

from pathlib import Path

import numpy as np
import pytest

from cheqi.core.base import identifiers as numbers
from cheqi.core.documents.amounts import words_in_fen
from cheqi.core.documents.fields import FIELDS, Form
from cheqi.core.documents.kinds import Kind
from cheqi.demo.drawing import DRAWERS, Level, degrade, draw, fonts, some_facts
from cheqi.demo.drawing.papers import in_words
from cheqi.demo.people import a_company, a_person, a_vehicle


def test_the_numbers_of_fictitious_people_pass_every_check_and_look_reserved() -> None:
    for seed in range(60):
        person, vehicle, company = a_person(seed), a_vehicle(seed), a_company(seed)
        facts = numbers.id_facts(person.id_number)
        assert facts is not None
        assert facts.birth_date == person.birth_date
        assert (facts.sex is numbers.Sex.MALE) == (person.sex == "男")
        assert person.id_number[2:6] == "0199"
        assert numbers.check_bank_card(person.bank_card) == ()
        assert numbers.check_mobile(person.mobile) == ()
        assert numbers.check_vin(vehicle.vin) == ()
        assert numbers.is_known_maker(vehicle.vin)
        assert numbers.check_plate(vehicle.plate) == ()
        assert numbers.is_new_energy(vehicle.plate) == (vehicle.fuel == "电")
        assert numbers.check_uscc(company.uscc) == ()


def test_the_same_seed_gives_the_same_facts() -> None:
    assert some_facts(5) == some_facts(5)
    assert some_facts(5) != some_facts(6)


@pytest.mark.parametrize("kind", list(DRAWERS))
def test_every_kind_is_drawn_with_truth_for_its_required_fields(kind: Kind) -> None:
    first, again = draw(kind, some_facts(3), seed=3), draw(kind, some_facts(3), seed=3)
    assert np.array_equal(np.asarray(first.image), np.asarray(again.image))
    assert first.truth == again.truth
    required = {field.key for field in FIELDS[kind] if field.required and field.form is not Form.PERIOD}
    assert required <= first.truth.keys()
    assert all(first.truth.values())


@pytest.mark.parametrize("level", list(Level))
def test_a_degraded_picture_repeats_itself_and_differs_by_level(level: Level) -> None:
    image = draw(Kind.ID_CARD_BACK, some_facts(3), seed=3).image
    first, again = degrade(image, level, seed=9), degrade(image, level, seed=9)
    assert np.array_equal(np.asarray(first), np.asarray(again))
    if level is Level.HARD:
        assert first.width < image.width


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (12_800_000, "壹拾贰万捌仟圆整"),
        (21_090_000, "贰拾壹万零玖佰圆整"),
        (300_512, "叁仟零伍圆壹角贰分"),
        (10_000_000, "壹拾万圆整"),
        (10_005, "壹佰圆零伍分"),
    ],
)
def test_amounts_in_words_can_be_read_back(fen: int, words: str) -> None:
    assert in_words(fen) == words
    assert words_in_fen(words) == fen


def test_a_machine_without_a_chinese_font_is_told_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fonts, "_ROOT", tmp_path)
    monkeypatch.setattr(fonts, "_SYSTEM", (tmp_path,))
    with pytest.raises(fonts.FontIsMissing, match="fonts-noto-cjk"):
        fonts._path.__wrapped__(fonts.Face.SANS)


def test_a_font_from_the_front_end_packages_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "node_modules" / "@expo-google-fonts" / "noto-sans-sc" / "400Regular"
    package.mkdir(parents=True)
    (package / "NotoSansSC_400Regular.ttf").touch()
    monkeypatch.setattr(fonts, "_ROOT", tmp_path)
    monkeypatch.setattr(fonts, "_SYSTEM", ())
    assert fonts._path.__wrapped__(fonts.Face.SANS) == package / "NotoSansSC_400Regular.ttf"
    assert fonts._path.__wrapped__(fonts.Face.SERIF) == package / "NotoSansSC_400Regular.ttf"
