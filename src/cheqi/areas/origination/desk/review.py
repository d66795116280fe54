"""Reviews and the call before them: the offer, the report's figures, the policy's findings, the opinion."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cheqi.areas.origination.crediting import asked_about
from cheqi.areas.origination.desk.documents import RETURN, newest
from cheqi.areas.origination.desk.originals import thumb
from cheqi.areas.origination.operations import calling, reviewing
from cheqi.core.base.actors import Actor
from cheqi.core.base.rates import format_percent
from cheqi.core.base.text import Text
from cheqi.foundation.documents.queries import documents_of, pictures_of
from cheqi.foundation.privacy.masking import mask
from cheqi.records.applications.choices import Opinion
from cheqi.records.applications.models import Application, CreditDecision, CreditReport
from cheqi.records.applications.queries import by_case, credit_reports, decisions, latest_offer
from cheqi.ui.casework import Deed, Panel, Work
from cheqi.ui.choices import Badge, Tone
from cheqi.ui.formatting import money
from cheqi.ui.parts import Check, CheckList

OUTCOMES = {"REFUSE": Tone.BAD, "REFER": Tone.WARN, "PASS": Tone.OK}


@dataclass(frozen=True, slots=True)
class Installment:
    """One line of the schedule."""

    number: int
    due_date: date
    principal_fen: int
    interest_fen: int
    balance_fen: int

    @property
    def amount_fen(self) -> int:
        """What is due."""
        return self.principal_fen + self.interest_fen


class ApproveForm(forms.Form):
    """A word with the approval, where there is one."""

    comment = forms.CharField(
        label=gettext_lazy("审批意见"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RefuseForm(forms.Form):
    """Why an application is refused; the customer is told these reasons."""

    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("拒绝原因"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("至少选一项，客户会看到"),
    )
    comment = forms.CharField(
        label=gettext_lazy("内部意见"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(code, _say(text)) for code, text in reviewing.REFUSAL_REASONS.items()]
        self.fields["reasons"].choices = choices  # type: ignore[attr-defined]


class CallForm(forms.Form):
    """What the customer said."""

    comment = forms.CharField(
        label=gettext_lazy("通话记录"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("有一项未确认时必填"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rest = self.fields.pop("comment")
        for name, text in calling.POINTS.items():
            self.fields[name] = forms.BooleanField(label=_say(text), required=False)
        self.fields["comment"] = rest


def context(work: Work) -> Mapping[str, Any]:
    """What the decision rests on, all that the reviewer may see."""
    application = by_case(work.record.id, work.actor)
    if application is None:
        return {}
    checked = dict(work.record.data_of("check_policy"))
    offer = latest_offer(application.pk, work.actor)
    reports = credit_reports(application.pk, work.actor)
    pictures = pictures_of(work.record, work.actor, work.now)
    seen = [one for one in decisions(application.pk, work.actor) if one.step not in work.veiled]
    return {
        "offer": offer_figures(offer.data) if offer else None,
        "policy": _policy(checked),
        "reports": _reports(application, reports, work.actor),
        "decisions": [_decision(one) for one in seen],
        "is_veiled": bool(work.veiled),
        "documents": [thumb(pictures, row) for row in newest(documents_of(work.record.id, work.actor))],
    }


def offer_figures(data: Mapping[str, Any]) -> dict[str, Any]:
    """The offer for a page: figures as people read them, and the schedule."""
    return {
        "figures": (
            (_("月供"), money(data["installment_fen"])),
            (_("年化利率（单利，IRR）"), format_percent(Decimal(data["annual_rate"]))),
            (_("利息合计"), money(data["total_interest_fen"])),
            (_("费用合计"), money(data["total_fees_fen"])),
            (_("总成本"), money(data["total_cost_fen"])),
            (_("贷款成数"), format_percent(Decimal(data["loan_to_value"]))),
        ),
        "schedule": [
            Installment(number, date.fromisoformat(due), principal, interest, balance)
            for number, due, principal, interest, balance in data["installments"]
        ],
        "fees": [(fee["en"] if _english() else fee["zh"], fee["amount_fen"]) for fee in data["fees"]],
    }


def _policy(checked: Mapping[str, Any]) -> CheckList | None:
    if not checked:
        return None
    words = {"REFUSE": _("不准入"), "REFER": _("需关注"), "PASS": _("通过")}
    lines = tuple(
        Check(
            row["en"] if _english() else row["zh"],
            Badge(words.get(row["outcome"], row["outcome"]), OUTCOMES.get(row["outcome"], Tone.IDLE)),
            row["clause"],
        )
        for row in checked.get("findings", ())
    )
    version = _("准入规则第 %(n)s 版") % {"n": checked["pack"]["version"]}
    passed = Check(_("准入规则全部通过"), Badge(_("通过"), Tone.OK), version)
    return CheckList(lines or (passed,))


def _reports(
    application: Application, reports: tuple[CreditReport, ...], actor: Actor
) -> list[dict[str, Any]]:
    """The bureau's answer about each person who was asked about; no figures where it gave none."""
    newest_of = {row.party_id: row for row in reports}
    return [
        {
            "role": _say(one.title),
            "name": mask("name", one.party.name, actor),
            "figures": _report(newest_of[one.party.pk].figures) if one.party.pk in newest_of else None,
            "consented_at": one.consent.authorised_at if one.consent else None,
        }
        for one in asked_about(application)
    ]


