"""What happened, in plain words: a timeline's sentences without a code, in the language of the page.

The log carries codes and Chinese titles as data. Here each place of a sentence gets its word: a step's title
and an outcome from the process, a document's from its slot, a state from its labels, a time on the lender's
clock. A sentence that would end in nothing is said shorter, and internal numbers are left out:

>>> from cheqi.core.events.process import BallPassed
>>> passed = BallPassed(step="enquire_credit", round=1, title="征信查询", ball="bureau")
>>> said(passed, None, "zh-hans"), said(passed, None, "en")
('「征信查询」等征信机构答复', '“征信查询” waits for the credit bureau')
"""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone, translation

from cheqi.core.base.text import Text
from cheqi.core.events import (
    access,
    credit,
    documents,
    estimates,
    evidence,
    jobs,
    lending,
    messages,
    outside,
    process,
)
from cheqi.core.events.base import Event, filled
from cheqi.core.process.definition import Definition, Effect, OwnerKind
from cheqi.foundation.eventlog.queries import TimelineEntry
from cheqi.web.wording import NOBODY, WORDS, Place

SHORTER: tuple[tuple[type[Event], str, Text], ...] = (
    (process.StepOpened, "assigned", Text("「{title}」开始", "“{title}” began")),
    (process.StepOpened, "", Text("「{title}」开始，{assigned}", "“{title}” began. {assigned}")),
    (process.StepFinished, "reason", Text("「{title}」{outcome}", "“{title}”: {outcome}")),
    (process.StepFinished, "", Text("「{title}」{outcome}：{reason}", "“{title}”: {outcome}. {reason}")),
    (process.StepSuperseded, "because_of", Text("「{title}」需要重新办理", "“{title}” has to be done again")),
    (
        process.StepSuperseded,
        "",
        Text("「{title}」因「{because_of}」退回重办", "“{title}” again: “{because_of}” sent it back"),
    ),
    (process.StepAssigned, "reason", Text("「{title}」交给{owner_name}", "“{title}” went to {owner_name}")),
    (process.BallPassed, "", Text("「{title}」{ball}", "“{title}” {ball}")),
    (process.TargetBreached, "escalated_to", Text("「{title}」超过时限", "“{title}” missed its target")),
    (process.CaseClosed, "reason", Text("案件结束：{title}", "Case closed: {title}")),
    (process.CaseClosed, "", Text("案件结束：{title}，{reason}", "Case closed: {title}, {reason}")),
    (
        documents.DocumentRead,
        "for_clerk",
        Text("{title}识别完成，{accepted} 项全部通过", "“{title}” was read: all {accepted} fields accepted"),
    ),
    (
        documents.DocumentRead,
        "",
        Text(
            "{title}识别完成，{accepted} 项通过，{for_clerk} 项待核对",
            "“{title}” was read: {accepted} fields accepted, {for_clerk} for a clerk",
        ),
    ),
    (documents.DocumentRejected, "", Text("{title}被退回：{reason}", "“{title}” was sent back: {reason}")),
    (
        documents.PhotographSeenBefore,
        "",
        Text(
            "{title}的照片与另一位客户的资料相同或几乎相同，请核实",
            "The photograph of “{title}” is (nearly) the same as another customer's: look into it",
        ),
    ),
    (lending.CreditDecided, "reasons", Text("审批意见：{opinion}", "Opinion: {opinion}")),
    (lending.CreditDecided, "", Text("审批意见：{opinion}（{reasons}）", "Opinion: {opinion} ({reasons})")),
    (lending.CreditReportReceived, "", Text("收到征信结果", "The credit report arrived")),
    (lending.LienChanged, "reason", Text("抵押状态变为「{to_state}」", "The lien is now “{to_state}”")),
    (
        lending.LienChanged,
        "",
        Text("抵押状态变为「{to_state}」：{reason}", "The lien is now “{to_state}”: {reason}"),
    ),
    (lending.TitleMoved, "shelf", Text("登记证书转至{holder}", "The certificate is now with: {holder}")),
    (
        lending.TitleMoved,
        "",
        Text("登记证书转至{holder}，库位 {shelf}", "The certificate is now with: {holder}, shelf {shelf}"),
    ),
    (
        estimates.EstimateMoved,
        "high_at",
        Text("「{title}」暂不预计完成时间：{reason}", "No estimate for “{title}” for now: {reason}"),
    ),
    (
        estimates.EstimateMoved,
        "before_at",
        Text("「{title}」预计 {high_at} 前完成", "“{title}” is expected by {high_at}"),
    ),
    (
        outside.ExchangeAnswered,
        "",
        Text("{port}答复「{operation}」：{outcome}", "The {port} answered “{operation}”: {outcome}"),
    ),
    (
        outside.ExchangeDiscarded,
        "",
        Text("放弃向{port}发送「{operation}」：{reason}", "Gave up “{operation}” at the {port}: {reason}"),
    ),
    (
        outside.ExchangeRedriven,
        "",
        Text("重新向{port}发送「{operation}」", "Had “{operation}” sent to the {port} again"),
    ),
    (messages.MessageSent, "", Text("以{channel}发送「{title}」", "Sent “{title}” by {channel}")),
    (process.FactsGiven, "", Text("更新了决定办理步骤的信息", "Updated what decides the steps")),
    (access.LoggedOut, "everywhere", Text("退出登录", "Logged out")),
    (access.LoggedOut, "", Text("在所有设备上退出登录", "Logged out on all devices")),
    (
        access.AbsenceRecorded,
        "delegate_id",
        Text("登记外出，没有代理人", "Recorded an absence without a delegate"),
    ),
    (access.AbsenceRecorded, "", Text("登记外出，由{delegate_id}代理", "Away; {delegate_id} stands in")),
    (
        evidence.PersonErased,
        "",
        Text("销毁了当事人的日志密钥：{reason}", "Destroyed the person's log key: {reason}"),
    ),
    (
        access.RoleChangeProposed,
        "",
        Text("提议{kind}「{role}」：{reason}", "Proposed to {kind} “{role}”: {reason}"),
    ),
    (
        access.RoleChangeDecided,
        "",
        Text(
            "{kind}「{role}」{state}（{proposed_by}提议）",
            "To {kind} “{role}”: {state} (proposed by {proposed_by})",
        ),
    ),
    (jobs.WakeupRedriven, "", Text("重新执行失败任务「{task}」", "Drove the failed task “{task}” again")),
    (
        jobs.WakeupDiscarded,
        "",
        Text("放弃失败任务「{task}」：{reason}", "Gave up the failed task “{task}”: {reason}"),
    ),
    (
        credit.CreditAuthorised,
        "",
        Text("客户签署了征信查询授权（用途：{purpose}）", "The customer allowed an enquiry (for {purpose})"),
    ),
)
"""What to say where the named field is empty (or always, where none is named); the first that fits counts."""


