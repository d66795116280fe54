"""What the desk offers at a step, as a program fills it in: the same deeds, forms and operations.

`ui.casework` holds for each step what can be done there; pages draw a deed's form, this module describes it
as fields (`described`) and turns the JSON that came into what the form takes (`cleaned`), so that both faces
are checked by one form and carried out by one operation. Money is whole fen here, dates are ISO.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cheqi.core.base.findings import Finding, RefusalKind, Refused
from cheqi.core.base.money import FEN_PER_YUAN
from cheqi.core.base.text import Text
from cheqi.core.process.definition import OwnerKind
from cheqi.core.process.engine import workable
from cheqi.foundation.workflow.operations.moving import acting
from cheqi.foundation.workflow.queries import CaseView
from cheqi.ui.casework import Deed, Work, form_of, objections_to
from cheqi.ui.errors import STEP_UP_RULE
from cheqi.ui.forms import MoneyField

Given = str | int | bool | list[str] | None

STEP_UP = Text(
    "需要刚输入的动态验证码：先 POST /api/v1/staff/sessions/step-up，再重发此请求（10 分钟内有效）",
    "Needs a fresh code of the authenticator: POST /api/v1/staff/sessions/step-up, then send this again"
    " (it counts for 10 minutes)",
)
WRONG_TYPE = {
    "money_fen": Text("须为整数分", "Give whole fen"),
    "integer": Text("须为整数", "Give a whole number"),
    "boolean": Text("须为 true 或 false", "Give true or false"),
    "date": Text("须为日期，例如 2026-11-23", "Give a date such as 2026-11-23"),
    "choices": Text("须为列表", "Give a list"),
    "choice": Text("须为文字", "Give a text"),
    "text": Text("须为文字", "Give a text"),
}
UNKNOWN = Text("没有这一项，可填的见 fields", "There is no such field: `fields` names them")


def kind_of(field: forms.Field) -> str:
    """The JSON type in which a program gives a field."""
    kinds: tuple[tuple[type[forms.Field], str], ...] = (
        (MoneyField, "money_fen"),
        (forms.MultipleChoiceField, "choices"),
        (forms.ChoiceField, "choice"),
        (forms.BooleanField, "boolean"),
        (forms.IntegerField, "integer"),
        (forms.DateField, "date"),
    )
    return next((name for kind, name in kinds if isinstance(field, kind)), "text")


def described(deed: Deed, work: Work) -> list[dict[str, Any]]:
    """The fields of a deed with what is known already; none where it takes nothing."""
    form = form_of(deed, work)
    if form is None:
        return []
    return [
        {
            "name": name,
            "kind": kind_of(field),
            "label": str(field.label or name),
            "help": str(field.help_text),
            "is_required": field.required,
            "choices": [
                {"value": str(value), "title": str(title)}
                for value, title in getattr(field, "choices", ())
                if value
            ],
            "known": _plain(form.get_initial_for_field(field, name)),
        }
        for name, field in form.fields.items()
    ]


def cleaned(deed: Deed, given: Mapping[str, Given]) -> Mapping[str, Any] | Refused:
    """What the deed's operation takes, or everything that is wrong with what came."""
    blank = deed.form() if deed.form else forms.Form()
    wrong = tuple(_wrong(blank, given))
    if wrong:
        return Refused(RefusalKind.INVALID, wrong)
    data = {name: _as_typed(blank.fields[name], value) for name, value in given.items() if value is not None}
    form = deed.form(data) if deed.form else forms.Form(data)
    if form.is_valid():
        return form.cleaned_data
    return Refused(RefusalKind.INVALID, tuple(_objections(form.errors.as_data())))


def why_not(deed: Deed, work: Work, view: CaseView) -> tuple[Finding, ...]:
    """What stands in the way of a deed; the fresh code is asked for with the address that takes it."""
    if deed.outcome:
        return with_way(objections_to(deed, work, view))
    if work.step.owner.kind is not OwnerKind.ROLE:
        return ()
    here = acting(work.actor, work.record.branch_id, work.now)
    found = workable(work.record.definition, work.record.state, work.step.key, work.round, here)
    return found.findings if isinstance(found, Refused) else ()


def with_way(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings; one that asks for a fresh code says how a program gives it."""
    return tuple(Finding(STEP_UP_RULE, STEP_UP) if each.rule == STEP_UP_RULE else each for each in findings)


def _wrong(form: forms.Form, given: Mapping[str, Given]) -> list[Finding]:
    """Unknown names and values of another type than the field's."""
    found = []
    for name, value in given.items():
        field = form.fields.get(name)
        if field is None:
            found.append(Finding("api.deed.field", UNKNOWN, field=name))
        elif value is not None and not _FITS[kind_of(field)](value):
            found.append(Finding("api.deed.type", WRONG_TYPE[kind_of(field)], field=name))
    return found


def _is_date(value: Given) -> bool:
    try:
        return isinstance(value, str) and len(value) == len("2026-11-23") and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_text(value: Given) -> bool:
    return isinstance(value, str)


def _is_whole(value: Given) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_FITS: Mapping[str, Callable[[Given], bool]] = {
    "money_fen": _is_whole,
    "integer": _is_whole,
    "boolean": lambda value: isinstance(value, bool),
    "date": _is_date,
    "choices": lambda value: isinstance(value, list),
    "choice": _is_text,
    "text": _is_text,
}


def _as_typed(field: forms.Field, value: Given) -> Any:
    """The value as the form takes it: money in yuan, a date as a date, the rest as it is."""
    if isinstance(field, MoneyField):
        assert isinstance(value, int), "checked by _wrong"
        sign, fen = ("-" if value < 0 else ""), abs(value)
        return f"{sign}{fen // FEN_PER_YUAN}.{fen % FEN_PER_YUAN:02d}"
    if isinstance(field, forms.DateField):
        return date.fromisoformat(str(value))
    return value


def _objections(errors: Mapping[str, Sequence[ValidationError]]) -> list[Finding]:
    """A form's errors as findings, each in the language that is active."""
    return [
        Finding(f"form.{error.code or 'invalid'}", Text(said, said), field="" if name == "__all__" else name)
        for name, raised in errors.items()
        for error in raised
        for said in error.messages
    ]


def _plain(value: Any) -> Given:
    """A first value as JSON."""
    if value is None or isinstance(value, str | int):
        return value
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
