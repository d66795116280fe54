"""A document that the customer owes, as one card: its state in words, what is wrong, how right looks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cheqi.areas.origination.materials import BEING_READ, CARDS_OF_OTHERS, WANTS_AGAIN
from cheqi.areas.origination.queries import SlotRow
from cheqi.core.base.text import Text
from cheqi.core.documents.fields import title_of
from cheqi.core.documents.kinds import Kind
from cheqi.foundation.documents.choices import DocumentState, FieldVerdict
from cheqi.foundation.documents.queries import FieldRow
from cheqi.foundation.documents.reasons import REASONS
from cheqi.foundation.privacy.masking import cover
from cheqi.ui.choices import Badge, Tone
from cheqi.ui.parts import Upload

PAPERS = frozenset({"BANK_STATEMENT", "INCOME_PROOF"})
ALSO_PDF = PAPERS | CARDS_OF_OTHERS.keys() | {"MARRIAGE_CERTIFICATE"}
ACCEPTS_ALL = "image/jpeg,image/png,image/webp,application/pdf"
ACCEPTS_PHOTOS = "image/jpeg,image/png,image/webp"
DRAWN = frozenset(
    {
        "ID_CARD_FRONT",
        "ID_CARD_BACK",
        "DRIVING_LICENCE",
        "VEHICLE_LICENCE",
        "REGISTRATION_CERTIFICATE",
        "PURCHASE_INVOICE",
        "BUSINESS_LICENCE",
        "BANK_STATEMENT",
        "INCOME_PROOF",
        "MARRIAGE_CERTIFICATE",
        "CARD_OF_OTHERS",
    }
)
HINTS: dict[str, Text] = {
    "ID_CARD_FRONT": Text("有照片的一面", "The side with the portrait"),
    "ID_CARD_BACK": Text("有国徽和有效期的一面", "The side with emblem and validity"),
    "DRIVING_LICENCE": Text("正页和副页一起拍", "Both pages in one picture"),
    "VEHICLE_LICENCE": Text("正页和副页一起拍", "Both pages in one picture"),
    "REGISTRATION_CERTIFICATE": Text("前两页", "The first two pages"),
    "PURCHASE_INVOICE": Text("整张发票，印章要清楚", "The whole invoice with a legible stamp"),
    "BUSINESS_LICENCE": Text("正本或副本，整张入镜", "Original or duplicate, complete"),
    "BANK_STATEMENT": Text(
        "从手机银行导出的 PDF 最清楚，也可以拍照",
        "A PDF from your bank's app is clearest; photographs work too",
    ),
    "MARRIAGE_CERTIFICATE": Text("有照片和双方信息的两页", "The pages with the photograph and both names"),
    "CARD_OF_OTHERS": Text(
        "正反两面放在一起拍一张，或合成一个 PDF", "Both sides in one picture, or in one PDF"
    ),
    "INCOME_PROOF": Text(
        "单位盖章的证明，或社保、公积金记录", "A stamped statement, or social insurance records"
    ),
}
READ_FIRST: dict[str, tuple[str, ...]] = {
    "ID_CARD_FRONT": ("name", "id_number"),
    "ID_CARD_BACK": ("authority", "validity"),
    "DRIVING_LICENCE": ("name", "vehicle_class", "validity"),
    "VEHICLE_LICENCE": ("plate", "owner", "vin"),
    "REGISTRATION_CERTIFICATE": ("plate", "vin"),
    "PURCHASE_INVOICE": ("buyer", "vin", "price"),
    "BUSINESS_LICENCE": ("name", "uscc"),
    "BANK_STATEMENT": ("account_name", "card_number", "validity"),
    "CARD_OF_OTHERS": ("name", "id_number"),
}
BY_THEIR_ENDS = frozenset({"id_number", "card_number"})
ALL_CORNERS = Text("四角完整，字迹清楚，没有反光", "All corners, sharp text, no glare")


def _looks_of(slot: str) -> str:
    """Under which name its example, hint and first fields are kept: everybody's card looks alike."""
    return "CARD_OF_OTHERS" if slot in CARDS_OF_OTHERS else slot


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One thing that was read, as its owner sees it; `is_open` while a colleague still looks at it."""

    title: str
    value: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class SlotCard:
    """What the card of one document shows. Without `upload` nothing can be sent now.

    `retake` is the place to send another one although this one was legible.
    """

    key: str
    title: Text
    is_required: bool
    badge: Badge
    is_being_read: bool
    sentences: tuple[str, ...]
    thumbnail_url: str
    image_url: str
    upload: Upload | None
    status_url: str
    problem: str = ""
    read: tuple[ReadLine, ...] = ()
    retake: Upload | None = None
    retake_label: str = ""

    @property
    def name(self) -> str:
        """The title without its bracketed explanation."""
        return short_name(self.title)

    @property
    def remark(self) -> str:
        """The explanation that stood in brackets."""
        said = self.title.in_language(get_language() or "zh-hans")
        return said.removeprefix(self.name).strip(" （）()")


def short_name(title: Text) -> str:
    """A document's title without its bracketed explanation."""
    return title.in_language(get_language() or "zh-hans").split("（")[0].split(" (")[0]


