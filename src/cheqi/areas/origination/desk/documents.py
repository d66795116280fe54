"""Verifying documents: the photograph beside what was read, candidates, a word on each doubtful field.

Nothing is filled in silently: a doubtful field shows what the machine read, the crop it read it from and what
it may be instead; it counts once a clerk said so with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cheqi.areas.origination.desk.originals import asking_url
from cheqi.areas.origination.operations import documents as operations
from cheqi.areas.origination.people import application_of
from cheqi.areas.origination.verification import standing_of
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.core.documents.fields import title_of
from cheqi.core.documents.kinds import Kind
from cheqi.core.process.engine import workable
from cheqi.foundation.documents.choices import DocumentState, FieldVerdict
from cheqi.foundation.documents.masks import masked
from cheqi.foundation.documents.queries import (
    DocumentRow,
    DocumentView,
    FieldRow,
    Note,
    contents_of,
    documents_of,
    pictures_of,
)
from cheqi.foundation.documents.reasons import REASONS
from cheqi.foundation.originals import Originals, Sight
from cheqi.foundation.workflow.people import at_branch
from cheqi.ui.casework import Deed, Panel, Work
from cheqi.ui.choices import Badge, Tone
from cheqi.ui.forms import said
from cheqi.ui.parts import Box, DocumentViewer

STATES = {
    DocumentState.RECEIVED: Tone.INFO,
    DocumentState.READING: Tone.INFO,
    DocumentState.READ: Tone.OK,
    DocumentState.NEEDS_CLERK: Tone.WARN,
    DocumentState.UNREADABLE: Tone.BAD,
    DocumentState.ACCEPTED: Tone.OK,
    DocumentState.REJECTED: Tone.BAD,
}
SURE_PERMILLE = 10
SETTLE_REASONS = (
    ("", gettext_lazy("选择理由")),
    ("与原图一致", gettext_lazy("与原图一致")),
    ("按原图更正", gettext_lazy("按原图更正")),
    ("已向客户核实", gettext_lazy("已向客户核实")),
)


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field as the clerk sees it."""

    name: str
    title: str
    value: str
    badge: Badge
    is_open: bool
    why: tuple[str, ...]
    candidates: tuple[str, ...]
    settled_by: str
    crop_url: str


class SettleForm(forms.Form):
    """The clerk's word on one field."""

    document = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(max_length=40, widget=forms.HiddenInput)
    value = forms.CharField(max_length=300)
    reason = forms.ChoiceField(choices=SETTLE_REASONS)


