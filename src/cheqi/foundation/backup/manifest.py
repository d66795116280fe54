"""What a backup holds, and whether it still does."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "manifest.json"
KEYS = "keys.sealed"
VERSION = 1


class UnreadableManifest(ValueError):
    """The folder is no backup, or one of another version."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the backup."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`made_at` is ISO 8601 in UTC; `database` is `sqlite` or `postgresql`; entries go by relative path."""

    made_at: str
    database: str
    has_keys: bool
    entries: dict[str, Entry]
    version: int = VERSION

    def as_bytes(self) -> bytes:
        """The file's content; the key box is bound to exactly these bytes."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


def entries_of(folder: Path) -> dict[str, Entry]:
    """Every file below the folder except manifest and key box."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    found = {str(path.relative_to(folder)): path for path in paths}
    return {
        name: Entry(path.stat().st_size, sha256_of(path))
        for name, path in found.items()
        if name not in {NAME, KEYS}
    }


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises UnreadableManifest."""
    try:
        held = json.loads((folder / NAME).read_bytes())
        entries = {name: Entry(**entry) for name, entry in held.pop("entries").items()}
        manifest = Manifest(entries=entries, **held)
    except FileNotFoundError:
        raise UnreadableManifest(f"{folder} holds no {NAME}: this is no backup") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise UnreadableManifest(f"{folder / NAME} cannot be read") from None
    if manifest.version != VERSION:
        raise UnreadableManifest(f"the backup has version {manifest.version}, this program reads {VERSION}")
    return manifest


def problems(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """Everything in the folder that is not as the manifest says: missing, changed, or not named."""
    found = entries_of(folder)
    missing = [f"{name} is missing" for name in manifest.entries.keys() - found.keys()]
    extra = [f"{name} is not in the manifest" for name in found.keys() - manifest.entries.keys()]
    changed = [
        f"{name} was changed"
        for name in manifest.entries.keys() & found.keys()
        if manifest.entries[name] != found[name]
    ]
    lost = [f"{KEYS} is missing"] if manifest.has_keys and not (folder / KEYS).is_file() else []
    return tuple(sorted(missing + extra + changed + lost))


def sha256_of(path: Path) -> str:
    """The digest of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
