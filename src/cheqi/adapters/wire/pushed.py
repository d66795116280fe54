"""Reads a push that is signed as our own requests are, for any partner that speaks this protocol.

Example: `SignedPushReader(b"secret", filing_status_from, path="/pushes/vehicle_registry").read(…)`.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cheqi.adapters.wire.signature import Arrived, objection
from cheqi.ports.pushes import Push, PushRefused


class SignedPushReader:
    """Checks the signature with the shared secret and hands the content to the adapter's own mapping.

    `path` is what the partner was told to call. It is part of the signature, so a push for one of our
    addresses cannot be replayed at another.
    """

    def __init__(self, secret: bytes, translate: Callable[[dict[str, Any]], object], *, path: str) -> None:
        self._secret = secret
        self._translate = translate
        self._path = path

    def read(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Push:
        """The push, or PushRefused when it is not theirs, too old, or not of the agreed shape."""
        clock = int(now.timestamp())
        refused = objection(self._secret, Arrived("POST", self._path, headers, body, clock))
        if refused:
            raise PushRefused(refused)
        try:
            data = json.loads(body)
            return Push(str(data["pushId"]), str(data["requestNumber"]), self._translate(data["content"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise PushRefused("UNREADABLE") from error
