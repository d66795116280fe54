"""The test CA says that it is one, and a one-time key signs once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from cheqi.adapters.esign.simulator import TestCaSimulator
from cheqi.ports.esign import Subject, UnableToSign

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def service(tmp_path: Path) -> TestCaSimulator:
    return TestCaSimulator(tmp_path / "esign", "车契演示汽车金融有限公司")


def issue(service: TestCaSimulator) -> tuple[x509.Certificate, str]:
    issued = service.issue_once(Subject("王小雨", "party-3"), evidence_sha256="ab" * 32, now=NOW)
    return x509.load_der_x509_certificate(issued.certificate), issued.key_ref


def test_every_certificate_says_that_it_is_a_test(service: TestCaSimulator) -> None:
    lender = x509.load_der_x509_certificate(service.lender().certificate)
    root = x509.load_der_x509_certificate(service.trust_roots()[0])
    for certificate in (lender, root, issue(service)[0]):
        assert "TEST CA" in certificate.subject.rfc4514_string()
        certificate.verify_directly_issued_by(root)


def test_a_one_time_key_signs_once_and_is_gone(service: TestCaSimulator, tmp_path: Path) -> None:
    certificate, ref = issue(service)
    signature = service.sign(ref, b"contract")
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(signature, b"contract", ec.ECDSA(hashes.SHA256()))
    assert list((tmp_path / "esign" / "once").iterdir()) == []
    with pytest.raises(UnableToSign):
        service.sign(ref, b"another")


def test_a_key_reference_never_leaves_the_folder(service: TestCaSimulator) -> None:
    service.lender()
    with pytest.raises(UnableToSign):
        service.sign("../lender", b"x")


def test_a_second_process_finds_the_same_authority(service: TestCaSimulator, tmp_path: Path) -> None:
    again = TestCaSimulator(tmp_path / "esign", "车契演示汽车金融有限公司")
    assert service.trust_roots() == again.trust_roots()
    assert service.lender().certificate == again.lender().certificate
    assert (tmp_path / "esign" / "ca.key").stat().st_mode & 0o077 == 0