def card_of(
    row: SlotRow,
    number: str,
    *,
    takes_uploads: bool,
    problem: str = "",
    fields: Sequence[FieldRow] = (),
    is_returned: bool = False,
) -> SlotCard:
    """The card of one slot; `problem` is what was wrong with a file that was just sent. When the case was
    returned every document may be replaced, also one that was accepted."""
    state = DocumentState(row.latest.state) if row.latest else None
    thumbnail, image = _pictures(row, number)
    sentences = _sentences(row, state)
    wants = takes_uploads and (state is None or state in WANTS_AGAIN or state not in BEING_READ)
    is_settled = state is not None and state not in WANTS_AGAIN and state not in BEING_READ
    place = _upload(row, number, thumbnail, sentences) if wants else None
    may_retake = state in {DocumentState.READ, DocumentState.NEEDS_CLERK} or (
        is_returned and state == DocumentState.ACCEPTED
    )
    return SlotCard(
        key=row.slot.key,
        title=row.slot.title,
        is_required=row.slot.is_required,
        badge=_badge(row, state),
        is_being_read=state in BEING_READ,
        sentences=sentences,
        thumbnail_url=thumbnail,
        image_url=image,
        upload=None if is_settled else place,
        retake=replace(place, refused=_("现在这张")) if place and may_retake else None,
        read=read_lines(row.slot.key, fields) if is_settled else (),
        status_url=f"{reverse('apply:slot', args=(number, row.slot.key))}?state={state or ''}",
        problem=problem,
        retake_label=_("换一份") if is_returned else _("拍错了？换一张"),
    )


def read_lines(slot: str, fields: Sequence[FieldRow]) -> tuple[ReadLine, ...]:
    """What people look at first, of what was read; numbers by their ends."""
    language, order = get_language() or "zh-hans", READ_FIRST.get(_looks_of(slot), ())
    found = {one.name: one for one in reversed(fields) if one.name in order and one.value}
    kind = Kind(slot) if slot in Kind.__members__ else Kind.ID_CARD_FRONT
    return tuple(
        ReadLine(
            title_of(kind, name).in_language(language),
            cover("account", one.value) if name in BY_THEIR_ENDS else one.value,
            one.verdict == FieldVerdict.CLERK,
        )
        for name, one in ((name, found[name]) for name in order if name in found)
    )


def _badge(row: SlotRow, state: DocumentState | None) -> Badge:
    if state is None:
        return Badge(_("待上传"), Tone.WARN) if row.slot.is_required else Badge(_("选填"), Tone.IDLE)
    return {
        DocumentState.RECEIVED: Badge(_("识别中"), Tone.INFO, "loader"),
        DocumentState.READING: Badge(_("识别中"), Tone.INFO, "loader"),
        DocumentState.READ: Badge(_("已收到"), Tone.OK),
        DocumentState.NEEDS_CLERK: Badge(_("人工核对中"), Tone.INFO),
        DocumentState.UNREADABLE: Badge(_("看不清"), Tone.BAD),
        DocumentState.ACCEPTED: Badge(_("已通过"), Tone.OK),
        DocumentState.REJECTED: Badge(_("需要重拍"), Tone.BAD),
    }[state]


def _sentences(row: SlotRow, state: DocumentState | None) -> tuple[str, ...]:
    """What happened and what to do, in the customer's words."""
    language = get_language() or "zh-hans"
    if row.latest is None or state is None:
        hint = HINTS.get(_looks_of(row.slot.key))
        return (hint.in_language(language),) if hint else ()
    if state in BEING_READ:
        return (_("正在识别，约需 10 秒，可以先拍下一份"),)
    if state is DocumentState.NEEDS_CLERK:
        return (_("已收到，有几处由工作人员再核对一遍，您不用做什么"),)
    if state not in WANTS_AGAIN:
        return ()
    reason = REASONS.get(row.latest.reason_code)
    if reason is not None:
        said = (reason.sentence.in_language(language), reason.advice.in_language(language))
        return (*said, row.latest.note) if row.latest.note else said
    if row.latest.findings:
        return tuple(note.message.in_language(language) for note in row.latest.findings)
    return (_("看不清照片上的文字。请在光线均匀的地方，对焦后再拍一张。"),)


def _pictures(row: SlotRow, number: str) -> tuple[str, str]:
    if row.latest is None:
        return "", ""
    names = ("apply:thumbnail", "apply:image")
    thumbnail, image = (reverse(name, args=(number, row.latest.id)) for name in names)
    return thumbnail, image


def _upload(row: SlotRow, number: str, thumbnail: str, sentences: tuple[str, ...]) -> Upload:
    language = get_language() or "zh-hans"
    is_paper = row.slot.key in PAPERS
    key, looks = row.slot.key.lower(), _looks_of(row.slot.key)
    reason = REASONS.get(row.latest.reason_code) if row.latest else None
    short = reason.label.in_language(language) if reason else _("看不清")
    return Upload(
        key=key,
        label=short_name(row.slot.title),
        hint=_("在电脑上可以把文件拖到这里"),
        url=reverse("apply:upload", args=(number, row.slot.key)),
        refused=short if row.latest and sentences else "",
        current_url=thumbnail,
        example_url=static(f"origination/examples/{looks}.svg") if looks in DRAWN else "",
        example_hint=ALL_CORNERS.in_language(language),
        accept=ACCEPTS_ALL if row.slot.key in ALSO_PDF else ACCEPTS_PHOTOS,
        target="closest article",
        is_camera_first=not is_paper,
    )
