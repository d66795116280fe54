"""A simulator of a certification service: a test CA with its keys in a folder.

It is a test CA and says so in every certificate's subject. A signature under it shows that a paper was not
changed; it does not prove who signed to a court. Keys are files that only we can read; a one-time key is
taken out of its folder before it signs, so that it can sign once even when two processes try.
"""

import hashlib
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cheqi.ports.esign import SigningCertificate, Subject, UnableToSign

_MARK = "TEST CA / 测试证书"
_FROM, _CA_UNTIL, _LENDER_UNTIL = (
    datetime(2020, 1, 1, tzinfo=UTC),
    datetime(2060, 1, 1, tzinfo=UTC),
    datetime(2050, 1, 1, tzinfo=UTC),
)
_ONE_TIME_YEARS = 15
"""A one-time key is gone after its signature, so its certificate may outlive the longest loan."""


@dataclass(frozen=True, slots=True)
class _Pair:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


class TestCaSimulator:
    """Answers `ports.esign.SigningService` from a folder; makes CA and lender's key when it is empty."""

    __test__ = False

    def __init__(self, folder: Path, lender_name: str) -> None:
        self._folder = folder
        self._lender_name = lender_name

    def lender(self) -> SigningCertificate:
        """The lender's certificate under the test CA."""
        self._ready()
        return self._with_chain(_load_certificate(self._folder / "lender.pem"), "lender")

    def issue_once(self, subject: Subject, *, evidence_sha256: str, now: datetime) -> SigningCertificate:
        """A certificate for one signature; the subject's serial number hashes reference and consent."""
        self._ready()
        ca = self._pair("ca")
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(
            subject.name, organisation=f"{_MARK}（一次性）", serial=f"{subject.reference}/{evidence_sha256}"
        )
        until = now + timedelta(days=365 * _ONE_TIME_YEARS)
        certificate = _certificate(key, name, ca, start=now - timedelta(minutes=5), end=until)
        ref = f"once-{secrets.token_hex(16)}"
        _write_key(self._folder / "once" / f"{ref}.key", key)
        return self._with_chain(certificate, ref)

    def sign(self, key_ref: str, data: bytes) -> bytes:
        """ECDSA over SHA-256. Raises UnableToSign for a key that is not there or was used."""
        self._ready()
        key = self._pair("lender").key if key_ref == "lender" else self._take(key_ref)
        return key.sign(data, ec.ECDSA(hashes.SHA256()))

    def trust_roots(self) -> tuple[bytes, ...]:
        """The test CA."""
        self._ready()
        return (_der(_load_certificate(self._folder / "ca.pem")),)

    def _take(self, key_ref: str) -> ec.EllipticCurvePrivateKey:
        path = self._folder / "once" / f"{Path(key_ref).name}.key"
        taken = path.with_suffix(f".{secrets.token_hex(4)}.taken")
        try:
            path.rename(taken)  # one process gets it
        except FileNotFoundError as problem:
            raise UnableToSign(f"the one-time key {key_ref} was used or never issued") from problem
        key = _load_key(taken)
        taken.unlink()
        return key

    def _with_chain(self, certificate: x509.Certificate, ref: str) -> SigningCertificate:
        return SigningCertificate(_der(certificate), self.trust_roots(), ref)

    def _pair(self, name: str) -> _Pair:
        return _Pair(_load_key(self._folder / f"{name}.key"), _load_certificate(self._folder / f"{name}.pem"))

    def _ready(self) -> None:
        """Makes the CA beside its place and moves it there whole, so that two processes make one."""
        if self._folder.is_dir():
            return
        self._folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = Path(tempfile.mkdtemp(dir=self._folder.parent, prefix="esign-"))
        try:
            self._make(draft)
            draft.rename(self._folder)
        except OSError:
            if not self._folder.is_dir():
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _make(self, folder: Path) -> None:
        (folder / "once").mkdir(mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        root = _certificate(key, _name("Cheqi TEST CA", _MARK), None, start=_FROM, end=_CA_UNTIL)
        ca = _Pair(key, root)
        lender_key = ec.generate_private_key(ec.SECP256R1())
        named = _name(self._lender_name, _MARK)
        lender = _certificate(lender_key, named, ca, start=_FROM, end=_LENDER_UNTIL)
        for name, pair in (("ca", ca), ("lender", _Pair(lender_key, lender))):
            _write_key(folder / f"{name}.key", pair.key)
            (folder / f"{name}.pem").write_bytes(pair.certificate.public_bytes(serialization.Encoding.PEM))


def _name(common: str, organisation: str, serial: str = "") -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
    ]
    if serial:
        short = hashlib.sha256(serial.encode()).hexdigest()
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, short))
    return x509.Name(parts)


def _certificate(
    key: ec.EllipticCurvePrivateKey, name: x509.Name, ca: _Pair | None, *, start: datetime, end: datetime
) -> x509.Certificate:
    issuer, issuer_key = (ca.certificate.subject, ca.key) if ca else (name, key)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    usage = x509.KeyUsage(
        digital_signature=ca is not None,
        content_commitment=ca is not None,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca is None,
        crl_sign=ca is None,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca is None, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(authority, critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(pem)


def _load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise UnableToSign(f"not a key of the test CA: {path.name}")
    return key


def _load_certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
