"""The recognition models on drawn documents: turned pages, positions, and a small regression."""

import io
from pathlib import Path

import pytest
from PIL import Image

from cheqi.adapters.ocr.rapid import RapidOcr
from cheqi.core.documents.kinds import Kind
from cheqi.core.documents.reading import Reading, Verdict, read
from cheqi.demo.drawing import Drawn, Level, degrade, draw, some_facts

pytestmark = pytest.mark.ocr


@pytest.fixture(scope="module")
def ocr() -> RapidOcr:
    return RapidOcr()


def packed(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def values(reading: Reading) -> dict[str, str]:
    return {field.key: field.value for field in reading.fields}


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_is_read_however_it_lies(ocr: RapidOcr, turned: int) -> None:
    drawn = draw(Kind.ID_CARD_FRONT, some_facts(11), seed=11)
    upright = degrade(drawn.image, Level.PHONE, seed=11)
    (page,) = ocr.read(packed(upright.rotate(-turned, expand=True)))
    reading = read([page])
    assert page.rotation == (360 - turned) % 360
    assert values(reading) == drawn.truth
    box = next(field.box for field in reading.fields if field.key == "id_number")
    assert box is not None
    left, top, right, bottom = box
    middle = ((left + right) / 2, (top + bottom) / 2)
    width, height = upright.rotate(-turned, expand=True).size
    where = {
        0: middle[1] / height,
        90: 1 - middle[0] / width,
        180: 1 - middle[1] / height,
        270: middle[0] / width,
    }
    assert 0.75 < where[turned] < 0.95


def test_a_blank_page_has_no_boxes(ocr: RapidOcr) -> None:
    (page,) = ocr.read(packed(Image.new("RGB", (800, 500), "white")))
    assert page.boxes == ()


@pytest.mark.parametrize("kind", [Kind.VEHICLE_LICENCE, Kind.DRIVING_LICENCE, Kind.BUSINESS_LICENCE])
def test_a_phone_photograph_is_read_exactly(ocr: RapidOcr, kind: Kind) -> None:
    drawn: Drawn = draw(kind, some_facts(21), seed=21)
    reading = read(ocr.read(packed(degrade(drawn.image, Level.PHONE, seed=21))))
    assert reading.kind is kind
    assert {key: value for key, value in values(reading).items() if key in drawn.truth} == drawn.truth


def test_the_specimen_gives_its_ten_values_and_goes_to_a_clerk_for_its_vin(
    ocr: RapidOcr, data_dir: Path
) -> None:
    reading = read(ocr.read((data_dir / "vehicle_licence_specimen.png").read_bytes()))
    assert reading.kind is Kind.VEHICLE_LICENCE
    assert values(reading) == {
        "plate": "京AA5599",
        "vehicle_type": "小型轿车",
        "owner": "王京",
        "address": "北京市石景山区",
        "use": "非营运",
        "model": "讴歌牌GHA7150JAD5B",
        "vin": "HHGHH555778802669",
        "engine_number": "112244",
        "register_date": "2018-06-14",
        "issue_date": "2018-06-14",
    }
    sent = {field.key: [finding.rule for finding in field.why] for field in reading.fields if field.why}
    assert sent == {"vin": ["identifiers.vin.check_digit"]}
    assert reading.verdict is Verdict.CLERK
