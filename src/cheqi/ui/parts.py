"""The parts of a page as values: a view builds them, `{% show part %}` draws them.

>>> rail = StageRail((Stage("申请", StageState.DONE), Stage("核验", StageState.NOW), Stage("放款")))
>>> rail.position, len(rail.stages)
(2, 3)
>>> TimeBar(used=timedelta(hours=3), target=timedelta(hours=4)).tone
<Tone.WARN: 'warn'>

Texts are what the person reads, already in their language. Nothing here asks the database.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheqi.ui.choices import Badge, Tone

Words = str | Promise
BAR_STEPS = 1000
FOLDED_FROM = 4
ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,application/pdf"
LARGEST_BYTES = 20 * 1024 * 1024


class StageState(StrEnum):
    """Where a customer stage stands."""

    DONE = "done"
    NOW = "now"
    TODO = "todo"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the rail, named as the customer knows it."""

    title: Words
    state: StageState = StageState.TODO


@dataclass(frozen=True, slots=True)
class StageRail:
    """The customer's stages in order, the present one named aloud for a screen reader."""

    template: ClassVar[str] = "ui/parts/stage_rail.html"
    stages: tuple[Stage, ...]

    @property
    def position(self) -> int:
        """The number of the present stage, from 1; the last finished one where none is open."""
        states = [stage.state for stage in self.stages]
        for open_state in (StageState.NOW, StageState.STOPPED):
            if open_state in states:
                return states.index(open_state) + 1
        return states.count(StageState.DONE)


class Holder(StrEnum):
    """Who has the ball."""

    WE = "WE"
    YOU = "YOU"
    REGISTRY = "REGISTRY"
    BANK = "BANK"
    BUREAU = "BUREAU"
    CO_SIGNER = "CO_SIGNER"
    OTHER = "OTHER"
    NOBODY = "NOBODY"
    ENDED = "ENDED"


HOLDER_WORDS: dict[Holder, Words] = {
    Holder.WE: _("轮到我们"),
    Holder.YOU: _("轮到您"),
    Holder.REGISTRY: _("轮到车管所"),
    Holder.BANK: _("轮到银行"),
    Holder.BUREAU: _("轮到征信机构"),
    Holder.CO_SIGNER: _("等待共同借款人或担保人"),
    Holder.OTHER: _("等待外部机构"),
    Holder.NOBODY: _("已办完"),
    Holder.ENDED: _("已结束"),
}
HOLDER_ICONS = {
    Holder.WE: "user-check",
    Holder.YOU: "user",
    Holder.REGISTRY: "building-bank",
    Holder.BANK: "building-bank",
    Holder.BUREAU: "search",
    Holder.CO_SIGNER: "users",
    Holder.OTHER: "world",
    Holder.NOBODY: "check",
    Holder.ENDED: "circle-x",
}
HOLDER_STYLES = {Holder.WE: "we", Holder.YOU: "you", Holder.NOBODY: "done", Holder.ENDED: "ended"}


@dataclass(frozen=True, slots=True)
class BallPanel:
    """Who has the ball, by name where there is one, since when and for how long."""

    template: ClassVar[str] = "ui/parts/ball.html"
    holder: Holder
    sentence: Words = ""
    since_at: datetime | None = None
    elapsed: timedelta | None = None
    mark: str = ""

    @property
    def words(self) -> Words:
        """轮到我们, 轮到您 and so on."""
        return HOLDER_WORDS[self.holder]

    @property
    def icon(self) -> str:
        """Drawn where there is no one-character mark."""
        return HOLDER_ICONS[self.holder]

    @property
    def style(self) -> str:
        """The class that colours it; outside organisations share one."""
        return HOLDER_STYLES.get(self.holder, "outside")


