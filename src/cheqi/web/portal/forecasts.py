"""When a step will probably be done, and why to believe it, from the estimates that are kept as promises.

What there is too little history for is simply absent; the page then says so and names the target.
"""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cheqi.core.base.actors import Actor
from cheqi.insight.estimates.queries import Expected, KeptShare, UsualTime, current, kept_share, usuals
from cheqi.ui.faces import TrackedCase
from cheqi.web.portal.standing import Forecast

HOUR = 60
WORKING_DAY = 8 * HOUR


def forecasts(case: TrackedCase, actor: Actor, now: datetime) -> Mapping[str, Forecast]:
    """The forecasts of the open and the coming steps, by step. Four statements; none once it is closed."""
    if not case.is_open:
        return {}
    process, steps = str(case.answer["process"]), [step["step"] for step in case.answer["now"]]
    coming = tuple(step["step"] for step in case.answer["next"])
    found = {one: Forecast(usual=usual_words(time)) for one, time in usuals(process, coming).items()}
    waited_for = next((s["step"] for s in case.answer["now"] if s["ball"] == case.answer["ball"]), "")
    share = kept_share(process, waited_for, now)
    for expected in current(case.case_id, actor, now=now):
        if expected.step in steps:
            kept = share if expected.step == waited_for else None
            found[expected.step] = Forecast(
                from_at=expected.low_at, to_at=expected.high_at, basis=basis_of(expected, kept)
            )
    return found


def basis_of(expected: Expected, share: KeptShare | None) -> str:
    """Why it moved, what it rests on, and how often such promises were kept."""
    language = get_language() or "zh-hans"
    if expected.low_at is None:
        return expected.lacking.in_language(language) if expected.lacking else ""
    parts = [expected.moved.in_language(language)] if expected.moved else []
    if share is not None:
        words = _("近 90 天，这一步的时间承诺兑现 {percent}%（共 {count} 次）")
        parts.append(words.format(percent=share.percent, count=share.count))
    else:
        parts.append(_("根据 {n} 笔同类办理估计").format(n=expected.finished))
    return _("。").join(parts)


def usual_words(time: UsualTime) -> str:
    """What a step usually takes, in the unit that people would use; a working day has eight hours."""
    low, high = time.p20_minutes, time.p80_minutes
    if high < HOUR:
        return _("通常 {low} 至 {high} 分钟").format(low=max(low, 1), high=max(high, 2))
    unit, words = HOUR, _("通常 {low} 至 {high} 小时")
    if high > WORKING_DAY:
        unit, words = WORKING_DAY, _("通常 {low} 至 {high} 个工作日")
    return words.format(low=max(1, round(low / unit)), high=max(2, -(-high // unit)))
