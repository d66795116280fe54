#!/usr/bin/env python3
"""独立验证证据包 · Verifies an evidence bundle without the lender's software.

    python3 verify_bundle.py 证据包.zip [--key BASE64]

只需 Python 3.9 以上，以及 cryptography 或系统的 openssl。退出码：0 全部通过，1 有不符，2 无法检查。
Needs Python 3.9 and either `cryptography` or a system `openssl`. Exit status: 0 all holds, 1 something
differs, 2 it could not be checked. With --key the log's key is the one you give (take it from the lender's
published page or a witness); without it the key inside the bundle is used, which shows that the bundle
agrees with itself but not whose it is.
"""

# ruff: noqa: T201 (a script on its own: it prints)
from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

OPENSSL_PREFIX = bytes.fromhex("302a300506032b6570032100")  # an Ed25519 key in DER begins so (RFC 8410)


class Differs(Exception):
    """Something does not hold: said in Chinese and English."""


class UnableToCheck(Exception):
    """There is nothing here to check signatures with."""


def canonical(value: Any) -> bytes:
    """The canonical JSON of a value (RFC 8785; whole numbers only)."""

    def ordered(part: Any) -> Any:
        if isinstance(part, dict):
            keys = sorted(part, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
            return {key: ordered(part[key]) for key in keys}
        if isinstance(part, list):
            return [ordered(each) for each in part]
        if isinstance(part, float):
            raise Differs("记录中有浮点数 · a record holds floating point")
        return part

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def commit(value: Any, salt: str) -> bytes:
    """HMAC-SHA-256 of the canonical JSON under the record's salt."""
    return hmac.new(bytes.fromhex(salt), canonical(value), hashlib.sha256).digest()


def root_of(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """The tree's root that an inclusion proof leads to (RFC 9162, 2.1.3.2); None for a wrong length."""
    if not 0 <= index < size:
        return None
    last, root = size - 1, hashlib.sha256(b"\x00" + leaf).digest()
    for each in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            root = hashlib.sha256(b"\x01" + each + root).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            root = hashlib.sha256(b"\x01" + root + each).digest()
        index, last = index >> 1, last >> 1
    return root if last == 0 else None


def signature_holds(key: bytes, signature: bytes, text: bytes) -> bool:
    """Whether an Ed25519 signature holds, by `cryptography` or by openssl."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return openssl_says(key, signature, text)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def openssl_says(key: bytes, signature: bytes, text: bytes) -> bool:
    """The same by the openssl command (1.1.1 or newer)."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / name for name in ("key", "sig", "text")}
        paths["key"].write_bytes(OPENSSL_PREFIX + key)
        paths["sig"].write_bytes(signature)
        paths["text"].write_bytes(text)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", str(paths["key"])]
        command += ["-rawin", "-sigfile", str(paths["sig"]), "-in", str(paths["text"])]
        try:
            return subprocess.run(command, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            raise UnableToCheck("请安装 cryptography 或 openssl · install cryptography or openssl") from None


def read_checkpoint(note: str, key: bytes) -> tuple[str, int, bytes]:
    """Name, size and root of the signed note. Raises Differs."""
    text, _, signatures = note.partition("\n\n")
    name, size, root = text.split("\n")[:3]
    signed_text = text.encode() + b"\n"
    key_hash = hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
    for line in signatures.splitlines():
        signed = base64.b64decode(line.rpartition(" ")[2])
        ours = line.startswith("— " + name + " ") and signed[:4] == key_hash
        if ours and signature_holds(key, signed[4:], signed_text):
            return name, int(size), base64.b64decode(root)
    raise Differs("检查点的签名不成立 · the checkpoint's signature does not hold")


def check_event(event: dict[str, Any], previous: str | None, size: int, root: bytes) -> str:
    """What is wrong with one event, empty when nothing is."""
    record, proof = event["record"], [bytes.fromhex(each) for each in event["proof"]]
    if root_of(bytes.fromhex(event["commitment"]), event["sequence"], size, proof) != root:
        return "证明与已签名的根不符 · the proof does not lead to the signed root"
    if record is None:
        return ""
    if commit(record, event["salt"]).hex() != event["commitment"]:
        return "内容与承诺不符 · the content is not what was committed to"
    if record["previous"] != previous:
        return "与前一事件不衔接 · it does not follow the event before it"
    parts = event["personal"]
    if parts is not None and commit(parts, event["personal_salt"]).hex() != record["personal"]:
        return "个人信息与承诺不符 · the personal parts are not those committed to"
    return ""


def check_end(note: str, key: bytes, case: str, events: list[Any]) -> str:
    """What is wrong with the end of the case's events: how many there are, and the last, are signed."""
    name, count, last = read_checkpoint(note, key)
    if name != case:
        return "签名的是另一案件 · the signed end is of another case"
    if (count, last.hex()) != (len(events), events[-1]["commitment"] if events else ""):
        return f"签名时有 {count} 条事件 · {count} events are signed for this case"
    return ""


def check(files: dict[str, bytes], key: bytes) -> int:
    """Checks a bundle and prints what was found. Returns the number of differences."""
    name, size, root = read_checkpoint(files["checkpoint.txt"].decode(), key)
    print(f"检查点成立 · the checkpoint holds: {name}, {size} 条 · leaves, {root.hex()}")
    evidence = json.loads(files["evidence.json"])
    if evidence["format"] != "cheqi-evidence-1" or evidence["tree_size"] != size:
        raise Differs("证据与检查点不属于同一棵树 · the evidence is of another tree")
    previous: str | None = None
    wrong = place = 0
    for place, event in enumerate(evidence["events"], 1):
        record = event["record"]
        label = (
            f"{place:>4}  {record['recorded_at']}  {record['type']}"
            if record
            else f"{place:>4}  内部事件 · internal"
        )
        problem = check_event(event, previous, size, root)
        if record and (record["case"], record["position"]) != (evidence["case"], place):
            problem = problem or "属于另一案件或顺序不符 · it is of another case or out of order"
        wrong += bool(problem)
        print(f"{'✗' if problem else '✓'} {label}  {problem}".rstrip())
        previous = event["commitment"]
    shown = sum(event["record"] is not None for event in evidence["events"])
    print(f"{place} 条事件（{shown} 条有内容），{wrong} 条不符 · events, {shown} shown, {wrong} differ")
    end = check_end(files["case.txt"].decode(), key, f"{name}/case/{evidence['case']}", evidence["events"])
    if end:
        print(f"✗ {end}")
    return wrong + bool(end)


def read_files(path: Path) -> dict[str, bytes]:
    """The files of a bundle, zipped or unpacked."""
    names = ("evidence.json", "checkpoint.txt", "case.txt", "public_key.txt")
    if path.is_dir():
        return {name: (path / name).read_bytes() for name in names}
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in names}


def main() -> int:
    """Reads the arguments, checks, and says so."""
    parser = argparse.ArgumentParser(description="验证证据包 · verify an evidence bundle")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", help="日志公钥（base64） · the log's public key")
    arguments = parser.parse_args()
    try:
        files = read_files(arguments.bundle)
        wrong = check(files, base64.b64decode(arguments.key or files["public_key.txt"]))
    except UnableToCheck as problem:
        print(problem)
        return 2
    except Differs as problem:
        print(f"✗ {problem}")
        wrong = 1
    except (OSError, KeyError, TypeError, AttributeError, ValueError, zipfile.BadZipFile) as problem:
        print(f"✗ 证据包无法读取 · the bundle does not read: {problem!r}")
        wrong = 1
    if not arguments.key:
        print("注意：公钥取自证据包，请与公布的公钥核对 · the key came with the bundle: compare it")
    print("结论：不通过 · DOES NOT VERIFY" if wrong else "结论：通过 · VERIFIED")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main())