def _report(figures: Mapping[str, Any]) -> tuple[tuple[str, object], ...]:
    if not figures.get("has_bureau_file"):
        return ((_("征信档案"), _("无信贷记录")), (_("报告编号"), figures.get("report_number", "—")))
    return (
        (_("征信评分"), figures.get("bureau_score") or "—"),
        (_("账户数"), figures.get("accounts", 0)),
        (_("当前逾期账户"), figures.get("current_overdue", 0)),
        (_("24 个月最长逾期"), _("%(n)s 个月") % {"n": figures.get("worst_overdue_months_24m", 0)}),
        (_("每月还款"), money(figures.get("monthly_payments_fen") or 0)),
        (_("近 3 个月查询"), _("%(n)s 次") % {"n": figures.get("enquiries_3m", 0)}),
        (_("报告编号"), figures.get("report_number", "—")),
    )


def _decision(row: CreditDecision) -> dict[str, Any]:
    opinion = Opinion(row.opinion)
    reasons = [reviewing.REFUSAL_REASONS[code] for code in row.reasons if code in reviewing.REFUSAL_REASONS]
    return {
        "who": row.actor_name,
        "at": row.decided_at,
        "badge": Badge(opinion.label, Tone(opinion.tone)),
        "reasons": [_say(text) for text in reasons],
        "comment": row.comment,
        "round": row.round,
    }


def call_context(work: Work) -> Mapping[str, Any]:
    """What to ask, with what was declared beside it."""
    application = by_case(work.record.id, work.actor)
    if application is None:
        return {}
    car = application.vehicle
    return {
        "script": (
            (_("身份"), _("请问是 %(name)s 本人吗？请报身份证号后四位。") % {"name": _borrower(work)}),
            (
                _("车辆"),
                _("您购买的是 %(car)s，价格 %(price)s，对吗？")
                % {"car": f"{car.brand} {car.model}", "price": money(application.price_fen)},
            ),
            (
                _("贷款"),
                _("您申请贷款 %(amount)s，分 %(term)s 期，对吗？")
                % {"amount": money(application.amount_fen), "term": application.term_months},
            ),
            (
                _("收入"),
                _("您每月收入约 %(income)s，工作单位在哪里？")
                % {"income": money(application.monthly_income_fen)},
            ),
            (_("用途"), _("车辆由谁使用？有没有人请您代为贷款？")),
        )
    }


def _borrower(work: Work) -> str:
    application = by_case(work.record.id, work.actor)
    named = application.roles.select_related("party").order_by("pk").first() if application else None
    return named.party.name if named else ""


def opinion(word: str) -> Any:
    """The deed's run for one opinion."""

    def run(work: Work, given: Mapping[str, Any], key: str) -> object:
        return reviewing.give_opinion(
            case_id=work.record.id,
            step=work.step.key,
            opinion=word,
            reasons=given.get("reasons", ()),
            comment=given.get("comment", "") or given.get("reason", ""),
            actor=work.actor,
            now=work.now,
            key=key,
        )

    return run


def call(work: Work, given: Mapping[str, Any], key: str) -> object:
    """The call as it went."""
    points = {name: bool(given.get(name)) for name in calling.POINTS}
    return calling.record_call(
        case_id=work.record.id,
        points=points,
        comment=given["comment"],
        actor=work.actor,
        now=work.now,
        key=key,
    )


def _say(text: Text) -> str:
    return text.in_language(get_language() or "zh-hans")


def _english() -> bool:
    return (get_language() or "").startswith("en")


REVIEW = Panel(
    template="origination/desk/review.html",
    context=context,
    deeds=(
        Deed(
            key="return",
            label=gettext_lazy("退回补充"),
            outcome="return",
            form=RETURN.form,
            run=opinion("return"),
            hint=gettext_lazy("退回后客户补充资料，审批重新开始一轮。"),
            said=gettext_lazy("已退回补充"),
        ),
        Deed(
            key="refuse",
            label=gettext_lazy("拒绝"),
            outcome="refuse",
            form=RefuseForm,
            run=opinion("refuse"),
            is_danger=True,
            said=gettext_lazy("审批意见已提交：拒绝"),
        ),
        Deed(
            key="approve",
            label=gettext_lazy("同意"),
            outcome="approve",
            form=ApproveForm,
            run=opinion("approve"),
            is_primary=True,
            question=gettext_lazy("同意这笔贷款"),
            said=gettext_lazy("审批意见已提交：同意"),
        ),
    ),
)
CALL = Panel(
    template="origination/desk/call.html",
    context=call_context,
    deeds=(
        RETURN,
        Deed(
            key="call",
            label=gettext_lazy("核实完成"),
            outcome="confirmed",
            form=CallForm,
            run=call,
            is_in_page=True,
            is_primary=True,
            said=gettext_lazy("通话记录已保存"),
        ),
    ),
)
