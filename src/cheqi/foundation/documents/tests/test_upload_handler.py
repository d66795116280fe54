"""What streams in over HTTP stops being kept as soon as it is too large."""

import errno
import io
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadhandler import StopUpload
from django.test import RequestFactory

from cheqi.foundation.documents.intake import read_limited
from cheqi.foundation.documents.upload_handler import LimitedUploadHandler

BOUNDARY = "frontier"


class Body(io.RawIOBase):
    """A multipart body with one file of a size, made while it is read."""

    def __init__(self, size: int) -> None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        self.parts: Iterator[bytes] = self._made(head.encode(), size, f"\r\n--{BOUNDARY}--\r\n".encode())
        self.length = len(head) + size + len(BOUNDARY) + 8
        self.rest = b""

    def _made(self, head: bytes, size: int, tail: bytes) -> Iterator[bytes]:
        yield head
        for _ in range(size // 65536):
            yield b"\xff\xd8\xff\xe0" * 16384
        yield bytes(size % 65536)
        yield tail

    def read(self, size: int = -1, /) -> bytes:
        while len(self.rest) < size and (part := next(self.parts, b"")):
            self.rest += part
        given, self.rest = self.rest[:size], self.rest[size:]
        return given


def request_with(size: int) -> Any:
    body = Body(size)
    extra: dict[str, Any] = {
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
        "CONTENT_LENGTH": str(body.length),
        "wsgi.input": body,
    }
    return RequestFactory().generic("POST", "/", **extra)


def test_a_small_upload_arrives_whole() -> None:
    given = request_with(100_000).FILES["file"]
    assert given.size == 100_000
    assert len(read_limited(given)) == 100_000  # type: ignore[arg-type]
    given.close()


def test_200_megabytes_are_let_through_without_being_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    original = LimitedUploadHandler._refuse

    def refuse(self: LimitedUploadHandler, rule: str) -> None:
        written.append(os.fstat(self.file.fileno()).st_size)
        original(self, rule)

    monkeypatch.setattr(LimitedUploadHandler, "_refuse", refuse)
    given = request_with(200 * 1024 * 1024).FILES["file"]
    assert read_limited(given).rule == "documents.too_large"  # type: ignore[union-attr]
    assert max(written) <= 20 * 1024 * 1024
    assert len(written) == 1


def test_a_full_disk_while_it_streams_in_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object, raw_data: bytes, start: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk", full)
    given = request_with(100_000).FILES["file"]
    assert read_limited(given).rule == "documents.storage_full"  # type: ignore[union-attr]


def test_what_says_it_is_over_a_gigabyte_is_cut_off() -> None:
    with pytest.raises(StopUpload) as raised:
        LimitedUploadHandler().handle_raw_input(io.BytesIO(), {}, 2 * 1024**3, BOUNDARY)
    assert raised.value.connection_reset is True
