"""What was checked about a case and what came out: passed, to a clerk, failed, or not there yet, with why.

Check digits and doubtful fields of the documents, agreement between documents and application, the credit
bureau, the credit policy, the limits of product and law, the payee. Each line opens what it rests on: a step
where a person settles it, or the place on the photograph.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cheqi.areas.origination.verification import disagreements_of, live_documents
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding
from cheqi.core.base.rates import format_percent, from_ratio
from cheqi.core.base.text import Text
from cheqi.core.documents.agreement import CONCEPTS
from cheqi.core.documents.fields import FIELDS, Form, title_of
from cheqi.core.documents.kinds import TITLES, Kind
from cheqi.core.process.state import StepStatus
from cheqi.foundation.documents.choices import DocumentState, FieldVerdict
from cheqi.foundation.documents.models import Document, FieldValue
from cheqi.foundation.documents.registry import expected_kinds
from cheqi.foundation.documents.titles import slot_title
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.records.applications.choices import PayeeState
from cheqi.records.applications.models import Application
from cheqi.records.applications.queries import credit_reports
from cheqi.ui.choices import Badge, Tone
from cheqi.ui.parts import Check, CheckList

CHECKED = frozenset({Form.ID_NUMBER, Form.VIN, Form.USCC, Form.BANK_CARD, Form.PLATE, Form.PARTY_NUMBER})
DOUBTFUL = frozenset({FieldVerdict.CLERK, FieldVerdict.REJECTED})
SEVERITY = {Tone.BAD: 0, Tone.WARN: 1, Tone.INFO: 2, Tone.IDLE: 3, Tone.OK: 4}
POLICY = {"REFUSE": Tone.BAD, "REFER": Tone.WARN, "PASS": Tone.OK}


@dataclass(frozen=True, slots=True)
class Looked:
    """What the checks look at: the case, its application, the newest offer's data, who asks, and whether
    photographs open to them."""

    record: CaseRecord
    application: Application
    offer: Mapping[str, Any]
    actor: Actor
    is_reachable: bool


def checks_of(at: Looked) -> CheckList:
    """Every check of the case, what needs somebody first. Four statements."""
    documents = live_documents(at.record.id)
    found = (
        *_digits(at, documents),
        *_doubts(at, documents),
        *_agreement(at, documents),
        _bureau(at),
        *_policy(at),
        *_limits(at),
        *_payee(at),
    )
    return CheckList(tuple(sorted(found, key=lambda one: SEVERITY[Tone(one.badge.tone)])))


def _digits(at: Looked, documents: Sequence[Document]) -> Iterator[Check]:
    """Numbers with a check digit or a fixed form, each where it was read."""
    for document in documents:
        kind = Kind(document.kind) if document.kind else Kind.UNKNOWN
        forms = {field.key: field.form for field in FIELDS.get(kind, ())}
        for field in document.fields.all():
            if forms.get(field.name) in CHECKED:
                yield Check(
                    _("%(field)s校验") % {"field": _in(title_of(kind, field.name))},
                    _verdict(field),
                    _beside(document, _why(field)),
                    url=_place(at, document, field),
                )


def _doubts(at: Looked, documents: Sequence[Document]) -> Iterator[Check]:
    """Documents with fields for a clerk, of another kind than asked for, or seen before: a line each."""
    for document in documents:
        doubtful = sum(field.verdict in DOUBTFUL for field in document.fields.all())
        expected = expected_kinds(document.slot)
        why = [_first_sentence(_in(Text(note["zh"], note["en"]))) for note in document.findings]
        if doubtful:
            why.insert(0, ngettext("%(n)s 个字段待核对", "%(n)s 个字段待核对", doubtful) % {"n": doubtful})
        elif _needs_clerk(document) and document.kind not in {kind.value for kind in expected}:
            why.insert(0, _("不像是要求的资料"))
        if why and document.state != DocumentState.ACCEPTED:
            url = _step(at, "verify_documents", document)
            url = url or _page(at, document, 1)
            badge = Badge(_("转人工") if doubtful else _("需关注"), Tone.WARN)
            yield Check(_in(slot_title(document.slot)), badge, _("；").join(why), url=url)


def _agreement(at: Looked, documents: Sequence[Document]) -> Iterator[Check]:
    """Facts on several documents and in the application; the values stay on the photographs."""
    known = sum(bool(document.kind) for document in documents)
    if not known:
        why = _("没有读出的资料") if _is_done(at, "collect_materials") else _("资料还没有读出")
        yield Check(_("资料与申请一致"), _not_yet(), why)
        return
    found = disagreements_of(at.application, documents)
    url = _step(at, "verify_documents")
    is_settled = _is_done(at, "verify_documents")
    for finding in found:
        badge = Badge(_("人工确认"), Tone.OK) if is_settled else Badge(_("转人工"), Tone.WARN)
        label = _("%(what)s不一致") % {"what": _in(CONCEPTS[finding.field])}
        yield Check(label, badge, _sources(finding), url=url)
    if not found:
        yield Check(_("资料与申请一致"), _passed(), _("%(n)s 份资料") % {"n": known}, url=url)


def _bureau(at: Looked) -> Check:
    """Whether the bureau was asked and what it said."""
    label, url = _("征信"), _step(at, "enquire_credit")
    reports = credit_reports(at.application.pk, at.actor)
    if not reports:
        step = at.record.state.steps.get("enquire_credit")
        if step is not None and step.is_open:
            return Check(label, Badge(_("等答复"), Tone.INFO), _("已向征信机构查询"), url=url)
        why = _("没有征信记录") if _is_done(at, "enquire_credit") else _("客户授权、资料核验后查询")
        return Check(label, _not_yet(), why)
    figures = reports[-1].figures
    if not figures.get("has_bureau_file"):
        return Check(label, _passed(), _("无信贷记录"), url=_step(at, "review"))
    overdue, worst = figures.get("current_overdue", 0), figures.get("worst_overdue_months_24m", 0)
    reason = _("当前逾期 %(n)s 户，24 个月最长逾期 %(months)s 个月") % {"n": overdue, "months": worst}
    badge = Badge(_("需关注"), Tone.WARN) if overdue or worst else _passed()
    return Check(label, badge, reason, url=_step(at, "review"))


def _policy(at: Looked) -> Iterator[Check]:
    """What the credit policy's pack said, rule by rule where one objected."""
    checked = at.record.data_of("check_policy")
    if not checked:
        why = _("没有核对记录") if _is_done(at, "check_policy") else _("征信结果出来后核对")
        yield Check(_("准入规则"), _not_yet(), why)
        return
    version = _("准入规则第 %(n)s 版") % {"n": checked["pack"]["version"]}
    words = {"REFUSE": _("不通过"), "REFER": _("需关注")}
    found = [row for row in checked.get("findings", ()) if row["outcome"] in words]
    for row in found:
        badge = Badge(words[row["outcome"]], POLICY[row["outcome"]])
        said = _in(Text(row["zh"], row["en"]))
        yield Check(said, badge, row["clause"], url=_step(at, "review"))
    if not found:
        yield Check(_("准入规则"), _passed(), version, url=_step(at, "review"))


