"""The form of a one-time code that confirms an act."""

from typing import Any, Self

from django import forms

from cheqi.core.base.findings import Refused
from cheqi.ui.forms import CodeField, add_findings


class CodeForm(forms.Form):
    """The six digits of the message."""

    code = CodeField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].widget.attrs["autofocus"] = True

    @classmethod
    def refusing(cls, refused: Refused) -> Self:
        """An empty form that says why the last try did not go through."""
        form = cls({"code": ""})
        form.full_clean()
        form.errors.clear()
        add_findings(form, refused)
        return form
