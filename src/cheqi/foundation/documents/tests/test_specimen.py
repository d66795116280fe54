"""A real photograph the whole way: taken in, read by the installed recogniser, shown to a clerk."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cheqi import ports
from cheqi.foundation.documents import queries
from cheqi.foundation.documents.models import Document
from cheqi.foundation.documents.operations import receive
from cheqi.foundation.documents.tests.conftest import CLERK, CUSTOMER, NOW
from cheqi.foundation.jobs.running import drain
from cheqi.ports.ocr import Ocr

pytestmark = [pytest.mark.ocr, pytest.mark.slow, pytest.mark.django_db]


def test_the_specimen_keeps_its_ten_values_and_goes_to_a_clerk_for_its_vin(
    place: dict[str, Any], data_dir: Path
) -> None:
    content = (data_dir / "vehicle_licence_specimen.png").read_bytes()
    document = receive(io.BytesIO(content), **{**place, "slot": "VEHICLE_LICENCE"}, key="k1")
    assert isinstance(document, Document)
    with ports.renewed(Ocr):
        drain(NOW)
    view = queries.document_view(document.pk, CLERK)
    assert view is not None
    assert (view.document.state, view.document.kind) == ("NEEDS_CLERK", "VEHICLE_LICENCE")
    values = {field.name: field.value for field in view.fields if field.value}
    assert values == {
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
    vin = next(field for field in view.fields if field.name == "vin")
    assert (vin.value, vin.verdict) == ("HHGHH555778802669", "CLERK")
    picture = queries.crop(document.pk, "vin", CUSTOMER, NOW)
    assert picture is not None
    with Image.open(io.BytesIO(picture.content)) as crop:
        width, height = crop.size
    assert width > 3 * height