def _limits(at: Looked) -> Iterator[Check]:
    """Loan-to-value and the other limits of product and law."""
    limit = at.application.product_version.max_ltv
    asked = from_ratio(at.application.amount_fen, at.application.price_fen)
    share = Decimal(at.offer.get("loan_to_value", asked))
    for row in at.offer.get("findings", ()):
        yield Check(
            _("限额"), Badge(_("不通过"), Tone.BAD), _in(Text(row["zh"], row["en"])), url=_step(at, "review")
        )
    figures = {"share": format_percent(share), "limit": format_percent(limit)}
    badge = _passed() if share <= limit else Badge(_("不通过"), Tone.BAD)
    yield Check(_("贷款成数"), badge, _("%(share)s，上限 %(limit)s") % figures)


def _payee(at: Looked) -> Iterator[Check]:
    """Whether the bank knows the dealer's account under the dealer's name."""
    dealer = at.application.dealer
    if dealer is None:
        return
    state = PayeeState(dealer.payee_state)
    if state is PayeeState.UNCHECKED:
        yield Check(_("收款户名"), _not_yet(), dealer.name, url=_step(at, "verify_payee"))
    elif state is PayeeState.MATCH:
        yield Check(_("收款户名"), _passed(), dealer.name)
    else:
        badge = Badge(_("不通过"), Tone.BAD)
        yield Check(_("收款户名"), badge, str(state.label), url=_step(at, "correct_payee"))


def _verdict(field: FieldValue) -> Badge:
    if field.verdict == FieldVerdict.REJECTED:
        return Badge(_("不通过"), Tone.BAD)
    if field.verdict == FieldVerdict.CLERK:
        return Badge(_("转人工"), Tone.WARN)
    return Badge(_("人工确认"), Tone.OK) if field.verdict == FieldVerdict.SETTLED else _passed()


def _why(field: FieldValue) -> str:
    if field.verdict == FieldVerdict.SETTLED:
        return _("%(who)s确认") % {"who": field.settled_by_name}
    return " ".join(_in(Text(row["zh"], row["en"])) for row in field.why)


def _beside(document: Document, why: str) -> str:
    title = _in(slot_title(document.slot))
    return _("%(document)s：%(why)s") % {"document": title, "why": why} if why else title


def _first_sentence(said: str) -> str:
    """What happened, without what to do about it: that stands where it is done."""
    return said.partition("。")[0].partition(". ")[0].rstrip(".")


def _sources(finding: Finding) -> str:
    english = {title.zh: title for title in (*TITLES.values(), Text("申报内容", "Declared"))}
    names: Iterable[str] = dict.fromkeys(source for source, _value in finding.data)
    return _("、").join(_in(english[name]) if name in english else name for name in names)


def _place(at: Looked, document: Document, field: FieldValue) -> str:
    """Where a doubtful field is settled; the crop where it was read otherwise."""
    if field.verdict in DOUBTFUL and (url := _step(at, "verify_documents", document)):
        return url
    if field.polygon and at.is_reachable:
        return reverse("desk:document_crop", args=[document.pk, field.name])
    return _page(at, document, field.page)


def _page(at: Looked, document: Document, number: int) -> str:
    """A page of a document, or nothing where no photograph opens."""
    return reverse("desk:document_page", args=[document.pk, number]) if at.is_reachable else ""


def _step(at: Looked, step: str, document: Document | None = None) -> str:
    """The page of a step that was reached, or nothing."""
    state = at.record.state.steps.get(step)
    if state is None or state.status is StepStatus.SKIPPED:
        return ""
    base = f"{reverse('desk:case', args=[at.record.number])}?step={step}"
    return f"{base}&document={document.pk}" if document else base


def _is_done(at: Looked, step: str) -> bool:
    state = at.record.state.steps.get(step)
    return state is not None and state.status is StepStatus.DONE


def _needs_clerk(document: Document) -> bool:
    return document.state == DocumentState.NEEDS_CLERK and bool(expected_kinds(document.slot))


def _passed() -> Badge:
    return Badge(_("通过"), Tone.OK)


def _not_yet() -> Badge:
    return Badge(_("未核对"), Tone.IDLE)


def _in(text: Text) -> str:
    return text.in_language(get_language() or "zh-hans")
