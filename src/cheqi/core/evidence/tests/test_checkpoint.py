"""A checkpoint says size and root under the log's name, and only the log's key can say so."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cheqi.core.evidence.checkpoint import (
    Checkpoint,
    NotACheckpoint,
    is_signed_by,
    key_hash,
    read,
    sign,
    signature_line,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
HERE = Checkpoint("lender.example/evidence", 7, b"\x26" * 32)
NOTE = sign(HERE, KEY)


def test_a_note_has_the_lines_of_the_standard() -> None:
    assert NOTE.splitlines()[:4] == [
        "lender.example/evidence",
        "7",
        "JiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiY=",
        "",
    ]
    assert NOTE.splitlines()[4].startswith("— lender.example/evidence ")
    assert NOTE.endswith("\n")


def test_a_signed_note_reads_back() -> None:
    assert read(NOTE, KEY.public_key(), origin="lender.example/evidence") == HERE


def test_the_key_hash_is_the_one_of_the_standard() -> None:
    # The example key of Go's sumdb/note: PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW
    import base64

    raw = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    assert key_hash("PeterNeumann", Ed25519PublicKey.from_public_bytes(raw)).hex() == "c74f20a3"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (NOTE.replace("\n7\n", "\n8\n"), "did not sign"),
        (NOTE.replace("JiYm", "JiYn", 1), "did not sign"),
        (NOTE.replace("lender.example", "lander.example"), "did not sign"),
        (NOTE.replace("\n7\n", "\n07\n"), "has a name, a size"),
        (NOTE.replace("\n\n", "\n"), "has a name, a size"),
        (NOTE.replace("JiYm", "!!!!", 1), "not base64"),
        (NOTE.replace("JiYmJiYm", "", 1), "not 32 bytes"),
        (NOTE.partition("—")[0], "did not sign"),
    ],
)
def test_a_changed_note_is_refused(changed: str, why: str) -> None:
    with pytest.raises(NotACheckpoint, match=why):
        read(changed, KEY.public_key())


def test_another_key_and_another_log_are_refused() -> None:
    with pytest.raises(NotACheckpoint, match="did not sign"):
        read(NOTE, OTHER.public_key())
    with pytest.raises(NotACheckpoint, match="not of 'other'"):
        read(NOTE, KEY.public_key(), origin="other")


def test_a_witness_signs_beside_the_log() -> None:
    text, _, signatures = NOTE.partition("\n\n")
    cosigned = NOTE + signature_line(f"{text}\n", "auditor.example", OTHER)
    assert read(cosigned, KEY.public_key()) == HERE
    signatures = cosigned.partition("\n\n")[2]
    assert is_signed_by(f"{text}\n", signatures, "auditor.example", OTHER.public_key())
    assert not is_signed_by(f"{text}\n", signatures, "auditor.example", KEY.public_key())


def test_a_signers_name_has_no_spaces() -> None:
    with pytest.raises(ValueError, match="no spaces"):
        signature_line("x\n", "an auditor", KEY)
