"""A signed paper verifies; every way of changing it is recognised."""

import functools
import io
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from cheqi import ports
from cheqi.foundation.paper import samples
from cheqi.foundation.paper.operations import render
from cheqi.foundation.paper.places import places_for
from cheqi.foundation.paper.queries import verify
from cheqi.foundation.paper.signing import Mark, with_signature
from cheqi.ports.esign import SigningService, Subject

NOW = samples.DRAWN_AT
LATER = NOW + timedelta(days=400)
CUSTOMER_MARK = Mark("王小雨", "同意记录 0000", "同意记录 SHA-256 " + "0" * 64, is_lender=False)
LENDER_MARK = Mark(samples.LENDER.name, "审批通过", "同意", is_lender=True)


@functools.cache
def unsigned() -> bytes:
    return render(samples.loan_contract(), samples.SIGNATORIES)


def customer_signed() -> bytes:
    once = ports.get(SigningService).issue_once(
        Subject("王小雨", "party-3"), evidence_sha256="0" * 64, now=NOW
    )
    place = places_for(samples.SIGNATORIES)[0]
    return with_signature(unsigned(), place=place, mark=CUSTOMER_MARK, certificate=once, now=NOW)


def lender_signed(pdf: bytes) -> bytes:
    place, certificate = places_for(samples.SIGNATORIES)[1], ports.get(SigningService).lender()
    when = NOW + timedelta(minutes=3)
    return with_signature(pdf, place=place, mark=LENDER_MARK, certificate=certificate, now=when)


@pytest.fixture
def signed() -> bytes:
    return lender_signed(customer_signed())


def rules(pdf: bytes, pending: tuple[str, ...] = ()) -> set[str]:
    report = verify(pdf, now=LATER, pending=pending)
    assert report.is_unchanged == (not report.why)
    return {finding.rule for finding in report.why}


def test_a_signed_contract_is_unchanged_and_names_its_signers(signed: bytes) -> None:
    report = verify(signed, now=LATER)
    assert report.is_unchanged
    assert report.why == ()
    assert [(each.field, each.name, each.is_valid) for each in report.signers] == [
        ("signer1", "王小雨", True),
        ("lender", samples.LENDER.name, True),
    ]
    assert [each.signed_at for each in report.signers] == [NOW, NOW + timedelta(minutes=3)]
    assert report.signers[0].reason == CUSTOMER_MARK.reason
    assert all("TEST CA" in each.organisation for each in report.signers)


def test_both_stamps_can_be_read_on_the_signing_page(signed: bytes) -> None:
    page = pypdf.PdfReader(io.BytesIO(signed)).pages[-1]
    appearances = [annotation.get_object()["/AP"]["/N"].get_object() for annotation in page["/Annots"]]  # type: ignore[attr-defined]
    assert len(appearances) == 2
    assert all("/XObject" in each["/Resources"] for each in appearances)


@pytest.mark.slow
def test_one_flipped_bit_anywhere_in_what_was_signed_is_recognised(signed: bytes) -> None:
    for position in range(2000, len(unsigned()), len(unsigned()) // 12):
        changed = bytearray(signed)
        changed[position] ^= 1
        found = rules(bytes(changed))
        assert found & {"paper.content_changed", "paper.unreadable"}, position


def test_a_page_edited_by_appending_is_recognised_although_both_signatures_are_intact(signed: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    content = generic.StreamObject(stream_data=b"BT 100 100 Td ET 0 0 300 300 re f")
    writer.add_stream_to_page(0, writer.add_object(content), prepend=False)
    output = io.BytesIO()
    writer.write(output)
    assert rules(output.getvalue()) == {"paper.changed_after_signing"}


def test_bytes_appended_after_the_last_signature_are_recognised(signed: bytes) -> None:
    assert rules(signed + b"\n% harmless?\n") == {"paper.changed_after_signing"}


def test_a_contract_cut_back_to_before_the_lenders_signature_is_recognised() -> None:
    first = customer_signed()
    cut = lender_signed(first)[: len(first)]
    assert rules(cut) == {"paper.signature_missing"}
    assert rules(cut, pending=("lender",)) == set()


def test_a_signature_taken_out_by_appending_is_recognised(signed: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    fields = writer.root["/AcroForm"]["/Fields"]
    del fields[1]
    writer.update_container(fields)
    output = io.BytesIO()
    writer.write(output)
    assert "paper.changed_after_signing" in rules(output.getvalue())


def test_a_contract_with_all_signatures_removed_counts_as_not_signed(signed: bytes) -> None:
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(io.BytesIO(signed)).pages:
        writer.add_page(page).pop("/Annots", None)
    output = io.BytesIO()
    writer.write(output)
    assert rules(output.getvalue()) == {"paper.not_signed"}


def test_a_strangers_authority_is_recognised(signed: bytes, tmp_path: Path, settings: object) -> None:
    settings.CHEQI_HOME = tmp_path / "another"  # type: ignore[attr-defined]
    with ports.renewed(SigningService):
        report = verify(signed, now=LATER)
    assert not report.is_unchanged
    assert {finding.rule for finding in report.why} == {"paper.untrusted_signer"}
    assert [each.is_trusted for each in report.signers] == [False, False]


@pytest.mark.parametrize("content", [b"", b"not a pdf", b"%PDF-1.7\n%%EOF", unsigned])
def test_what_is_no_signed_pdf_is_said_so(content: object) -> None:
    pdf = content() if callable(content) else content
    assert isinstance(pdf, bytes)
    assert rules(pdf) <= {"paper.unreadable", "paper.not_signed"}
    assert not verify(pdf, now=LATER).is_unchanged


def test_every_objection_says_what_to_do_next(signed: bytes) -> None:
    for finding in verify(signed[:-2000], now=LATER).why:
        assert "请" in finding.message.zh
