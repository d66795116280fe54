"""`kill -9` while a document is being read: nothing is lost and nothing is there twice."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cheqi import ports
from cheqi.foundation.documents.models import Document, FieldValue
from cheqi.foundation.documents.operations import read_document, receive
from cheqi.foundation.documents.tests import files
from cheqi.foundation.documents.tests.conftest import NOW
from cheqi.foundation.documents.tests.recognisers import Sees
from cheqi.foundation.documents.tests.test_read import id_lines
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.jobs.tests.test_worker import address, until
from cheqi.ports.ocr import Ocr

__all__ = ["address"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_reader_killed_with_the_picture_before_its_eyes_loses_and_doubles_nothing(
    address: str,
    place: dict[str, Any],
    tmp_path: Path,
) -> None:
    document = receive(io.BytesIO(files.jpeg()), **place, key="k1")
    assert isinstance(document, Document)
    mark = tmp_path / "begun"
    environment = {
        **os.environ,
        "CHEQI_HOME": str(tmp_path),
        "CHEQI_DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "cheqi.config.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    command = [sys.executable, "-m", "cheqi.foundation.documents.tests.read_and_hang"]
    with subprocess.Popen([*command, str(document.pk), str(mark)], env=environment) as reader:
        try:
            until(mark.exists)
        finally:
            reader.send_signal(signal.SIGKILL)
    assert (Document.objects.get().state, FieldValue.objects.count()) == ("READING", 0)

    with ports.bound(Ocr, Sees(id_lines())):
        read_document(document.pk, now=NOW)
        read_document(document.pk, now=NOW)
    assert Document.objects.get().state == "READ"
    assert FieldValue.objects.filter(name="id_number").count() == 1
    assert EventRow.objects.filter(type="documents.read").count() == 1
