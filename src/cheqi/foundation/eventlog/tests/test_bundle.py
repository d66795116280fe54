"""A bundle proves itself, to our code and to the stand-alone script; an altered one proves nothing."""

import base64
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

import cheqi.core.evidence.bundle
from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.core.evidence.bundle import verify
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.eventlog.operations import erase_person, evidence_bundle, public_key, seal
from cheqi.foundation.eventlog.tests.scenarios import NOW, a_sealed_log, log_doors

pytestmark = pytest.mark.django_db
SCRIPT = Path(cheqi.core.evidence.bundle.__file__).parent / "standalone" / "verify_bundle.py"
CUSTOMER = Actor(ActorKind.CUSTOMER, "77", "李雷", scope=Scope(party_id=77, case_ids=frozenset({1, 2})))
Files = dict[str, bytes]


def files_of(bundle: bytes | Refused) -> Files:
    assert isinstance(bundle, bytes)
    with zipfile.ZipFile(io.BytesIO(bundle)) as made:
        return {name: made.read(name) for name in made.namelist()}


def a_bundle(actor: Actor = SYSTEM) -> Files:
    a_sealed_log()
    return files_of(evidence_bundle(1, actor=actor, now=NOW))


def log_key() -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key()))


def run_script(
    folder: Path, files: Files, *options: str, without_cryptography: bool = False
) -> tuple[int, str]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    environment = dict(os.environ)
    command = [sys.executable, "-I", str(SCRIPT), str(folder), *options]
    if without_cryptography:
        command = [sys.executable, "-I", "-S", str(SCRIPT), str(folder), *options]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.stderr == b""
    return done.returncode, done.stdout.decode()


def test_a_bundle_holds_evidence_proofs_checkpoint_key_and_verifier() -> None:
    files = a_bundle()
    assert sorted(files) == [
        "README.md",
        "case.txt",
        "checkpoint.txt",
        "evidence.json",
        "public_key.txt",
        "verify_bundle.py",
    ]
    assert files["verify_bundle.py"] == SCRIPT.read_bytes()
    evidence = json.loads(files["evidence.json"])
    assert (evidence["case"], evidence["tree_size"], len(evidence["events"])) == (1, 20, 7)
    assert verify(files, log_key()) == ()


def test_the_script_verifies_a_folder_and_a_zip_and_explains_in_both_languages(tmp_path: Path) -> None:
    status, told = run_script(tmp_path, a_bundle(), "--key", public_key())
    assert (status, told.splitlines()[-1]) == (0, "结论：通过 · VERIFIED")
    assert told.count("✓") == 7
    assert "7 条事件（7 条有内容），0 条不符 · events, 7 shown, 0 differ" in told
    packed = tmp_path / "bundle.zip"
    bundle = evidence_bundle(1, actor=SYSTEM, now=NOW)
    assert isinstance(bundle, bytes)
    packed.write_bytes(bundle)
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), str(packed)], capture_output=True, check=False)
    assert done.returncode == 0
    assert "公钥取自证据包" in done.stdout.decode()


def test_the_script_needs_no_project_and_is_short() -> None:
    text = SCRIPT.read_text()
    assert len(text.splitlines()) < 220
    assert "import cheqi" not in text
    assert "from cheqi" not in text


def test_the_script_falls_back_to_openssl(tmp_path: Path) -> None:
    files = a_bundle()
    status, told = run_script(tmp_path, files, without_cryptography=True)
    assert (status, told.splitlines()[-1]) == (0, "结论：通过 · VERIFIED")
    altered = files["checkpoint.txt"].replace(b"\n20\n", b"\n21\n")
    status, told = run_script(tmp_path, files | {"checkpoint.txt": altered}, without_cryptography=True)
    assert status == 1
    assert "检查点的签名不成立" in told


def change(path: str, value: Any) -> Callable[[Files], Files]:
    """An alteration of evidence.json at a dotted path."""

    def apply(files: Files) -> Files:
        evidence = json.loads(files["evidence.json"])
        *way, last = [int(each) if each.isdigit() else each for each in path.split(".")]
        at = evidence
        for each in way:
            at = at[each]
        at[last] = value
        return files | {"evidence.json": json.dumps(evidence).encode()}

    return apply


def drop_event(files: Files) -> Files:
    evidence = json.loads(files["evidence.json"])
    del evidence["events"][2]
    return files | {"evidence.json": json.dumps(evidence).encode()}


def swap_key(files: Files) -> Files:
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    return files | {"public_key.txt": base64.b64encode(other)}


def cut_checkpoint(files: Files) -> Files:
    return files | {"checkpoint.txt": b"nothing"}


def cut_tail(files: Files) -> Files:
    evidence = json.loads(files["evidence.json"])
    del evidence["events"][-1]
    return files | {"evidence.json": json.dumps(evidence).encode()}


def another_cases_end(files: Files) -> Files:
    return files | {"case.txt": files_of(evidence_bundle(2, actor=SYSTEM, now=NOW))["case.txt"]}


def unsigned_end(files: Files) -> Files:
    return files | {"case.txt": b"nothing"}


