"""The API: `/api/v1` for the systems around, with keys, scopes, idempotent writes and one error shape.

A request passes `frame` (request id, size, the error shape for whatever went wrong outside), `door` (key,
rate, scope) and `answers` (the result or refusal as JSON, each write once). Routes make one call each.
"""
