"""Form fields as people fill them in: the right keyboard, the right autofill, the error beside the field.

A form made of these renders with `{{ form }}` or `{% field form.phone %}`; checks of numbers come from
`core.base.identifiers`, and all that is wrong is said at once.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cheqi.core.base.findings import Finding, Refused
from cheqi.core.base.identifiers import check_id_number, check_mobile
from cheqi.core.base.money import FEN_PER_YUAN, format_yuan, parse_yuan


class Renderer(TemplatesSetting):
    """Draws forms with the library's templates."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


def _raise(findings: tuple[Finding, ...]) -> None:
    if findings:
        raise ValidationError([said(finding) for finding in findings])


def said(finding: Finding) -> str:
    """A finding's sentence in the language of the page."""
    return finding.message.in_language(get_language() or "zh-hans")


def add_findings(form: forms.BaseForm, refused: Refused) -> None:
    """Puts every finding of a refusal beside its field, or at the head of the form where it has none."""
    for finding in refused.findings:
        name = finding.field if finding.field in form.fields else None
        form.add_error(name, said(finding))


class PhoneField(forms.CharField):
    """A mobile number: numeric keyboard, autofill, blanks and +86 tolerated."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            attrs={"inputmode": "tel", "autocomplete": "tel-national", "placeholder": "138 0000 0000"}
        )
        defaults: dict[str, Any] = {"label": _("手机号"), "max_length": 20, "widget": widget}
        super().__init__(**(defaults | options))

    def clean(self, value: Any) -> str:
        """Eleven digits, or the reasons why not."""
        digits = str(super().clean(value)).replace(" ", "").replace("-", "").removeprefix("+86")
        if digits:
            _raise(check_mobile(digits))
        return digits


class IdNumberField(forms.CharField):
    """An ID number: letters only for the last place, so the keyboard stays a text one."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "upper",
            }
        )
        defaults: dict[str, Any] = {"label": _("身份证号"), "max_length": 20, "widget": widget}
        super().__init__(**(defaults | options))

    def clean(self, value: Any) -> str:
        """Eighteen places with the right check digit, or the reasons why not."""
        number = str(super().clean(value)).replace(" ", "").upper()
        if number:
            _raise(check_id_number(number))
        return number


class CodeField(forms.CharField):
    """A one-time code: numeric keyboard, filled in from the message by the phone itself."""

    def __init__(self, **options: Any) -> None:
        length = options.pop("length", 6)
        widget = forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "code-input",
                "pattern": f"[0-9 ]{{{length},{length + 2}}}",
            }
        )
        defaults: dict[str, Any] = {"label": _("验证码"), "max_length": length + 2, "widget": widget}
        super().__init__(**(defaults | options))
        self.length = length

    def clean(self, value: Any) -> str:
        """The digits; a wrong count is said before the server is asked."""
        code = str(super().clean(value)).replace(" ", "")
        if code and not (code.isascii() and code.isdigit() and len(code) == self.length):
            raise ValidationError(_("验证码是 %(length)s 位数字"), params={"length": self.length})
        return code


class MoneyInput(forms.TextInput):
    """A text input with ¥ before it and a decimal keyboard."""

    unit = "¥"

    def format_value(self, value: Any) -> str | None:
        """Fen as yuan with thousands separators; what was typed stays as typed."""
        if isinstance(value, int):
            return format_yuan(value).removeprefix("¥")
        shown: str | None = super().format_value(value)
        return shown


class MoneyField(forms.Field):
    """An amount in yuan as people write it (12.5万, 128,600.00); the value is integer fen."""

    default_error_messages = {"invalid": _("请填写金额，例如 128600 或 12.86万")}

    def __init__(self, **options: Any) -> None:
        self.at_least_fen: int | None = options.pop("at_least_fen", 0)
        self.at_most_fen: int | None = options.pop("at_most_fen", None)
        widget = MoneyInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "class": "money-input", "maxlength": "20"}
        )
        super().__init__(**({"widget": widget} | options))

    def to_python(self, value: Any) -> int | None:
        """Fen, or nothing for an empty field."""
        if value in self.empty_values:
            return None
        fen = parse_yuan(str(value).replace("¥", "").strip())
        if fen is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return fen

    def validate(self, value: Any) -> None:
        """Within the limits, which are said in the message."""
        super().validate(value)
        if value is None:
            return
        if self.at_least_fen is not None and value < self.at_least_fen:
            raise ValidationError(
                _("金额不能低于 %(limit)s"), params={"limit": format_yuan(self.at_least_fen)}
            )
        if self.at_most_fen is not None and value > self.at_most_fen:
            raise ValidationError(
                _("金额不能高于 %(limit)s"), params={"limit": format_yuan(self.at_most_fen)}
            )


def yuan(amount: int) -> int:
    """Whole yuan as fen, for limits written in code that declares a form."""
    return amount * FEN_PER_YUAN