ALTERATIONS = {
    "a changed value": change("events.1.record.payload.door", 99),
    "a changed time": change("events.1.record.recorded_at", "2020-01-01T00:00:00+00:00"),
    "a changed name": change("events.3.personal.name", "韩梅梅"),
    "a changed salt": change("events.1.salt", "00" * 32),
    "a changed commitment": change("events.1.commitment", "00" * 32),
    "another place": change("events.1.sequence", 0),
    "a shorter proof": change("events.1.proof", []),
    "another case": change("case", 2),
    "another tree size": change("tree_size", 19),
    "a float": change("events.1.record.payload.door", 1.5),
    "a missing part": change("events.1.record", {"previous": None}),
    "a broken chain": change("events.2.record.previous", "00" * 32),
    "a dropped event": drop_event,
    "a cut checkpoint": cut_checkpoint,
    "a cut tail": cut_tail,
    "no event at all": change("events", []),
    "the end of another case": another_cases_end,
    "an unsigned end": unsigned_end,
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_altered_bundle_is_refused_by_both(name: str, tmp_path: Path) -> None:
    altered = ALTERATIONS[name](a_bundle())
    assert verify(altered, log_key()) != ()
    status, told = run_script(tmp_path, altered)
    assert (status, told.splitlines()[-1]) == (1, "结论：不通过 · DOES NOT VERIFY")


def test_the_difference_is_named_where_it_is(tmp_path: Path) -> None:
    altered = ALTERATIONS["a changed value"](a_bundle())
    assert [(each.event, each.what) for each in verify(altered, log_key())] == [
        (2, "the content is not what was committed to")
    ]
    _, told = run_script(tmp_path, altered)
    wrong = [line for line in told.splitlines() if line.startswith("✗")]
    assert len(wrong) == 1
    assert wrong[0].startswith(
        "✗    2  2026-12-01T01:00:00.000000+00:00  example.door_opened  内容与承诺不符"
    )


def test_a_bundle_of_another_log_is_refused_with_the_published_key(tmp_path: Path) -> None:
    other = Ed25519PrivateKey.generate().public_key()
    files = a_bundle()
    assert verify(files, other)[0].what.startswith("the checkpoint does not hold")
    key = base64.b64encode(other.public_bytes_raw()).decode()
    assert run_script(tmp_path, files, "--key", key)[0] == 1
    assert run_script(tmp_path, swap_key(files))[0] == 1


def test_a_customer_sees_own_records_and_commitments_of_internal_ones(tmp_path: Path) -> None:
    files = a_bundle(CUSTOMER)
    events = json.loads(files["evidence.json"])["events"]
    assert [each["record"]["type"] if each["record"] else None for each in events] == [
        None,
        None,
        None,
        "example.guest_named",
        None,
        None,
        None,
    ]
    assert events[3]["personal"] == {"name": "李雷"}
    assert events[0]["salt"] is None
    assert verify(files, log_key()) == ()
    assert run_script(tmp_path, files)[0] == 0


def test_what_was_erased_is_absent_and_everything_still_verifies(tmp_path: Path) -> None:
    a_sealed_log()
    erase_person(77, actor=SYSTEM, now=NOW, reason="本人要求")
    files = files_of(evidence_bundle(1, actor=SYSTEM, now=NOW))
    assert "李雷".encode() not in files["evidence.json"]
    assert verify(files, log_key()) == ()
    assert run_script(tmp_path, files)[0] == 0


def test_a_colleague_needs_a_fresh_second_factor_and_the_permission_for_personal_parts() -> None:
    a_sealed_log()
    sees = Scope(everything=True)
    reviewer = Actor(ActorKind.STAFF, "5", "赵磊", frozenset({"reviewer"}), sees)
    refused = evidence_bundle(1, actor=reviewer, now=NOW)
    assert isinstance(refused, Refused)
    assert [each.rule for each in refused.findings] == ["staff.step_up"]
    shown = {}
    for role in ("reviewer", "auditor"):
        actor = replace(reviewer, roles=frozenset({role}), stepped_up_at=NOW)
        files = files_of(evidence_bundle(1, actor=actor, now=NOW))
        assert verify(files, log_key()) == ()
        shown[role] = json.loads(files["evidence.json"])["events"][3]
    assert shown["reviewer"]["record"] == shown["auditor"]["record"]
    assert (shown["reviewer"]["personal"], shown["auditor"]["personal"]) == (None, {"name": "李雷"})


def test_taking_a_bundle_is_logged() -> None:
    a_bundle(CUSTOMER)
    last = EventRow.objects.order_by("-id")[0]
    assert (last.type, last.actor_id, last.payload) == ("evidence.bundle_made", "77", {"events": 7})


@pytest.mark.parametrize("case_id", [3, 999])
def test_a_case_of_somebody_else_is_not_found_and_nothing_is_logged(case_id: int) -> None:
    a_sealed_log()
    refused = evidence_bundle(case_id, actor=CUSTOMER, now=NOW)
    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.NOT_FOUND
    assert EventRow.objects.count() == 20


def test_a_case_with_nothing_sealed_has_no_bundle_yet() -> None:
    log_doors(1, cases=1)
    assert isinstance(evidence_bundle(1, actor=SYSTEM, now=NOW), Refused)
    seal(NOW)
    assert isinstance(evidence_bundle(1, actor=SYSTEM, now=NOW), bytes)
