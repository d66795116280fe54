"""Puts electronic signatures into a PDF: PAdES, with a picture in the printed box.

The boxes become empty signature fields when the paper is made, before anybody signs. So a paper tells by
itself whose signature is still missing, and a signature that was taken out leaves a hole.
"""

import io
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from django.utils import timezone
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.sign import fields, signers
from pyhanko.stamp.static import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from cheqi import ports
from cheqi.foundation.paper.places import Place
from cheqi.foundation.paper.typesetting import compiled
from cheqi.ports.esign import SigningCertificate, SigningService

_FILL = SimpleBoxLayoutRule(
    x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID, margins=Margins.uniform(0)
)
_SIGNATURE_BYTES = 72
"""The longest DER form of an ECDSA signature over P-256."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a signature shows and says: the name, what it rests on, and whether it is the lender's."""

    name: str
    basis: str
    reason: str
    is_lender: bool


def with_fields(pdf: bytes, places: Iterable[Place]) -> bytes:
    """The paper with one empty signature field a place, on its last page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for place in places:
        spec = fields.SigFieldSpec(
            place.field, on_page=-1, box=place.points(), readable_field_name=place.title
        )
        fields.append_signature_field(writer, spec)
    return _written(writer)


def with_signature(
    pdf: bytes, *, place: Place, mark: Mark, certificate: SigningCertificate, now: datetime
) -> bytes:
    """The paper with one field signed; earlier signatures stay valid. Raises UnableToSign."""
    picture = _picture(place, mark, certificate, now)
    with tempfile.TemporaryDirectory(prefix="cheqi-stamp-") as folder:
        path = Path(folder) / "stamp.pdf"
        path.write_bytes(picture)
        signer = _TimedPdfSigner(
            signers.PdfSignatureMetadata(
                field_name=place.field,
                md_algorithm="sha256",
                subfilter=fields.SigSeedSubFilter.PADES,
                name=mark.name,
                reason=mark.reason,
            ),
            signer=_PortSigner(certificate),
            stamp_style=StaticStampStyle.from_pdf_file(str(path), border_width=0, background_layout=_FILL),
        )
        signer.moment = now
        output = io.BytesIO()
        signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), existing_fields_only=True, output=output)
        return output.getvalue()


class _PortSigner(signers.Signer):  # type: ignore[misc]  # pyHanko is read without types
    """Signs through the port: the key never comes here."""

    def __init__(self, certificate: SigningCertificate) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple([_parsed(each) for each in certificate.chain])
        super().__init__(signing_cert=_parsed(certificate.certificate), cert_registry=registry)
        self._key_ref = certificate.key_ref

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002 (pyHanko's signature)
    ) -> bytes:
        """The signature, or as many bytes when only the space is measured."""
        if dry_run:
            return bytes(_SIGNATURE_BYTES)
        if digest_algorithm != "sha256":
            raise ValueError(f"the signing service signs over SHA-256, not {digest_algorithm}")
        return ports.get(SigningService).sign(self._key_ref, data)


class _TimedPdfSigner(signers.PdfSigner):  # type: ignore[misc]  # pyHanko is read without types
    """Writes the moment that it was told, not the clock's."""

    moment: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        """The session with our time."""
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.moment
        return session


def _picture(place: Place, mark: Mark, certificate: SigningCertificate, now: datetime) -> bytes:
    known = x509.load_der_x509_certificate(certificate.certificate)
    organisations = known.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    data = {
        "name": mark.name,
        "basis": mark.basis,
        "is_lender": mark.is_lender,
        "signed_at": f"{timezone.localtime(now):%Y-%m-%d %H:%M:%S}",
        "serial": f"{known.serial_number:X}"[:20],
        "authority": str(organisations[0].value) if organisations else "",
        "width": place.width,
        "height": place.height,
    }
    return compiled("stamp", data, now)


def _parsed(certificate: bytes) -> Any:
    return next(iter(load_certs_from_pemder_data(certificate)))


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
