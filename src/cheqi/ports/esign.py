"""Who signs for a person or a company: a certification service that holds keys and gives certificates.

We build the PDF signature; the service only ever sees bytes to sign, never the contract. A customer's
certificate is issued for one signature, after consent, and its key is gone once it was used.

A licensed authority stands behind this port in production (电子签名法 article 16); the simulator's test CA
proves integrity only.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate names. `reference` tells people of one name apart without saying their number."""

    name: str
    reference: str


@dataclass(frozen=True, slots=True)
class SigningCertificate:
    """A certificate (DER) with its chain up to the root, and the handle of its key."""

    certificate: bytes
    chain: tuple[bytes, ...]
    key_ref: str


class UnableToSign(Exception):
    """The service did not sign: out of reach, or the key was used or withdrawn."""


class SigningService(Protocol):
    """Issues certificates and signs with their keys (ECDSA over SHA-256)."""

    def lender(self) -> SigningCertificate:
        """The lender's standing certificate. Raises UnableToSign."""
        ...

    def issue_once(self, subject: Subject, *, evidence_sha256: str, now: datetime) -> SigningCertificate:
        """A certificate for a single signature, bound to the hash of the consent. Raises UnableToSign."""
        ...

    def sign(self, key_ref: str, data: bytes) -> bytes:
        """The signature over `data`, DER-coded. A one-time key signs once. Raises UnableToSign."""
        ...

    def trust_roots(self) -> tuple[bytes, ...]:
        """The root certificates (DER) under which signatures count."""
        ...
