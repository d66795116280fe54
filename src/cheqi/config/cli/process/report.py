"""A simulation's report on a terminal: what came of the cases, where they waited, how busy people were."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from cheqi.config.cli.process.tables import table
from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process.definition import Definition, OwnerKind
from cheqi.core.process.simulation.figures import Report, StepFigures
from cheqi.foundation.staff.roles import ROLES

MOST_BOTTLENECKS = 5
_MINUTE = timedelta(minutes=1)


def told(report: Report, definition: Definition, calendar: WorkCalendar) -> str:
    """One report."""
    length = _lengths(calendar)
    return "\n".join(
        [
            *_head(report, definition),
            "",
            table(list(_endings(report, definition)), right={1, 2}),
            "",
            _lead(report, length),
            "",
            table(list(_steps(report, definition, length)), right=range(1, 8)),
            "",
            table(list(_groups(report)), right=range(1, 5)),
            "",
            *_bottlenecks(report, definition),
            *_warnings(report),
            "时间均为工作时间 (working time)；结果由假设推演而来，不是实测 (simulated, not measured)。",
        ]
    )


def compared(
    before: Report, after: Report, definition: Definition, calendar: WorkCalendar, change: str
) -> str:
    """Two reports on the same cases, side by side."""
    length = _lengths(calendar)
    changed = (wish.partition("=") for wish in change.split())
    rows = [("", "原来", "、".join(f"{_group(name)} {number} 人" for name, _, number in changed))]
    rows.append(("受理到结束 中位", length(before.lead.median), length(after.lead.median)))
    rows.append(("受理到结束 八成内", length(before.lead.p80), length(after.lead.p80)))
    rows.append(("平均同时在办", f"{before.average_open}", f"{after.average_open}"))
    rows.append(("期末未结", str(before.open_at_end), str(after.open_at_end)))
    later = {one.key: one for one in after.steps}
    for one in before.steps:
        other = later[one.key]
        if one.waited_hours or other.waited_hours:
            title = definition.by_key[one.key].title.zh
            rows.append((f"{title} 等待八成内", length(one.waiting.p80), length(other.waiting.p80)))
    groups = {one.group: one for one in before.groups} | {one.group: one for one in after.groups}
    for name in groups:
        pair = [next((one for one in report.groups if one.group == name), None) for report in (before, after)]
        words = [f"{one.people} 人 {one.busy_percent}%" if one else "—" for one in pair]
        rows.append((f"{_group(name)} 忙碌", words[0], words[1]))
    head = [*_head(before, definition), "同一批案件，只改人数 (same cases, other people)", ""]
    return "\n".join([*head, table(rows, right={1, 2}), "", *_warnings(after)])


def _lead(report: Report, length: Callable[[int], str]) -> str:
    most = f"中位 {length(report.lead.median)}，八成不超过 {length(report.lead.p80)}"
    return f"受理到结束：{most}；平均同时在办 {report.average_open} 件；退回 {report.returns} 次"


def _head(report: Report, definition: Definition) -> Iterator[str]:
    yield (
        f"{definition.title.zh} v{report.version} · 模拟 {report.measured:,} 件 · "
        f"每工作日 {report.a_day:g} 件 · 种子 {report.seed}"
    )
    yield f"假设 (assumptions)：{report.assumptions.zh}"
    if report.derived:
        yield f"未说明而按时限推出 (derived from targets)：{'、'.join(report.derived)}"
    if report.from_history:
        titles = "、".join(definition.by_key[key].title.zh for key in report.from_history)
        yield f"取自已办结案件 (from finished cases)：{titles}"
    yield f"前后各 {report.left_out:,} 件只陪跑，不计入 (warm-up at either end left out)"


def _endings(report: Report, definition: Definition) -> Iterator[tuple[str, str, str]]:
    yield "结果", "件数", "占比"
    for status, count in report.endings.items():
        yield definition.statuses[status].zh, f"{count:,}", f"{100 * count / report.measured:.0f}%"
    yield "期末未结", f"{report.open_at_end:,}", f"{100 * report.open_at_end / report.measured:.0f}%"


def _steps(report: Report, definition: Definition, length: Callable[[int], str]) -> Iterator[tuple[str, ...]]:
    yield "步骤", "办结", "等待中位", "八成内", "办理中位", "八成内", "超时", "退回"
    for one in report.steps:
        step = definition.by_key[one.key]
        if not one.rounds or (step.run and not step.awaits and not one.returns):
            continue
        is_ours = step.owner.kind is OwnerKind.ROLE
        waits = (length(one.waiting.median), length(one.waiting.p80)) if is_ours else ("—", "—")
        works = (length(one.handling.median), length(one.handling.p80))
        back = str(one.returns) if one.returns else "—"
        yield (step.title.zh, f"{one.rounds:,}", *waits, *works, f"{one.late_percent}%", back)


def _groups(report: Report) -> Iterator[tuple[str, ...]]:
    yield "人员", "人数", "忙碌", "平均排队", "最长排队"
    for one in report.groups:
        yield (
            _group(one.group),
            str(one.people),
            f"{one.busy_percent}%",
            f"{one.average_queue}",
            str(one.longest_queue),
        )


def _group(name: str) -> str:
    return "＋".join(ROLES[role].title.zh if role in ROLES else role for role in name.split("+"))


def _bottlenecks(report: Report, definition: Definition) -> Iterator[str]:
    """The steps that cost most waiting, in hours over all their rounds."""
    by_key: dict[str, StepFigures] = {one.key: one for one in report.steps}
    first: Iterable[str] = report.bottlenecks[:MOST_BOTTLENECKS]
    words = [f"{definition.by_key[key].title.zh} {by_key[key].waited_hours:,} 小时" for key in first]
    yield f"瓶颈（合计等待）：{'；'.join(words) or '没有等待'}"


def _warnings(report: Report) -> Iterator[str]:
    if report.open_at_end:
        yield f"注意：{report.open_at_end} 件在最后一件受理后 60 个工作日仍未结束 (still open)。"
    if report.lacking_people:
        yield f"注意：{report.lacking_people} 件有步骤无人可办（回避后没有人）(nobody may do a step)。"
    if report.in_circles:
        yield f"注意：{report.in_circles} 件同一步骤退回 50 次以上 (going in circles)。"


def _lengths(calendar: WorkCalendar) -> Callable[[int], str]:
    day = calendar.working_day // _MINUTE

    def length(minutes: int) -> str:
        """2 天 3 小时, 3 小时 5 分, 25 分: two units at most."""
        days, rest = divmod(minutes, day)
        hours, left = divmod(rest, 60)
        if days:
            return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
        if hours:
            return f"{hours} 小时 {left} 分" if left else f"{hours} 小时"
        return f"{left} 分"

    return length
