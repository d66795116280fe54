"""Chinese fonts for drawing: those of the front end's packages, or the system's Noto CJK.

The front end installs Noto Sans SC from npm; the Debian package fonts-noto-cjk has a serif too.
"""

from enum import StrEnum
from functools import cache
from pathlib import Path

from PIL import ImageFont

_ROOT = Path(__file__).resolve().parents[4]
_SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
_SIMPLIFIED = 2
"""The face of a Noto CJK collection with simplified forms."""


class Face(StrEnum):
    """The hands that documents are printed in, best file first."""

    SANS = "NotoSansCJK-Regular NotoSansSC_400Regular NotoSansSC-Regular"
    BOLD = "NotoSansCJK-Bold NotoSansSC_700Bold NotoSansSC-Bold"
    SERIF = "NotoSerifCJK-Regular NotoSerifSC_400Regular NotoSansCJK-Regular NotoSansSC_400Regular"


class FontIsMissing(RuntimeError):
    """No Chinese font was found; the message says how to get one."""


@cache
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """The face at `size` pixels. Raises FontIsMissing."""
    path = _path(face)
    index = _SIMPLIFIED if path.suffix in {".ttc", ".otc"} else 0
    return ImageFont.truetype(str(path), size, index=index)


@cache
def _path(face: Face) -> Path:
    package = _ROOT / "node_modules" / "@expo-google-fonts"
    files = {
        path.stem: path
        for folder in (package, *_SYSTEM)
        if folder.is_dir()
        for path in sorted(folder.rglob("Noto*"))
        if path.suffix in {".ttf", ".otf", ".ttc", ".otc"}
    }
    for name in face.split():
        if name in files:
            return files[name]
    raise FontIsMissing(
        "no Chinese font here: run `make build` (installs Noto Sans SC) or `apt install fonts-noto-cjk`"
    )
