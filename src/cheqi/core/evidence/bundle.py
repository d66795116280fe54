"""The evidence bundle of a case: a zip that proves itself, and the check of it.

    evidence.json    the events of the case with salts, personal parts, leaf places and inclusion proofs
    checkpoint.txt   the signed note of the tree that the proofs lead to
    case.txt         a signed note of the same form: how many events the case has, and the last commitment
    public_key.txt   the log's Ed25519 key, base64; compare it with the one the lender publishes
    verify_bundle.py the stand-alone verifier, and README.md how to run it

An event's `record` under its `salt` must make the commitment, the commitment under the proof the root, the
root must be signed, each record must repeat the commitment before it, and shown personal parts must make
the commitment in their record. What was erased is shown as absent and still verifies, and of what is
internal to the lender a customer's bundle holds the commitment only, so that the chain has no holes. That
none is missing at the end is what the case's own note signs.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cheqi.core.evidence.canonical import dumps
from cheqi.core.evidence.checkpoint import Checkpoint, NotACheckpoint, read, sign
from cheqi.core.evidence.commitment import commit_json
from cheqi.core.evidence.merkle import leaf_hash, verify_inclusion

FORMAT = "cheqi-evidence-1"
EVIDENCE, NOTE, CASE, PUBLIC_KEY = "evidence.json", "checkpoint.txt", "case.txt", "public_key.txt"


@dataclass(frozen=True, slots=True)
class Item:
    """One event of a bundle; bytes in hexadecimal. `record` is None where it is withheld,
    `personal` where there is none, or it was erased or is somebody else's.
    """

    commitment: str
    sequence: int
    proof: tuple[str, ...]
    record: dict[str, Any] | None = None
    salt: str | None = None
    personal: dict[str, Any] | None = None
    personal_salt: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not hold: at which event (counted from 1; 0 is the bundle itself) and what."""

    event: int
    what: str


def evidence_json(case: int, tree_size: int, items: list[Item]) -> bytes:
    """The bundle's main file, canonical. Raises NotCanonical."""
    events = [asdict(item) for item in items]
    return dumps({"format": FORMAT, "case": case, "tree_size": tree_size, "events": events})


def case_note(origin: str, case: int, items: list[Item], key: Ed25519PrivateKey) -> str:
    """The signed note of how many events a case has, and of its last commitment."""
    last = bytes.fromhex(items[-1].commitment)
    return sign(Checkpoint(_case_name(origin, case), len(items), last), key)


def _case_name(origin: str, case: int) -> str:
    return f"{origin}/case/{case}"


def verify(files: Mapping[str, bytes], key: Ed25519PublicKey) -> tuple[Difference, ...]:
    """Everything in a bundle that does not hold against the log's key; empty when all does."""
    try:
        checkpoint = read(files[NOTE].decode(), key)
        evidence = json.loads(files[EVIDENCE])
        if evidence["format"] != FORMAT or evidence["tree_size"] != checkpoint.size:
            return (Difference(0, "the evidence is not of the tree that the checkpoint signs"),)
        items = [Item(**each) for each in evidence["events"]]
        ends = read(files[CASE].decode(), key, origin=_case_name(checkpoint.origin, evidence["case"]))
    except NotACheckpoint as problem:
        return (Difference(0, f"the checkpoint does not hold: {problem}"),)
    except (KeyError, TypeError, ValueError) as problem:
        return (Difference(0, f"the bundle does not read: {problem!r}"),)
    found: list[Difference] = []
    if (ends.size, ends.root.hex()) != (len(items), items[-1].commitment if items else ""):
        found.append(Difference(0, f"{ends.size} events are signed for this case, {len(items)} are here"))
    previous = None
    for place, item in enumerate(items, 1):
        try:
            found += [Difference(place, what) for what in _problems(item, previous, checkpoint)]
            if item.record and (item.record["case"], item.record["position"]) != (evidence["case"], place):
                found.append(Difference(place, "it is of another case or out of order"))
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            return (*found, Difference(place, f"the event does not read: {problem!r}"))
        previous = item.commitment
    return tuple(found)


def _problems(item: Item, previous: str | None, checkpoint: Checkpoint) -> list[str]:
    found = []
    leaf, proof = leaf_hash(bytes.fromhex(item.commitment)), [bytes.fromhex(each) for each in item.proof]
    if not verify_inclusion(leaf, item.sequence, checkpoint.size, proof, checkpoint.root):
        found.append("the proof does not lead to the signed root")
    if item.record is None:
        return found
    if commit_json(item.record, bytes.fromhex(item.salt or "")).hex() != item.commitment:
        found.append("the content is not what was committed to")
    if item.record["previous"] != previous:
        found.append("it does not follow the event before it")
    if item.personal is not None:
        parts = commit_json(item.personal, bytes.fromhex(item.personal_salt or ""))
        if parts.hex() != item.record["personal"]:
            found.append("the personal parts are not those that were committed to")
    return found
