"""The credit policy, asked about the applicant with car and loan, and about everybody else's own file.

Who is liable beside the applicant is judged by the same thresholds on what the bureau says of them; what the
policy says of car, income and age of the applicant it says once. Every finding of somebody else names who.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cheqi.areas.origination.assessment import Figures, Situation, bureau_inputs, policy_inputs
from cheqi.areas.origination.crediting import Asked, asked_about, fresh_reports
from cheqi.core.base.text import Text
from cheqi.foundation.rulebook.queries import pack
from cheqi.records.applications.models import Application, CreditReport
from cheqi.records.common import lender_date
from cheqi.rules import evaluate_all
from cheqi.rules.model import Decision

Inputs = Mapping[str, int | str | bool | Decimal | None]


@dataclass(frozen=True, slots=True)
class Met:
    """One rule that objected: `who` is empty for the applicant."""

    rule: Decision
    who: Text | None

    @property
    def data(self) -> dict[str, str]:
        """The finding as it is kept with the step."""
        said = self.rule.explanation
        if self.who is not None:
            said = Text(f"{self.who.zh}：{said.zh}", f"{self.who.en}: {said.en}")
        outcome = str(self.rule.value["outcome"])
        return {
            "outcome": outcome,
            "rule": self.rule.rule,
            "clause": self.rule.clause,
            "zh": said.zh,
            "en": said.en,
        }


def check(application: Application, installment_fen: int, now: datetime) -> dict[str, Any]:
    """What the policy in force says, with everything it was asked: outcome, findings, inputs, reports."""
    today = lender_date(now)
    policy, reports = pack("credit_policy", today), fresh_reports(application, now)
    met: list[Met] = []
    others: list[dict[str, Any]] = []
    applicant: dict[str, Any] = {}
    for one in asked_about(application):
        report = reports.get(one.party.pk)
        inputs = _inputs(application, one, report, installment_fen, today)
        who = None if one.is_applicant else one.title
        met += [Met(rule, who) for rule in evaluate_all(policy, inputs)]
        kept = {"inputs": _plain(inputs), "report": report.reference if report else ""}
        if one.is_applicant:
            applicant = kept
        else:
            others.append({"role": one.role, **kept})
    outcomes = {str(one.rule.value["outcome"]) for one in met}
    return {
        "outcome": next((word for word in ("REFUSE", "REFER") if word in outcomes), "PASS"),
        "findings": [one.data for one in met],
        **applicant,
        "others": others,
        "pack": {"name": policy.name, "version": policy.version},
    }


def _inputs(
    application: Application, asked: Asked, report: CreditReport | None, installment_fen: int, today: date
) -> Inputs:
    figures: Figures = report.figures if report else {}
    if not asked.is_applicant:
        return bureau_inputs(application.customer_type, figures)
    situation = Situation(
        customer_type=application.customer_type,
        birth_date=asked.party.birth_date,
        monthly_income_fen=application.monthly_income_fen,
        installment_fen=installment_fen,
        term_months=application.term_months,
        car_registered_date=application.vehicle.registered_date,
    )
    return policy_inputs(situation, figures, today)


def _plain(inputs: Inputs) -> dict[str, int | bool | str]:
    return {name: value if isinstance(value, int | bool) else str(value) for name, value in inputs.items()}
