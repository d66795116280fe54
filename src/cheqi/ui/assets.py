"""From a front-end file's name to its hashed address, by the manifest that `npm run build` writes.

`asset_url("desk.css")` gives `/static/ui/build/desk-4F2A91BC.css`, which may be cached for ever. Without a
build the plain name is given, so pages still answer (unstyled), and `cheqi manage check` says what to run.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.apps.config import AppConfig
from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's own name
from django.templatetags.static import static

UI_DIR = Path(__file__).resolve().parent
BUILD_DIR = UI_DIR / "static" / "ui" / "build"


@lru_cache(maxsize=4)
def _manifest(changed_ns: int) -> dict[str, str]:
    """The manifest as it was at that time stamp, so that a rebuild is seen without a restart."""
    if not changed_ns:
        return {}
    return dict(json.loads((BUILD_DIR / "manifest.json").read_text(encoding="utf-8")))


def _changed_ns() -> int:
    path = BUILD_DIR / "manifest.json"
    return path.stat().st_mtime_ns if path.exists() else 0


def asset_url(name: str) -> str:
    """The address of a built file; its plain name while nothing is built."""
    return static(f"ui/build/{_manifest(_changed_ns()).get(name, name)}")


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """The icons of the sprite, from the same list that the build reads."""
    return frozenset(json.loads((UI_DIR / "assets" / "icons.json").read_text(encoding="utf-8")))


def check_build(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """One warning while the front end is not built."""
    if _changed_ns():
        return []
    hint = "Run `npm ci && npm run build` (make run and make test do)."
    return [Warning("The front end is not built, so pages have no style.", hint=hint, id="ui.W001")]
