"""`python -m cheqi.foundation.documents.tests.read_and_hang DOCUMENT MARK`: starts to read, and never ends.

It writes the file MARK when the recogniser has the picture, so that a test can kill it there.
"""

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()
    from cheqi import ports
    from cheqi.core.documents.boxes import Page
    from cheqi.foundation.documents.operations import read_document
    from cheqi.ports.ocr import Ocr

    class Hangs:
        """Says that it has begun and waits to be killed."""

        def read(self, image: bytes) -> tuple[Page, ...]:
            """Never returns."""
            Path(sys.argv[2]).touch()
            signal.pause()
            return ()

    with ports.bound(Ocr, Hangs()):
        read_document(int(sys.argv[1]), now=datetime.now(UTC))
