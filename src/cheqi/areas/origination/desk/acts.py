"""Consent and signature at the desk: who has done it, who is missing, and each one's own code.

The person reads the text or the contract on the colleague's screen; the code comes to their own phone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cheqi.areas.origination.crediting import asked_about
from cheqi.areas.origination.operations import assisting
from cheqi.areas.origination.operations.assisting import Act
from cheqi.areas.origination.operations.consents import ConsentText, consent_text
from cheqi.areas.origination.standings import Standing, standings
from cheqi.foundation.privacy.masking import mask
from cheqi.records.applications.queries import by_case
from cheqi.ui.casework import Deed, Panel, Work
from cheqi.ui.choices import Badge, Tone
from cheqi.ui.forms import CodeField


@dataclass(frozen=True, slots=True)
class Line:
    """One person as the page shows them; `is_owed` while the act waits for them."""

    party_id: int
    role: str
    name: str
    mobile: str
    badge: Badge
    done_at: datetime | None
    is_owed: bool
    text: ConsentText | None
    contract_url: str
    has_read: bool


class PersonForm(forms.Form):
    """Whom the code goes to."""

    party = forms.IntegerField(widget=forms.HiddenInput)


class CodeForm(forms.Form):
    """What the person read out."""

    party = forms.IntegerField(widget=forms.HiddenInput)
    code = CodeField()


def context_of(act: Act) -> Callable[[Work], Mapping[str, Any]]:
    """The page's people for one act."""

    def context(work: Work) -> Mapping[str, Any]:
        application = by_case(work.record.id, work.actor)
        if application is None:
            return {}
        asked = asked_about(application)
        texts = {one.party.pk: consent_text(one, work.now) for one in asked}
        people = [
            _line(work, one, act, texts.get(one.party.pk))
            for one in standings(work.record, application, asked)
            if (one.must_consent if act is Act.CONSENT else one.signs)
        ]
        return {
            "people": people,
            "is_consent": act is Act.CONSENT,
            "may_assist": work.actor.has_role(*assisting.ASSISTS),
            "title": _("征信查询授权") if act is Act.CONSENT else _("签订合同"),
        }

    return context


def _line(work: Work, one: Standing, act: Act, text: ConsentText | None) -> Line:
    done_at = one.consented_at if act is Act.CONSENT else one.signed_at
    words = (_("已授权"), _("待授权")) if act is Act.CONSENT else (_("已签字"), _("待签字"))
    badge = Badge(words[0], Tone.OK) if done_at else Badge(words[1], Tone.WARN)
    if not done_at and one.has_declined:
        badge = Badge(_("不同意"), Tone.BAD)
    return Line(
        party_id=one.party.pk,
        role=one.title.in_language(get_language() or "zh-hans"),
        name=mask("name", one.party.name, work.actor),
        mobile=mask("mobile", one.party.mobile, work.actor),
        badge=badge,
        done_at=done_at,
        is_owed=done_at is None,
        text=text if act is Act.CONSENT else None,
        contract_url=reverse("application_desk:contract", args=[work.record.number, one.party.pk]),
        has_read=one.has_read,
    )


def panel_of(act: Act) -> Panel:
    """The page of the steps in which people consent, or sign."""

    def send(work: Work, given: Mapping[str, Any], key: str) -> object:
        return assisting.request_code_at_desk(
            case_id=work.record.id, party_id=given["party"], act=act, actor=work.actor, now=work.now
        )

    def take(work: Work, given: Mapping[str, Any], key: str) -> object:
        return assisting.take_code_at_desk(
            case_id=work.record.id,
            party_id=given["party"],
            act=act,
            code=given["code"],
            actor=work.actor,
            now=work.now,
            key=f"{key}:{given['party']}"[:100],
        )

    return Panel(
        template="origination/desk/acts.html",
        context=context_of(act),
        deeds=(
            Deed(
                key="send",
                label=gettext_lazy("发送验证码"),
                form=PersonForm,
                run=send,
                said=gettext_lazy("验证码已发到本人手机，5 分钟内有效"),
            ),
            Deed(
                key="take",
                label=gettext_lazy("确认"),
                form=CodeForm,
                run=take,
                said=gettext_lazy("已记录本人的确认"),
            ),
        ),
    )


CONSENT = panel_of(Act.CONSENT)
SIGN = panel_of(Act.SIGN)
