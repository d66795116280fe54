"""Contracts: what there is, the PDF, and the check of any PDF."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import File, Path, Router, Schema, UploadedFile
from pydantic import Field

from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.documents.intake import read_limited
from cheqi.foundation.paper.queries import PaperRow, download, is_ours, papers_of, verify
from cheqi.web.api.answers import Routes, call_of
from cheqi.web.api.pages import Id
from cheqi.web.api.queries import case_id_of
from cheqi.web.api.routes.applications import Number
from cheqi.web.api.shapes import AT, FindingShape, finding_shapes

router = Router(tags=["contracts"])
routes = Routes(router)
NO_PAPER = refuse(RefusalKind.NOT_FOUND, "paper.missing", Text("没有找到这份文件", "There is no such paper"))


class SideShape(Schema):
    """A side that signs."""

    role: str = Field(examples=["BORROWER"])
    title: str = Field(examples=["借款人（抵押人）"])
    signed_at: datetime | None = Field(default=None, examples=[AT])


class PaperShape(Schema):
    """A paper; `sha256` is that of its newest PDF, which a signature names."""

    id: int = Field(examples=[5])
    kind: str = Field(examples=["LOAN_CONTRACT"])
    title: str = Field(examples=["借款合同"])
    number: str = Field(examples=["HT-2026-000381"])
    state: str = Field(examples=["SHOWN"])
    sha256: str = Field(examples=["9f" * 32])
    drawn_at: datetime = Field(examples=[AT])
    completed_at: datetime | None = None
    sides: list[SideShape]


class PaperList(Schema):
    """The papers of a case, oldest first."""

    items: list[PaperShape]


class SignerShape(Schema):
    """Who signed a PDF, by the certificate."""

    name: str = Field(examples=["车契演示汽车金融有限公司"])
    is_valid: bool


class PdfReport(Schema):
    """Whether a PDF is what was signed, whether it is one of ours, and everything that speaks against it."""

    is_unchanged: bool
    is_ours: bool
    signers: list[SignerShape]
    why: list[FindingShape]


@routes.get("cases/{number}/papers", scope="contracts:read", answer=PaperList, summary="Papers of a case")
def list_papers(request: HttpRequest, number: Number) -> PaperList:
    """Contract and schedule with their signatures."""
    call = call_of(request)
    rows = papers_of(case_id_of(number, call.actor), call.actor)
    return PaperList(items=[_paper(each) for each in rows])


@routes.get("papers/{paper_id}/pdf", scope="contracts:read", answer=None, summary="The newest PDF")
def paper_pdf(request: HttpRequest, paper_id: Annotated[Id, Path(examples=[5])]) -> HttpResponse | Refused:
    """The PDF; its ETag is its SHA-256."""
    call = call_of(request)
    found = download(paper_id, call.actor, call.now)
    if found is None:
        return NO_PAPER
    response = HttpResponse(found.content, content_type=found.media_type)
    response.headers["ETag"] = f'"{found.etag}"'
    response.headers["Content-Disposition"] = "attachment"
    return response


@routes.ask("papers/verify", scope="contracts:read", answer=PdfReport, summary="Check any PDF")
def verify_pdf(
    request: HttpRequest, file: Annotated[UploadedFile, File(description="A PDF, at most 20 MB")]
) -> PdfReport | Refused:
    """Who signed it, and whether it is still what they signed. Nothing is kept."""
    call = call_of(request)
    content = read_limited(file)
    if not isinstance(content, bytes):
        return Refused(RefusalKind.INVALID, (content,))
    report = verify(content, now=call.now)
    return PdfReport(
        is_unchanged=report.is_unchanged,
        is_ours=is_ours(content),
        signers=[SignerShape(name=each.name, is_valid=each.is_valid) for each in report.signers],
        why=finding_shapes(report.why, call.language),
    )


def _paper(row: PaperRow) -> PaperShape:
    return PaperShape.model_validate(row, from_attributes=True)