ASKED_FOR_MORE = Text("「{title}」看过了，请您补充或更换资料", "“{title}”: please add or replace documents")
OWN_CHOICE = Text("您在「{title}」选择了「{outcome}」", "You chose “{outcome}” at “{title}”")
FAILED_OUTSIDE = Text(
    "「{title}」没有办成，我们更正后重新办理", "“{title}” was sent back; we correct and repeat it"
)

CHECKED_AGAIN = Text(
    "「{title}」前还需再核对一次，我们正在办理，您不用做什么",
    "Before “{title}” we check once more; you need not do anything",
)


def told(entry: TimelineEntry, definition: Definition | None, language: str) -> str:
    """A line of a timeline as its reader gets it: a colleague, or the customer whose case it is."""
    if entry.is_inside:
        return said(entry.event, definition, language)
    words = words_of(entry.event, definition, language)
    if isinstance(entry.event, process.StepFinished) and (ended := _ended(entry.event, definition)):
        return filled(entry.event, ended, language, words)
    return entry.event.customer_sentence(language, words) or entry.sentence.in_language(language)


def _ended(event: process.StepFinished, definition: Definition | None) -> Text | None:
    """The customer's sentence of an end that they have to act on, have chosen, or that has to be repeated.

    Every other end reads the same: what one reviewer thinks of the application is not told.
    """
    step = definition.by_key.get(event.step) if definition else None
    if definition is None or step is None:
        return None
    outcome = next((one for one in step.outcomes if one.title and one.title.zh == event.outcome), None)
    if outcome is None or outcome.effect is Effect.DONE:
        return None
    if outcome.effect is Effect.CLOSE:
        return OWN_CHOICE if step.owner.kind is OwnerKind.CUSTOMER else None
    if definition.by_key[outcome.target].owner.kind is OwnerKind.CUSTOMER:
        return ASKED_FOR_MORE
    is_detour = any(one.effect is Effect.DONE for one in step.outcomes)
    if is_detour and definition.by_key[outcome.target].owner.kind is OwnerKind.SYSTEM:
        return CHECKED_AGAIN
    return FAILED_OUTSIDE if step.awaits else None


def said(
    event: Event, definition: Definition | None, language: str, colleagues: Mapping[int, str] = NOBODY
) -> str:
    """The colleagues' sentence of an event; without a definition the titles are those that were logged.

    `colleagues` has the names of those whom the event gives by number.
    """
    words = words_of(event, definition, language, colleagues)
    for kind, lacking, text in SHORTER:
        if isinstance(event, kind) and (not lacking or _is_missing(event, lacking, language)):
            return filled(event, text, language, words)
    return event.sentence(language, words)


def words_of(
    event: Event, definition: Definition | None, language: str, colleagues: Mapping[int, str] = NOBODY
) -> Mapping[str, str]:
    """The words of every place of an event that has some in this language; the others are said as logged."""
    place = Place(event, definition, language, colleagues)
    found = {}
    with translation.override(language):
        for name in event.__dataclass_fields__:
            value = getattr(event, name)
            if isinstance(value, datetime):
                found[name] = f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
            elif name in WORDS and value not in (None, "", ()):
                word = WORDS[name](place, value)
                if word is not None:
                    found[name] = word
    return found


def _is_missing(event: Event, name: str, language: str) -> bool:
    """Nothing stands there, or only what the sentence says already: a step that sent itself back."""
    value = getattr(event, name)
    if isinstance(event, process.StepOpened) and language.startswith("en"):
        return not event.assigned_en
    return not value or (name == "because_of" and value == getattr(event, "title", ""))
