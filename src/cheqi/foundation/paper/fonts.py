"""Finds the Chinese fonts for papers and stamps, so that no system font is needed.

They come with the npm package that the front end installs (Noto Sans SC, OFL). Looked for in this order:
`CHEQI_FONTS`, the project's `node_modules`, the home's `fonts` folder.
"""

import os
from functools import cache
from pathlib import Path

from django.conf import settings

FAMILY = "Noto Sans SC"
_PACKAGE = Path("node_modules") / "@expo-google-fonts" / "noto-sans-sc"
_REGULAR = "NotoSansSC_400Regular.ttf"


class UnableToFindFonts(LookupError):
    """No folder with the Chinese fonts; the message says where they were looked for and how to get them."""


def font_folder() -> Path:
    """The folder with the fonts of the family. Raises UnableToFindFonts."""
    return _found(os.environ.get("CHEQI_FONTS", ""), Path(settings.CHEQI_HOME))


def regular_font() -> Path:
    """The one file for stamps. Raises UnableToFindFonts."""
    return _in_folder(font_folder())


@cache
def _found(named: str, home: Path) -> Path:
    project = Path(__file__).resolve().parents[4]
    places = [Path(named)] if named else [project / _PACKAGE, Path.cwd() / _PACKAGE, home / "fonts"]
    for place in places:
        if place.is_dir() and any(place.rglob(_REGULAR)):
            return place
    looked = ", ".join(str(place) for place in places)
    raise UnableToFindFonts(
        f"no Chinese fonts ({_REGULAR}) in {looked}: run `npm ci` in the project, or set CHEQI_FONTS"
    )


def _in_folder(folder: Path) -> Path:
    return next(iter(sorted(folder.rglob(_REGULAR))))
