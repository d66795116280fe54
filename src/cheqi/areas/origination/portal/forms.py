"""The questions of a screen as a form: the right keyboard for each, saved one by one as they change.

The form validates nothing by itself: `questions.parse` has done it, and its findings are put beside the
fields. It is always bound, to what was typed or else to what is kept.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cheqi.areas.origination.questions import Answers, Kind, Question, Value
from cheqi.core.base.findings import Finding
from cheqi.core.base.money import format_yuan
from cheqi.ui.forms import MoneyInput, said

Choices = Sequence[tuple[str, str]]
UPPER = {"class": "upper", "autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}
ATTRS: dict[Kind, dict[str, str]] = {
    Kind.ID_NUMBER: UPPER,
    Kind.USCC: UPPER,
    Kind.VIN: UPPER,
    Kind.PLATE: {**UPPER, "placeholder": "浙A12345"},
    Kind.MOBILE: {"inputmode": "tel", "autocomplete": "off", "placeholder": "138 0000 0000"},
    Kind.BANK_CARD: {"inputmode": "numeric", "autocomplete": "off"},
    Kind.WHOLE: {"inputmode": "numeric", "autocomplete": "off"},
    Kind.MONEY: {"inputmode": "decimal", "autocomplete": "off", "class": "money-input", "maxlength": "20"},
}
AUTOFILL = {"name": "name", "employer": "organization", "company_name": "organization"}


class ScreenForm(forms.Form):
    """One screen. `options` are the choices that come from the books, by question."""

    use_required_attribute = False

    def __init__(
        self,
        questions: Sequence[Question],
        answers: Answers,
        typed: Mapping[str, str],
        options: Mapping[str, Choices],
        save_url: str,
    ) -> None:
        data = {one.key: typed.get(one.key, entered(one, answers.get(one.key))) for one in questions}
        super().__init__(data)
        for question in questions:
            field = _field(question, answers, options.get(question.key, ()))
            field.widget.attrs.update(_saving(question, save_url))
            self.fields[question.key] = field
        self.full_clean()
        for question in questions:
            self.fields[question.key].required = question.is_required

    def object_to(self, findings: Sequence[Finding]) -> None:
        """Puts findings beside their fields; those of other screens are left out."""
        for finding in findings:
            if finding.field in self.fields:
                self.add_error(finding.field, said(finding))


def entered(question: Question, value: Value | None) -> str:
    """A kept answer as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if question.kind is Kind.MONEY and isinstance(value, int):
        return format_yuan(value).removeprefix("¥").removesuffix(".00")
    return str(value)


def _field(question: Question, answers: Answers, options: Choices) -> forms.Field:
    language = get_language() or "zh-hans"
    common: dict[str, Any] = {
        "label": question.asked_as(answers).in_language(language),
        "help_text": question.help.in_language(language) if question.help else "",
        "required": False,
    }
    return forms.CharField(**common, widget=_widget(question, options, language))


def _widget(question: Question, options: Choices, language: str) -> forms.Widget:
    if question.kind is Kind.CHOICE:
        return forms.RadioSelect(
            choices=[(key, text.in_language(language)) for key, text in question.choices]
        )
    if question.kind is Kind.YES_NO:
        return forms.RadioSelect(choices=[("true", _("有")), ("false", _("没有"))])
    if question.kind is Kind.PRODUCT:
        return forms.RadioSelect(choices=options)
    if question.kind is Kind.DEALER or options:
        return forms.Select(choices=[("", _("请选择")), *options])
    if question.kind is Kind.DATE:
        return forms.DateInput(attrs={"type": "date"})
    attrs = dict(ATTRS.get(question.kind, {"autocomplete": AUTOFILL.get(question.key, "off")}))
    return MoneyInput(attrs=attrs) if question.kind is Kind.MONEY else forms.TextInput(attrs=attrs)


def _saving(question: Question, save_url: str) -> dict[str, str]:
    """Saves at every change."""
    return {
        "hx-post": f"{save_url}?field={question.key}",
        "hx-trigger": "change",
        "hx-target": f"#q-{question.key}",
        "hx-swap": "outerHTML",
        "hx-include": "closest form",
        "hx-sync": "closest form:queue all",  # one after the other, so that the last answer is the newest
    }
