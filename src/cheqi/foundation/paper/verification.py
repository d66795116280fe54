"""Says of a PDF who signed it and whether it is still what they signed.

`intact` alone is not enough: after a page was exchanged by appending to the file, every signature is still
intact over its own revision. What counts for each signature is the bottom line (bytes, certificate, trust)
and that nothing but further signatures came after it; the last one must reach to the end of the file; no
signature field may be empty.
"""

import io
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from cheqi.core.base.findings import Finding
from cheqi.core.base.text import Text

logging.getLogger("pyhanko.sign.validation").setLevel(logging.ERROR)
"""Its warnings hold the names of signers, which do not belong in a log; we report every objection."""

_SENTENCES = {
    "paper.unreadable": Text(
        "文件打不开或已损坏，无法验证签名。请重新下载原文件后再验证。",
        "The file cannot be read or is damaged. Please download the original again and verify that.",
    ),
    "paper.not_signed": Text(
        "文件里没有任何电子签名，不能作为已签署的合同。请向贷款机构索取已签署的原文件。",
        "The file carries no signature and does not count as signed. Please ask the lender for the original.",
    ),
    "paper.signature_missing": Text(
        "签名栏是空的：该方尚未签署，或签名已被移除。请下载最新的已签署文件再验证。",
        "A signature field is empty: that side has not signed, or its signature was taken out. Please "
        "download the latest signed file and verify that.",
    ),
    "paper.content_changed": Text(
        "签名之后文件内容被改动，签名不再有效。请勿使用此文件，以原文件为准。",
        "The content was changed after signing; the signature no longer holds. Do not use this file.",
    ),
    "paper.changed_after_signing": Text(
        "签署后文件又被追加了修改，看到的内容可能与签署时不同。请勿使用此文件，以原文件为准。",
        "The file was added to after it was signed and may not show what was signed. Do not use this file.",
    ),
    "paper.untrusted_signer": Text(
        "签名证书不是由受信任的机构签发的，不能确认签署人。请核对文件来源。",
        "The signature's certificate was not issued by a trusted authority, so the signer is unknown. "
        "Please check where the file comes from.",
    ),
}


@dataclass(frozen=True, slots=True)
class SignerReport:
    """One signature. `is_valid` only when nothing at all speaks against it."""

    field: str
    name: str
    organisation: str
    signed_at: datetime | None
    reason: str
    serial: str
    is_trusted: bool
    is_valid: bool


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """All signatures, whether the paper is what was signed, and everything that speaks against it."""

    signers: tuple[SignerReport, ...]
    is_unchanged: bool
    why: tuple[Finding, ...]


def verify_pdf(
    pdf: bytes, *, trust_roots: Collection[bytes], now: datetime, pending: Collection[str] = ()
) -> SignatureReport:
    """Checks every signature; `pending` names fields that may still be empty. Never raises for a bad file."""
    try:
        return _verified(pdf, trust_roots, now, pending)
    except Exception:  # a damaged or hostile file can make the parser raise anything: it is not verified
        return SignatureReport((), is_unchanged=False, why=(_finding("paper.unreadable"),))


def _verified(
    pdf: bytes, trust_roots: Collection[bytes], now: datetime, pending: Collection[str]
) -> SignatureReport:
    reader = PdfFileReader(io.BytesIO(pdf))
    signatures = list(reader.embedded_signatures)
    if not signatures:
        return SignatureReport((), is_unchanged=False, why=(_finding("paper.not_signed"),))
    empty = [name for name, value, _ in enumerate_sig_fields(reader) if value is None]
    why = [_finding("paper.signature_missing", name) for name in empty if name not in pending]
    roots = [each for root in trust_roots for each in load_certs_from_pemder_data(root)]
    reports = []
    for index, signature in enumerate(signatures):
        context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=now)
        status = validate_pdf_signature(signature, context)
        against = _objections(signature, status, is_last=index == len(signatures) - 1)
        why += against
        reports.append(_report(signature, status, is_valid=not against))
    return SignatureReport(tuple(reports), is_unchanged=not why, why=tuple(why))


def _objections(signature: Any, status: Any, *, is_last: bool) -> list[Finding]:
    found = []
    if not (status.intact and status.valid) or not _nothing_behind(signature):
        found.append("paper.content_changed")
    if not status.trusted:
        found.append("paper.untrusted_signer")
    level, coverage = status.modification_level, status.coverage
    reaches = coverage is SignatureCoverageLevel.ENTIRE_FILE
    extended = coverage is SignatureCoverageLevel.ENTIRE_REVISION and level is not None
    in_order = reaches if is_last else reaches or (extended and level <= ModificationLevel.FORM_FILLING)
    if not in_order or (not status.bottom_line and not found):
        found.append("paper.changed_after_signing")
    return [_finding(rule, signature.field_name) for rule in found]


def _nothing_behind(signature: Any) -> bool:
    """Whether the space kept for the signature holds only it: what follows is noughts."""
    content = bytes(signature.pkcs7_content)
    return not any(content[_der_length(content) :])


def _der_length(content: bytes) -> int:
    first = content[1]
    if first < 0x80:
        return 2 + first
    size = first & 0x7F
    return 2 + size + int.from_bytes(content[2 : 2 + size], "big")


def _report(signature: Any, status: Any, *, is_valid: bool) -> SignerReport:
    subject = status.signing_cert.subject.native
    return SignerReport(
        field=signature.field_name,
        name=subject.get("common_name", ""),
        organisation=subject.get("organization_name", ""),
        signed_at=status.signer_reported_dt,
        reason=str(signature.sig_object.get("/Reason", "")),
        serial=f"{status.signing_cert.serial_number:X}",
        is_trusted=bool(status.trusted),
        is_valid=is_valid,
    )


def _finding(rule: str, field: str = "") -> Finding:
    return Finding(rule, _SENTENCES[rule], field=field)
