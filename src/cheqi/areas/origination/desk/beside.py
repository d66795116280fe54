"""Somebody beside the applicant declined: the client manager asks again, replaces them, or goes on without
them."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cheqi.areas.origination.operations import replacing
from cheqi.areas.origination.operations.replacing import NewPerson
from cheqi.areas.origination.standings import Standing, standings
from cheqi.foundation.privacy.masking import mask
from cheqi.records.applications.queries import by_case
from cheqi.ui.casework import Deed, Panel, Work
from cheqi.ui.choices import Badge, Tone
from cheqi.ui.forms import IdNumberField, PhoneField

BESIDE = ("CO_BORROWER", "GUARANTOR")


class WhoForm(forms.Form):
    """Who it is about, and why."""

    party = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("与申请人商量的结果，留作记录"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Its fields have ids of their own: the forms stand on one page, each in its dialog."""
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.lower()}-%s", **options})


class RemoveForm(WhoForm):
    """Who is left out, and why."""


class ReplaceForm(WhoForm):
    """Who takes the place."""

    name = forms.CharField(label=gettext_lazy("新的人：姓名"), max_length=60)
    id_number = IdNumberField(label=gettext_lazy("新的人：身份证号"))
    mobile = PhoneField(
        label=gettext_lazy("新的人：手机号"), help_text=gettext_lazy("本人在用的，与申请里其他人不同")
    )
    field_order = ("party", "name", "id_number", "mobile", "reason")


def beside(work: Work) -> tuple[Standing, ...]:
    """Everybody beside the applicant who can be replaced; who declined comes first and is settled first."""
    application = by_case(work.record.id, work.actor)
    found = standings(work.record, application) if application else ()
    mine = [one for one in found if one.role in BESIDE]
    return tuple(sorted(mine, key=lambda one: not one.has_declined))


def context(work: Work) -> Mapping[str, Any]:
    """Who they are, and whom the buttons are about."""
    language = get_language() or "zh-hans"
    people = [
        (
            one.title.in_language(language),
            mask("name", one.party.name, work.actor),
            mask("mobile", one.party.mobile, work.actor),
            _badge(one),
        )
        for one in beside(work)
    ]
    return {"people": people, "about": people[0][:2] if people else None}


def _badge(one: Standing) -> Badge:
    if one.has_declined:
        return Badge(_("不同意"), Tone.BAD)
    return Badge(_("已授权"), Tone.OK) if one.consented_at else Badge(_("待授权"), Tone.WARN)


def about_first(kind: type[WhoForm]) -> Callable[[Work], forms.Form]:
    """The form about who is settled first."""

    def made(work: Work) -> forms.Form:
        people = beside(work)
        return kind(initial={"party": people[0].party.pk if people else 0})

    return made


def ask_again(work: Work, given: Mapping[str, Any], key: str) -> object:
    """Asks the same person once more."""
    return replacing.ask_again(
        case_id=work.record.id,
        party_id=given["party"],
        reason=given["reason"],
        actor=work.actor,
        now=work.now,
        key=key,
    )


def remove(work: Work, given: Mapping[str, Any], key: str) -> object:
    """Goes on without this person."""
    return replacing.remove_person(
        case_id=work.record.id,
        party_id=given["party"],
        reason=given["reason"],
        actor=work.actor,
        now=work.now,
        key=key,
    )


def replace(work: Work, given: Mapping[str, Any], key: str) -> object:
    """Puts somebody else in the place."""
    return replacing.replace_person(
        case_id=work.record.id,
        party_id=given["party"],
        by=NewPerson(name=given["name"], id_number=given["id_number"], mobile=given["mobile"]),
        reason=given["reason"],
        actor=work.actor,
        now=work.now,
        key=key,
    )


PANEL = Panel(
    template="origination/desk/beside.html",
    context=context,
    deeds=(
        Deed(
            key="ask_again",
            label=gettext_lazy("请本人再考虑"),
            outcome="asked_again",
            form=WhoForm,
            form_for=about_first(WhoForm),
            run=ask_again,
            hint=gettext_lazy("会再次通知本人，由本人在自己的手机上决定。"),
            said=gettext_lazy("已请本人再考虑"),
        ),
        Deed(
            key="remove",
            label=gettext_lazy("不要这个人"),
            outcome="changed",
            form=RemoveForm,
            form_for=about_first(RemoveForm),
            run=remove,
            is_danger=True,
            hint=gettext_lazy("没有这个人，准入和审批会重新进行；审批要求有人担保时可能通不过。"),
            said=gettext_lazy("已去掉这个人，后面的步骤重新进行"),
        ),
        Deed(
            key="replace",
            label=gettext_lazy("换人"),
            outcome="changed",
            form=ReplaceForm,
            form_for=about_first(ReplaceForm),
            run=replace,
            is_primary=True,
            hint=gettext_lazy("新的人要交证件、本人授权征信，准入和审批重新进行。"),
            said=gettext_lazy("已换人，后面的步骤重新进行"),
        ),
    ),
)