class RejectForm(forms.Form):
    """Why a document goes back."""

    document = forms.IntegerField(widget=forms.HiddenInput)
    reason_code = forms.ChoiceField(label=gettext_lazy("原因"))
    note = forms.CharField(
        label=gettext_lazy("补充说明"), required=False, max_length=200, help_text=gettext_lazy("客户会看到")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = get_language() or "zh-hans"
        choices = [
            (code, reason.label.in_language(language))
            for code, reason in REASONS.items()
            if reason.is_for_clerks
        ]
        self.fields["reason_code"].choices = choices  # type: ignore[attr-defined]


class ReturnForm(forms.Form):
    """What the customer should add, in words they will read."""

    reason = forms.CharField(
        label=gettext_lazy("请客户补充什么"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("客户会看到这段话"),
    )


class ConfirmForm(forms.Form):
    """What was found where facts differ; optional where nothing does."""

    comment = forms.CharField(
        label=gettext_lazy("核实说明"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("有内容不一致时必填，写明核实结果"),
    )


def context(work: Work) -> Mapping[str, Any]:
    """The documents of the case, the chosen one with its fields, and what disagrees."""
    rows = newest(documents_of(work.record.id, work.actor))
    chosen = _chosen(rows, work.asked.get("document", ""))
    shown = contents_of(chosen) if chosen else None
    standing = standing_of(application_of(work.record.id), work.record.id)
    may_check = is_checking(work)
    pictures = pictures_of(work.record, work.actor, work.now)
    return {
        "rows": [
            (row, badge_of(row, is_settled=not standing.points.get(row.id)), row is chosen, _url(work, row))
            for row in rows
        ],
        "chosen": shown,
        "viewer": _viewer(work, rows, shown, pictures) if shown else None,
        "fields": field_lines(shown, None if may_check else work.actor) if shown else (),
        "may_check": may_check,
        "notes": [note_words(note) for note in shown.document.findings] if shown else (),
        "disagreements": [said(finding) for finding in standing.disagreements],
        "open_fields": standing.fields_for_clerk,
        "reasons": SETTLE_REASONS,
        "reject": RejectForm(initial={"document": chosen.id}) if chosen else None,
        "is_decided": bool(chosen and chosen.state in {DocumentState.ACCEPTED, DocumentState.REJECTED}),
    }


def newest(rows: tuple[DocumentRow, ...]) -> list[DocumentRow]:
    """The newest document of each slot, in the order in which the slots were first filled."""
    found: dict[str, DocumentRow] = {}
    for row in rows:
        found[row.slot] = row
    return list(found.values())


def badge_of(row: DocumentRow, *, is_settled: bool = False) -> Badge:
    """Where a document stands; one that went to a clerk may have nothing left to look at."""
    if is_settled and row.state == DocumentState.NEEDS_CLERK:
        return Badge(_("已核对"), Tone.OK)
    return Badge(DocumentState(row.state).label, STATES[DocumentState(row.state)])


def note_words(note: Note) -> str:
    """A stored finding in the language of the page."""
    return note.message.in_language(get_language() or "zh-hans")


def is_checking(work: Work) -> bool:
    """Whether this person verifies the documents now: only who compares sees every number whole."""
    here = at_branch(work.actor, work.record.branch_id, work.now)
    key = operations.CHECKS_THEM
    found = workable(work.record.definition, work.record.state, key, work.record.round_of(key), here)
    return not isinstance(found, Refused)


def field_lines(shown: DocumentView, covered_for: Actor | None) -> tuple[FieldLine, ...]:
    """The fields in their order, doubtful ones with what they may be; numbers masked for `covered_for`."""
    document = shown.document
    kind = Kind(document.kind) if document.kind else Kind.UNKNOWN
    lines = (_line(document.id, kind, read) for read in shown.fields)
    return tuple(lines if covered_for is None else (_covered(line, covered_for) for line in lines))


def _covered(line: FieldLine, actor: Actor) -> FieldLine:
    candidates = tuple(masked(line.name, one, actor) for one in line.candidates)
    return replace(line, value=masked(line.name, line.value, actor), candidates=candidates)


def _line(document_id: int, kind: Kind, read: FieldRow) -> FieldLine:
    is_open = read.verdict in {FieldVerdict.CLERK, FieldVerdict.REJECTED}
    sure = f"{read.confidence_permille // SURE_PERMILLE}%"
    tone = Tone.WARN if is_open else Tone.OK
    words = _("人工确认") if read.verdict == FieldVerdict.SETTLED else sure
    crop = reverse("desk:document_crop", args=[document_id, read.name]) if read.polygon else ""
    return FieldLine(
        name=read.name,
        title=title_of(kind, read.name).in_language(get_language() or "zh-hans"),
        value=read.value,
        badge=Badge(words, tone),
        is_open=is_open,
        why=tuple(note_words(note) for note in read.why),
        candidates=tuple(one for one in read.candidates if one != read.value),
        settled_by=read.settled_by,
        crop_url=crop,
    )


def _chosen(rows: list[DocumentRow], wanted: str) -> DocumentRow | None:
    for row in rows:
        if str(row.id) == wanted:
            return row
    waiting = [row for row in rows if row.state == DocumentState.NEEDS_CLERK]
    return next(iter((*waiting, *rows)), None)


def _url(work: Work, row: DocumentRow) -> str:
    return f"?step={work.step.key}&document={row.id}"


def _viewer(
    work: Work, rows: list[DocumentRow], shown: DocumentView, pictures: Originals
) -> DocumentViewer | None:
    if not shown.pages:
        return None
    place = next(at for at, row in enumerate(rows) if row.id == shown.document.id)
    wanted = work.asked.get("page", "1")
    page = next((one for one in shown.pages if str(one.number) == wanted), shown.pages[0])
    boxes = tuple(
        Box(
            read.name,
            read.name,
            tuple((round(x), round(y)) for x, y in read.polygon),
            Tone.WARN if read.verdict in {FieldVerdict.CLERK, FieldVerdict.REJECTED} else Tone.OK,
        )
        for read in shown.fields
        if read.polygon and read.page == page.number
    )
    sight = pictures.sight(shown.document.id)
    url = reverse("desk:document_page", args=[shown.document.id, page.number])
    here = reverse("desk:case", args=[work.record.number]) + _url(work, shown.document)
    return DocumentViewer(
        title=shown.document.title.in_language(get_language() or "zh-hans"),
        image_url=url if sight is Sight.OPEN else "",
        open_url=asking_url(shown.document.id, here) if sight is Sight.ASKED else "",
        width=page.width,
        height=page.height,
        boxes=boxes,
        number=place + 1,
        total=len(rows),
        previous_url=_url(work, rows[place - 1]) if place else "",
        next_url=_url(work, rows[place + 1]) if place + 1 < len(rows) else "",
    )


def settle(work: Work, given: Mapping[str, Any], key: str) -> object:
    """The clerk's word on a field of this case."""
    return operations.settle_field(
        document_id=given["document"],
        name=given["name"],
        value=given["value"],
        reason=given["reason"],
        actor=work.actor,
        now=work.now,
        key=f"{key}:{given['document']}:{given['name']}"[:100],
    )


def reject(work: Work, given: Mapping[str, Any], key: str) -> object:
    """Sends one document back with its reason."""
    return operations.reject_document(
        document_id=given["document"],
        reason_code=given["reason_code"],
        note=given["note"],
        actor=work.actor,
        now=work.now,
    )


def confirm(work: Work, given: Mapping[str, Any], key: str) -> object:
    """Everything is in order: the facts are taken over."""
    return operations.confirm(
        case_id=work.record.id, comment=given["comment"], actor=work.actor, now=work.now, key=key
    )


def give_back(work: Work, given: Mapping[str, Any], key: str) -> object:
    """Back to the customer for more or better documents."""
    return operations.return_to_customer(
        case_id=work.record.id,
        step=work.step.key,
        reason=given["reason"],
        actor=work.actor,
        now=work.now,
        key=key,
    )


RETURN = Deed(
    key="return",
    label=gettext_lazy("退回补件"),
    outcome="return",
    form=ReturnForm,
    run=give_back,
    hint=gettext_lazy("客户会看到原因，并可当场重拍。"),
    said=gettext_lazy("已退回，客户会收到通知"),
)
PANEL = Panel(
    template="origination/desk/documents.html",
    context=context,
    deeds=(
        RETURN,
        Deed(
            key="confirm",
            label=gettext_lazy("通过"),
            outcome="confirm",
            form=ConfirmForm,
            run=confirm,
            is_primary=True,
            question=gettext_lazy("资料核验通过"),
            hint=gettext_lazy("核实的信息会写入客户和车辆档案，并记明出处。"),
            said=gettext_lazy("资料核验已通过"),
        ),
        Deed(
            key="settle",
            label=gettext_lazy("确认"),
            form=SettleForm,
            run=settle,
            said=gettext_lazy("已确认"),
        ),
        Deed(
            key="reject",
            label=gettext_lazy("退回这份"),
            form=RejectForm,
            run=reject,
            is_danger=True,
            said=gettext_lazy("这份已退回，客户现在就能看到原因并重传，其余资料可以接着核对"),
        ),
    ),
)
