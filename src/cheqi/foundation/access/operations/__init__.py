"""Writes of access: codes, customers, API clients, idempotency, webhooks, throttles."""

from cheqi.foundation.access.operations.clients import IssuedKey, add_client, rotate_key, suspend_client
from cheqi.foundation.access.operations.codes import (
    CodeRequested,
    forget_old_codes,
    hand_over,
    request_code,
    request_tracker_code,
)
from cheqi.foundation.access.operations.customers import (
    confirm_act,
    confirm_code,
    end_session,
    revoke_sessions,
)
from cheqi.foundation.access.operations.idempotency import (
    Answer,
    LostTheKey,
    fingerprint,
    forget_old_keys,
    idempotent,
)
from cheqi.foundation.access.operations.throttles import forget_old
from cheqi.foundation.access.operations.webhooks import (
    NewEndpoint,
    add_endpoint,
    add_own_endpoint,
    deliver,
    end_own_endpoint,
    send_again,
    tell,
    tell_endpoint,
)

__all__ = [
    "Answer",
    "CodeRequested",
    "IssuedKey",
    "LostTheKey",
    "NewEndpoint",
    "add_client",
    "add_endpoint",
    "add_own_endpoint",
    "confirm_act",
    "confirm_code",
    "deliver",
    "end_own_endpoint",
    "end_session",
    "fingerprint",
    "forget_old",
    "forget_old_codes",
    "forget_old_keys",
    "hand_over",
    "idempotent",
    "request_code",
    "request_tracker_code",
    "revoke_sessions",
    "rotate_key",
    "send_again",
    "suspend_client",
    "tell",
    "tell_endpoint",
]
