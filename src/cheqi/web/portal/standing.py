"""Where a case stands, for the person who waits for it: the five answers of the tracker from its progress.

Pure over the progress answer (`foundation.workflow.progress`) and the forecasts that there are. Without a
forecast it says so, and names the target instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cheqi.core.base.text import Text
from cheqi.ui.choices import Badge, Tone
from cheqi.ui.formatting import moment, span
from cheqi.ui.parts import BallPanel, Holder, Stage, StageRail, StageState

HOLDERS = {
    "us": Holder.WE,
    "customer": Holder.YOU,
    "registry": Holder.REGISTRY,
    "bank": Holder.BANK,
    "bureau": Holder.BUREAU,
    "co_signer": Holder.CO_SIGNER,
}
STAGES = {"DONE": StageState.DONE, "CURRENT": StageState.NOW, "TODO": StageState.TODO}
GOOD_ENDS = frozenset({"DISBURSED", "DONE", "RELEASED", "RESOLVED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """When a step will probably be done, and why to believe it; `usual` is how long it takes as a rule."""

    from_at: datetime | None = None
    to_at: datetime | None = None
    basis: str = ""
    usual: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """Another step that runs at the same time."""

    words: object
    sentence: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A step that follows, and how long it usually takes."""

    title: str
    usual: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the head of the tracker shows."""

    title: str
    sentence: str
    rail: StageRail
    is_open: bool
    ball: BallPanel
    until_label: str = ""
    until: str = ""
    until_badge: Badge | None = None
    basis: str = ""
    beside: tuple[Beside, ...] = ()
    coming: tuple[Coming, ...] = ()


def standing(
    answer: Mapping[str, Any],
    *,
    language: str,
    now: datetime,
    forecasts: Mapping[str, Forecast],
) -> Standing:
    """The head of the tracker; the step that the whole case waits for comes first."""
    said = _sayer(language)
    steps = sorted(answer["now"], key=lambda step: step["ball"] != answer["ball"])
    rail = _rail(answer, said)
    if not answer["is_open"] or not steps:
        closed = datetime.fromisoformat(answer["closed_at"]) if answer["closed_at"] else None
        holder = Holder.NOBODY if answer["status"]["key"] in GOOD_ENDS else Holder.ENDED
        ball = BallPanel(holder, moment(closed, now) if closed else "")
        return Standing(
            title=said(answer["title"]),
            sentence=said(answer["status"]),
            rail=rail,
            is_open=bool(answer["is_open"]),
            ball=ball,
        )
    first = steps[0]
    label, until, badge, basis = _until(first, forecasts.get(first["step"]), now)
    return Standing(
        title=said(answer["title"]),
        sentence=said(first["sentence"]),
        rail=rail,
        is_open=True,
        ball=_ball(first, now),
        until_label=label,
        until=until,
        until_badge=badge,
        basis=basis,
        beside=tuple(
            Beside(BallPanel(_holder(step)).words, said(step["sentence"]))
            for step in steps[1:]
            if step["ball"] != "customer"
        ),
        coming=tuple(
            Coming(said(step), forecasts[step["step"]].usual if step.get("step") in forecasts else "")
            for step in answer["next"]
        ),
    )


def rail_of(answer: Mapping[str, Any], language: str) -> StageRail:
    """The stages alone: all that somebody who takes part in another's case sees of its way."""
    return _rail(answer, _sayer(language))


def _sayer(language: str) -> Any:
    def said(both: Mapping[str, str]) -> str:
        return Text(both["zh"], both["en"]).in_language(language).rstrip("。.")

    return said


def _holder(step: Mapping[str, Any]) -> Holder:
    return HOLDERS.get(step["ball"], Holder.OTHER)


def _ball(step: Mapping[str, Any], now: datetime) -> BallPanel:
    since = datetime.fromisoformat(step["since"])
    holder = _holder(step)
    name = step.get("who", "") if holder is Holder.WE else ""
    sentence = _("{name}正在处理").format(name=name) if name else ""
    return BallPanel(holder, sentence, since_at=since, elapsed=now - since, mark=name[0] if name else "")


def _until(
    step: Mapping[str, Any], forecast: Forecast | None, now: datetime
) -> tuple[str, str, Badge | None, str]:
    """Label, time, badge and basis of 'until when'."""
    due = datetime.fromisoformat(step["due_at"]) if step["due_at"] else None
    if step["ball"] == "customer" and due is not None:
        label = _("请在此之前办好") if due > now else _("已过期限，请尽快办理")
        return label, moment(due, now), None, _("轮到您的时间不计入我们的办理时限")
    if forecast and forecast.from_at and forecast.to_at:
        expected = span(forecast.from_at, forecast.to_at, now)
        return _("预计完成"), expected, _on_time(due, now), forecast.basis
    if due is None:
        return "", "", None, ""
    if due <= now:
        late = Badge(_("已超时"), Tone.WARN)
        return _("目标完成时间"), moment(due, now), late, _("比目标晚了，我们已提醒负责人加快办理")
    until = _("{moment} 前").format(moment=moment(due, now))
    return (
        _("目标完成时间"),
        until,
        _on_time(due, now),
        forecast.basis if forecast and forecast.basis else _("历史不足，暂不能估计，先按目标时间告诉您"),
    )


def _on_time(due: datetime | None, now: datetime) -> Badge | None:
    return Badge(_("按时"), Tone.OK) if due and due > now else None


def _rail(answer: Mapping[str, Any], said: Any) -> StageRail:
    """The stages; a case that ended before its end stopped at the first unfinished one."""
    states = [STAGES[stage["standing"]] for stage in answer["stages"]]
    if not answer["is_open"]:
        is_good = answer["status"]["key"] in GOOD_ENDS
        for place, state in enumerate(states):
            if state is not StageState.DONE:
                states[place] = StageState.DONE if is_good else StageState.STOPPED
                if not is_good:
                    break
        states = [StageState.TODO if state is StageState.NOW else state for state in states]
    return StageRail(
        tuple(Stage(said(stage), state) for stage, state in zip(answer["stages"], states, strict=True))
    )
