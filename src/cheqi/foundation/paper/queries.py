"""What pages may see of papers, downloads, and the verification of any PDF."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cheqi import ports
from cheqi.core.base.actors import Actor
from cheqi.foundation.originals import Sight, originals_of
from cheqi.foundation.paper.choices import PaperKind
from cheqi.foundation.paper.models import Paper
from cheqi.foundation.paper.verification import SignatureReport, verify_pdf
from cheqi.foundation.paper.visibility import visible_papers
from cheqi.foundation.workflow.store import load_case
from cheqi.ports.esign import SigningService
from cheqi.ports.file_store import FileStore

TABLE = Paper._meta.db_table


@dataclass(frozen=True, slots=True)
class SideRow:
    """A side that signs, and when it did."""

    role: str
    title: str
    name: str
    party_id: int | None
    signed_at: datetime | None
    shown_at: datetime | None = None
    shown_sha256: str = ""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper with its sides."""

    id: int
    kind: str
    title: str
    number: str
    case_id: int
    state: str
    sha256: str
    drawn_at: datetime
    shown_at: datetime | None
    completed_at: datetime | None
    sides: tuple[SideRow, ...]


@dataclass(frozen=True, slots=True)
class Download:
    """A PDF to serve: it never changes under its etag."""

    content: bytes
    etag: str
    filename: str
    media_type: str = "application/pdf"


def papers_of(case_id: int, actor: Actor) -> tuple[PaperRow, ...]:
    """The case's papers that the actor may see, oldest first. Two statements."""
    papers = visible_papers(actor).filter(case_id=case_id).order_by("id").prefetch_related("signatures")
    return tuple(_row(each) for each in papers)


def paper_view(paper_id: int, actor: Actor) -> PaperRow | None:
    """One paper, or None. Two statements."""
    paper = visible_papers(actor).filter(pk=paper_id).prefetch_related("signatures").first()
    return _row(paper) if paper else None


def download(paper_id: int, actor: Actor, now: datetime) -> Download | None:
    """The newest PDF of a paper, or None where it is not open to the actor. A program of a partner gets what
    is in its scope: it shows the customer what they sign. Raises UnableToOpen when the store cannot."""
    paper = visible_papers(actor).filter(pk=paper_id).first()
    if paper is None or (actor.is_staff and _sight(paper, actor, now) is not Sight.OPEN):
        return None
    return file_of(paper)


def sight_of(paper_id: int, actor: Actor, now: datetime) -> Sight | None:
    """How a paper stands to a colleague; None for one that they do not see."""
    paper = visible_papers(actor).filter(pk=paper_id).first()
    return _sight(paper, actor, now) if paper else None


def _sight(paper: Paper, actor: Actor, now: datetime) -> Sight:
    loaded = load_case(paper.case_id)
    return originals_of(TABLE, loaded.record if loaded else None, actor, now).sight(paper.pk)


def file_of(paper: Paper) -> Download:
    """The PDF of a paper that the caller was given, as it was then. Raises UnableToOpen."""
    content = ports.get(FileStore).open(paper.sha256)
    return Download(content, paper.sha256, f"{dict(PaperKind.choices)[paper.kind]}-{paper.number}.pdf")


def verify(pdf: bytes, *, now: datetime, pending: Collection[str] = ()) -> SignatureReport:
    """Who signed a PDF and whether it is still what they signed; any bytes will do, bad ones never raise.

    `pending` names signature fields that may still be empty, as `lender` while the customer signs.
    """
    return verify_pdf(pdf, trust_roots=ports.get(SigningService).trust_roots(), now=now, pending=pending)


def is_ours(pdf: bytes) -> bool:
    """Whether these exact bytes are the newest version of one of our papers that is in force."""
    return Paper.objects.filter(sha256=hashlib.sha256(pdf).hexdigest()).exclude(state="VOID").exists()


def _row(paper: Paper) -> PaperRow:
    sides = sorted(paper.signatures.all(), key=lambda side: side.position)
    return PaperRow(
        id=paper.pk,
        kind=paper.kind,
        title=str(dict(PaperKind.choices)[paper.kind]),
        number=paper.number,
        case_id=paper.case_id,
        state=paper.state,
        sha256=paper.sha256,
        drawn_at=paper.drawn_at,
        shown_at=paper.shown_at,
        completed_at=paper.completed_at,
        sides=tuple(
            SideRow(
                side.role,
                side.title,
                side.name,
                side.party_id,
                side.signed_at,
                side.shown_at,
                side.shown_sha256,
            )
            for side in sides
        ),
    )
