"""Before the documents are in: the application is being entered, or its documents are being collected."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cheqi.areas.origination.desk.documents import badge_of, newest, note_words
from cheqi.areas.origination.desk.originals import thumb
from cheqi.areas.origination.materials import WANTS_AGAIN, slots_of
from cheqi.areas.origination.models import Draft
from cheqi.areas.origination.operations.documents import may_upload
from cheqi.areas.origination.operations.drafting import may_enter
from cheqi.areas.origination.queries import answers_of, draft_of
from cheqi.areas.origination.questions import asked
from cheqi.areas.origination.returns import returned
from cheqi.foundation.documents.queries import documents_of, pictures_of
from cheqi.foundation.documents.reasons import REASONS
from cheqi.foundation.documents.titles import slot_title
from cheqi.foundation.originals import Originals
from cheqi.ui.casework import Panel, Work
from cheqi.ui.parts import BatchPlace, BatchUpload, Upload


def entry_context(work: Work) -> Mapping[str, Any]:
    """How much of the application is filled in, and where to go on."""
    draft: Draft | None = draft_of(work.record.id, work.actor)
    if draft is None:
        return {}
    answers = answers_of(draft)
    wanted = [question for question in asked(answers) if question.is_required]
    given = sum(question.key in answers for question in wanted)
    return {
        "given": given,
        "wanted": len(wanted),
        "missing": [
            question.asked_as(answers, at_desk=True).in_language(get_language() or "zh-hans")
            for question in wanted
            if question.key not in answers
        ][:6],
        "url": reverse("application_desk:application", args=[work.record.number])
        if may_enter(work.actor)
        else "",
        "changed_at": draft.changed_at,
    }


def collect_context(work: Work) -> Mapping[str, Any]:
    """Each document that is asked for: what is there, what is wrong with it, and a place to drop it."""
    rows = {row.slot: row for row in newest(documents_of(work.record.id, work.actor))}
    back = returned(work.record)
    pictures = pictures_of(work.record, work.actor, work.now)
    may_send = may_upload(work.record, work.actor, work.now)
    slots = [
        slot_line(work.record.number, slot, rows, pictures, may_send=may_send, may_replace=back is not None)
        for slot in slots_of(work.record)
    ]
    places = tuple(
        BatchPlace(slot["key"], slot["title"], slot["upload"].url, slot["upload"].target, slot["is_required"])
        for slot in slots
        if slot["upload"]
    )
    hint = _("JPEG、PNG 或 PDF，20 MB 以内")
    is_many = work.is_open and len(places) > 1
    batch = BatchUpload("documents", places, hint) if is_many else None
    return {"slots": slots, "batch": batch, "returned": back}


def slot_line(
    number: str,
    slot: Any,
    rows: Mapping[str, Any],
    pictures: Originals,
    *,
    may_send: bool,
    may_replace: bool = False,
) -> dict[str, Any]:
    """One document that is asked for, for the page; `may_send`: the reader may upload it, `may_replace`:
    also one that is in order."""
    row, language = rows.get(slot.key), get_language() or "zh-hans"
    is_again = row is None or row.state in WANTS_AGAIN
    refused = ""
    if row is not None and row.state in WANTS_AGAIN:
        reason = REASONS.get(row.reason_code)
        refused = reason.sentence.in_language(language) if reason else _("看不清，请重新上传")
    return {
        "title": slot_title(slot.key).in_language(language),
        "key": slot.key,
        "is_required": slot.is_required,
        "badge": badge_of(row) if row else None,
        "row": row,
        "notes": [note_words(note) for note in row.findings] if row else (),
        "refused": refused,
        "picture": thumb(pictures, row) if row and not refused else None,
        "state_url": reverse("application_desk:slot_state", args=[number, slot.key]),
        "upload": Upload(
            key=slot.key.lower(),
            label=slot_title(slot.key).in_language(language),
            url=reverse("application_desk:upload", args=[number, slot.key]),
            target=f"#slot-{slot.key}",
            is_camera_first=False,
            hint=_("JPEG、PNG 或 PDF，20 MB 以内"),
        )
        if may_send and (is_again or may_replace)
        else None,
    }


PANEL = Panel(template="origination/desk/entry.html", context=entry_context)
COLLECT = Panel(template="origination/desk/collect.html", context=collect_context)
