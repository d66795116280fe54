"""Reads the environment for `settings`, one small function a kind of value."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PREPARED_FROM = 2
LAYERS_WITH_APPS = ("foundation", "records", "areas", "insight", "ui", "web", "demo")


def flag(name: str, *, default: bool) -> bool:
    """`1`, `true`, `yes` and `on` are true, anything else that is set is false."""
    value = os.environ.get(name)
    return default if value is None else value.lower() in {"1", "true", "yes", "on"}


def secret_key(home: Path) -> str:
    """The signing key: from the environment, or made once and kept in the home's key folder."""
    if given := os.environ.get("CHEQI_SECRET_KEY"):
        return given
    path = home / "keys" / "secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def discovered_apps(package_dir: Path) -> list[str]:
    """Every folder with an `apps.py`, in the order of the layers and then by name."""
    found: list[str] = []
    for layer in LAYERS_WITH_APPS:
        files = sorted((package_dir / layer).glob("**/apps.py"))
        found += [".".join(("cheqi", *file.parent.relative_to(package_dir).parts)) for file in files]
    return found


def database_from_url(url: str, home: Path) -> dict[str, Any]:
    """Django's database settings for a PostgreSQL address, or for SQLite in the home.

    SQLite runs in WAL mode with immediate transactions, a busy time-out and `synchronous=FULL`, so a
    committed row survives a power cut. PostgreSQL prepares the statements of the hot paths once a
    connection and reads long lists through cursors, unless `CHEQI_POOLER` says that a pooler hands each
    transaction another connection: neither would be there in the next. Raises ValueError for a scheme that
    we do not serve.
    """
    if not url or url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///") if url else str(home / "cheqi.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "CONN_MAX_AGE": 60,  # opening one takes Django longer than most requests
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    parts, is_pooled = urlsplit(url), flag("CHEQI_POOLER", default=False)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"CHEQI_DATABASE_URL must be postgresql:// or sqlite:///, not {parts.scheme}://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "DISABLE_SERVER_SIDE_CURSORS": is_pooled,
        "OPTIONS": {"prepare_threshold": None if is_pooled else PREPARED_FROM},
    }


@contextmanager
def quiet_pipes() -> Iterator[None]:
    """A reader that closes the pipe early (`cheqi … | head`) ends the command without a traceback."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise SystemExit(0) from None
