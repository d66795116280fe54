"""The questions of an application as one dense form, grouped; and the offer while it is being filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cheqi.areas.origination.questions import SCREENS, SCREENS_AT_DESK, Answers, Kind, Question, asked
from cheqi.core.base.dates import add_months
from cheqi.core.base.findings import Refused
from cheqi.core.base.money import format_yuan
from cheqi.core.base.rates import format_percent
from cheqi.core.loan.offer import Request, calculate
from cheqi.records.products.models import ProductVersion
from cheqi.records.products.queries import conditions, fees
from cheqi.ui.forms import PhoneField, said

INPUT_MODES = {Kind.MONEY: "decimal", Kind.WHOLE: "numeric", Kind.MOBILE: "tel", Kind.BANK_CARD: "numeric"}
LISTS = frozenset({Kind.CHOICE, Kind.PRODUCT, Kind.DEALER})
UPPER = frozenset({Kind.VIN, Kind.PLATE, Kind.USCC, Kind.ID_NUMBER})


class StartForm(forms.Form):
    """The customer's mobile, and for whom the application counts."""

    mobile = PhoneField(help_text=_("先查手机号，已有客户会自动带出"))
    branch = forms.ChoiceField(label=_("机构"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, branches: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["branch"].choices = branches  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Entry:
    """One question as a field of the form."""

    key: str
    label: str
    help: str
    kind: str
    value: str
    error: str
    is_required: bool
    choices: tuple[tuple[str, str], ...]
    input_mode: str
    is_upper: bool
    is_wide: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one screen of the phone, beside each other at the desk."""

    key: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class LiveOffer:
    """The offer as far as the answers go: figures, and what passes a limit."""

    figures: tuple[tuple[Any, str], ...]
    warnings: tuple[str, ...]


def groups(
    answers: Answers,
    wrong: Mapping[str, str],
    typed: Mapping[str, str] | None,
    *,
    products: Sequence[tuple[str, str]],
    dealers: Sequence[tuple[str, str]],
    language: str,
) -> tuple[Group, ...]:
    """The form: what is asked now, with what was answered; what was typed wrong stays as typed."""
    found: dict[str, list[Entry]] = {key: [] for key in SCREENS}
    lists = {Kind.PRODUCT: products, Kind.DEALER: dealers}
    for question in asked(answers):
        choices = lists.get(question.kind) or [
            (value, label.in_language(language)) for value, label in question.choices
        ]
        found[question.screen].append(
            Entry(
                key=question.key,
                label=question.asked_as(answers, at_desk=True).in_language(language),
                help=question.help.in_language(language) if question.help else "",
                kind=_drawn_as(question),
                value=_value(question, answers, wrong, typed),
                error=wrong.get(question.key, ""),
                is_required=question.is_required,
                choices=tuple(choices),
                input_mode=INPUT_MODES.get(question.kind, "text"),
                is_upper=question.kind in UPPER,
                is_wide=question.kind in {Kind.DEALER},
            )
        )
    return tuple(
        Group(key, SCREENS_AT_DESK[key].in_language(language), tuple(entries))
        for key, entries in found.items()
    )


def _drawn_as(question: Question) -> str:
    if question.kind in LISTS:
        return "select"
    names = {Kind.YES_NO: "check", Kind.DATE: "date", Kind.MONEY: "money"}
    return names.get(question.kind, "text")


def _value(
    question: Question, answers: Answers, wrong: Mapping[str, str], typed: Mapping[str, str] | None
) -> str:
    if typed is not None and question.key in wrong and question.key in typed:
        return typed[question.key]
    value = answers.get(question.key)
    if value is None:
        return ""
    if question.kind is Kind.MONEY and isinstance(value, int):
        return format_yuan(value).removeprefix("¥")
    if question.kind is Kind.YES_NO:
        return "yes" if value else ""
    return str(value)


def live_offer(answers: Answers, offered: Sequence[ProductVersion], today: date) -> LiveOffer | None:
    """The offer for what is answered so far; None while price, down payment, product or term are missing."""
    version = next((row for row in offered if row.product.code == answers.get("product")), None)
    price, down, term = (answers.get(key) for key in ("price_fen", "down_payment_fen", "term_months"))
    if version is None or not isinstance(price, int):
        return None
    if not isinstance(down, int) or not isinstance(term, int):
        return None
    if not 0 <= down < price or term < 1:
        return None
    wish = Request(
        price_fen=price,
        down_payment_fen=down,
        amount_fen=price - down,
        term_months=term,
        disbursement_date=today,
        first_due_date=add_months(today, 1),
    )
    terms = conditions(
        version,
        on=today,
        is_used=answers.get("condition") == "USED",
        usage=str(answers.get("usage", "OWN")),
        energy=str(answers.get("energy", "ICE")),
    )
    offer = calculate(wish, terms, fees(version, price - down))
    if isinstance(offer, Refused):
        return LiveOffer((), tuple(said(one) for one in offer.findings))
    return LiveOffer(
        (
            (_("贷款金额"), format_yuan(price - down)),
            (_("月供"), format_yuan(offer.installment_fen)),
            (_("年化利率（单利，IRR）"), format_percent(Decimal(offer.annual_rate))),
            (_("利息与费用"), format_yuan(offer.total_cost_fen)),
            (_("贷款成数"), format_percent(offer.loan_to_value)),
        ),
        tuple(said(one) for one in offer.findings),
    )
