"""The forms before a customer is in."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from cheqi.core.base.findings import Refused
from cheqi.ui.forms import CodeField, PhoneField, add_findings


class MobileForm(forms.Form):
    """The number that the code goes to."""

    mobile = PhoneField(help_text=_("未注册的手机号验证后自动开通"))


class OneTimeCodeForm(forms.Form):
    """The six digits of the message."""

    code = CodeField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].widget.attrs["autofocus"] = True

    @classmethod
    def refusing(cls, refused: Refused) -> Self:
        """An empty form that says why the last code or wish did not go through."""
        form = cls({"code": ""})
        form.full_clean()
        form.errors.clear()
        add_findings(form, refused)
        return form


class TrackForm(forms.Form):
    """Which case, and that the asker knows the number behind it."""

    case_number = forms.CharField(
        label=_("案件编号"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "class": "upper",
                "placeholder": "CQ-2026-000381",
            }
        ),
    )
    mobile_last4 = CodeField(length=4, label=_("手机号后四位"), help_text=_("验证码会发到这个手机号"))

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["mobile_last4"].widget.attrs["autocomplete"] = "off"