@dataclass(frozen=True, slots=True)
class TimeBar:
    """Time used against a target: calm, amber from half of it, red when it is used up.

    Without a target there is nothing to break and the bar stays empty; a paused clock is grey. Working time
    says how long its days are.
    """

    template: ClassVar[str] = "ui/parts/time_bar.html"
    used: timedelta
    target: timedelta | None = None
    is_paused: bool = False
    is_bare: bool = False
    working_day: timedelta | None = None

    @property
    def permille(self) -> int:
        """Used part of the target in thousandths, 0 to 1000."""
        if not self.target:
            return 0
        return max(0, min(BAR_STEPS, self.used * BAR_STEPS // self.target))

    @property
    def percent(self) -> str:
        """The width for SVG, such as `60.5%`."""
        return f"{self.permille // 10}.{self.permille % 10}%"

    @property
    def is_late(self) -> bool:
        """The target is used up."""
        return self.target is not None and self.used >= self.target

    @property
    def left(self) -> timedelta | None:
        """What is left, or how much it is over."""
        return None if self.target is None else abs(self.target - self.used)

    @property
    def tone(self) -> Tone:
        """Amber at 50 %, red at 100 %."""
        if self.is_late:
            return Tone.BAD
        if self.is_paused or self.target is None:
            return Tone.IDLE
        return Tone.WARN if 2 * self.used >= self.target else Tone.INFO


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of key facts; `note` stands small below the value."""

    label: Words
    value: object
    note: Words = ""
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """Labels and values, as a definition list."""

    template: ClassVar[str] = "ui/parts/key_facts.html"
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a case: what was looked at, what came out and why; `url` opens what it rests on."""

    label: Words
    badge: Badge
    reason: Words = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class CheckList:
    """Checks with their outcomes and reasons; many that passed are folded behind their number."""

    template: ClassVar[str] = "ui/parts/check_list.html"
    checks: tuple[Check, ...]

    @property
    def shown(self) -> tuple[Check, ...]:
        """Those that need a look; all of them while there are few."""
        return self.checks if len(self.passed) < FOLDED_FROM else tuple(self._not(self.passed))

    @property
    def folded(self) -> tuple[Check, ...]:
        """Those that passed, where they are many."""
        return self.passed if len(self.passed) >= FOLDED_FROM else ()

    @property
    def passed(self) -> tuple[Check, ...]:
        """Those that are in order."""
        return tuple(check for check in self.checks if check.badge.tone == Tone.OK)

    def _not(self, some: tuple[Check, ...]) -> list[Check]:
        return [check for check in self.checks if check not in some]


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline; `proof_url` opens what proves it."""

    at: datetime
    title: Words
    who: Words = ""
    detail: Words = ""
    tone: Tone = Tone.IDLE
    is_mine: bool = False
    proof_url: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened, newest first; `is_log` is the customer's flat form of it."""

    template: ClassVar[str] = "ui/parts/timeline.html"
    happenings: tuple[Happening, ...]
    is_log: bool = False


@dataclass(frozen=True, slots=True)
class EmptyState:
    """What stands where nothing is: why it is empty and the one action that fills it."""

    template: ClassVar[str] = "ui/parts/empty.html"
    title: Words
    text: Words = ""
    icon: str = "inbox"
    action_label: Words = ""
    action_url: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is one click; `count` stands behind its word."""

    label: Words
    url: str
    is_on: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FilterChips:
    """Filters beside each other; `label` names the group for a screen reader."""

    template: ClassVar[str] = "ui/parts/chips.html"
    label: Words
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the action bar. With `why_not` it is shown disabled, and the sentence stands in the bar.

    `url` is posted to (`method="get"` follows it); `question` asks first in a dialog; `opens` shows the
    dialog of that id instead of sending anything; `submits` sends the form of that id, which stands in the
    page; `hidden` are fields that go along.
    """

    label: Words
    url: str = ""
    method: str = "post"
    is_primary: bool = False
    is_danger: bool = False
    why_not: Words = ""
    question: Words = ""
    opens: str = ""
    submits: str = ""
    shortcut: str = ""
    icon: str = ""
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ActionBar:
    """The actions of a page, fixed at its bottom, with the reasons why some are disabled."""

    template: ClassVar[str] = "ui/parts/action_bar.html"
    actions: tuple[Action, ...]
    note: Words = ""

    @property
    def objections(self) -> tuple[tuple[Words, tuple[Words, ...]], ...]:
        """Why actions are not possible now, each reason once with the labels of all that it stops."""
        stopped: dict[Words, list[Words]] = {}
        for action in self.actions:
            if action.why_not:
                stopped.setdefault(action.why_not, []).append(action.label)
        return tuple((why, tuple(labels)) for why, labels in stopped.items())


@dataclass(frozen=True, slots=True)
class Upload:
    """The place of one photograph or file: camera first on a phone, drag and drop at the desk.

    The form posts `field_name` to `url` and swaps `target` (a CSS selector) with the answer.
    `refused` says in a sentence what is wrong with `current_url`; `example_url` shows how right looks.
    HEIC is not among what we accept, so that iPhones hand over a JPEG by themselves.
    """

    template: ClassVar[str] = "ui/parts/upload.html"
    key: str
    label: Words
    url: str
    field_name: str = "file"
    hint: Words = ""
    refused: Words = ""
    current_url: str = ""
    example_url: str = ""
    example_hint: Words = ""
    accept: str = "image/jpeg,image/png,image/webp,application/pdf"
    limit_bytes: int = 20 * 1024 * 1024
    target: str = ""
    is_camera_first: bool = True
    hidden: tuple[tuple[str, str], ...] = ()

    @property
    def limit_mb(self) -> int:
        """The limit as people say it."""
        return self.limit_bytes // (1024 * 1024)

    @property
    def camera_accept(self) -> str:
        """A camera makes images only."""
        return ",".join(kind for kind in self.accept.split(",") if kind.startswith("image/"))


@dataclass(frozen=True, slots=True)
class BatchPlace:
    """Where a file of a batch may go: posted to `url`, whose answer takes the place of `target` (CSS)."""

    key: str
    label: Words
    url: str
    target: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class BatchUpload:
    """Several files dropped or chosen at once: each line names its place and shows how far it is."""

    template: ClassVar[str] = "ui/parts/batch.html"
    key: str
    places: tuple[BatchPlace, ...]
    hint: Words = ""
    accept: str = ACCEPTED
    limit_bytes: int = LARGEST_BYTES

    @property
    def limit_mb(self) -> int:
        """The limit as people say it."""
        return self.limit_bytes // (1024 * 1024)


@dataclass(frozen=True, slots=True)
class Box:
    """A field's place on the image: corners in image pixels."""

    key: str
    label: Words
    corners: tuple[tuple[int, int], ...]
    tone: Tone = Tone.OK

    @property
    def points(self) -> str:
        """For an SVG polygon."""
        return " ".join(f"{x},{y}" for x, y in self.corners)


@dataclass(frozen=True, slots=True)
class DocumentViewer:
    """An image with its fields marked; zoom, turn, and the neighbours by arrow keys.

    Without `image_url` its place says that it is not open to the reader; `open_url` is where they say why it
    should be.
    """

    template: ClassVar[str] = "ui/parts/viewer.html"
    title: Words
    image_url: str
    width: int
    height: int
    boxes: tuple[Box, ...] = ()
    number: int = 1
    total: int = 1
    previous_url: str = ""
    next_url: str = ""
    open_url: str = ""


Part = (
    StageRail
    | BallPanel
    | TimeBar
    | KeyFacts
    | BatchUpload
    | CheckList
    | Timeline
    | EmptyState
    | FilterChips
    | ActionBar
    | Upload
    | DocumentViewer
)


@dataclass(frozen=True, slots=True)
class Panel:
    """A card with a head and one part in it; `more` is a link at the right of its head."""

    template: ClassVar[str] = "ui/parts/panel.html"
    title: Words
    body: Part
    more_label: Words = ""
    more_url: str = ""
    badge: Badge | None = field(default=None)
