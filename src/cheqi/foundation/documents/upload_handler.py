"""Stops keeping an upload as soon as it is too large, while it still streams in.

Django reads a request's body before any view runs, so the limit has to hold here. The rest of the body is
let through without being kept, so that the person gets a sentence and not a broken connection; memory and
disk stay as they were. What is absurd (over 1 GB by its own word) is cut off.
"""

import errno
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from cheqi.foundation.documents.limits import MAX_BYTES

_ABSURD_BYTES = 1024 * 1024 * 1024


class RefusedUpload(UploadedFile):  # type: ignore[type-arg]
    """Stands for a file that was not kept; `problem` is the rule that refuses it."""

    def __init__(self, name: str, size: int, problem: str) -> None:
        super().__init__(file=None, name=name, size=size)
        self.problem = problem


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Keeps an upload in a temporary file up to the limit, and nothing of it beyond."""

    problem = ""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803, Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Cuts off a body that says it is over 1 GB."""
        if content_length > _ABSURD_BYTES:
            raise StopUpload(connection_reset=True)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A new file of the same request starts clean."""
        self.problem = ""
        self.received = 0
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keeps the chunk, or lets it pass once the file is refused."""
        self.received += len(raw_data)
        if not self.problem and self.received > MAX_BYTES:
            self._refuse("documents.too_large")
        if not self.problem:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as problem:
                if problem.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
                    raise
                self._refuse("documents.storage_full")
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:  # type: ignore[type-arg]
        """The kept file, or what stands for the refused one."""
        if self.problem:
            return RefusedUpload(self.file_name or "", file_size, self.problem)
        return super().file_complete(file_size)

    def _refuse(self, rule: str) -> None:
        self.problem = rule
        self.file.close()
