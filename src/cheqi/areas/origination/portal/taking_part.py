"""The case as a co-borrower or guarantor may see it: how far it is, and what they are asked to do.

They read the consent that is theirs and the contract that they sign; of the others they see a masked name.
Why an application was refused is the applicant's to know.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cheqi.areas.origination.crediting import ROLES, purpose_for
from cheqi.areas.origination.operations import signing
from cheqi.areas.origination.portal.words import headline
from cheqi.areas.origination.queries import has_declined
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.foundation.paper.models import SignatureRow
from cheqi.foundation.privacy.masking import cover
from cheqi.foundation.workflow.models import Case
from cheqi.foundation.workflow.queries import progress
from cheqi.records.applications.models import ApplicationParty, CreditAuthorisation
from cheqi.records.applications.queries import borrower
from cheqi.ui.faces import Ask, Link, Part, TrackedCase, parts_of

MOST = 3


@dataclass(frozen=True, slots=True)
class Share:
    """One's own share in a case: the role, the consent as far as it is asked, the signature."""

    row: ApplicationParty
    case: TrackedCase
    must_consent: bool
    has_consented: bool
    side: SignatureRow | None
    has_declined: bool = False

    @property
    def owes_consent(self) -> bool:
        """Whether the credit enquiry waits for this person."""
        return self.may_consent and not self.has_declined

    @property
    def may_consent(self) -> bool:
        """Whether this person can still authorise the enquiry, also after saying no."""
        return self.case.is_open and self.must_consent and not self.has_consented

    @property
    def owes_signature(self) -> bool:
        """Whether the contract waits for this person."""
        signs = {signing.STEP, signing.STEP_OF_OTHERS} & self.case.open_steps
        return bool(signs) and self.side is not None and self.side.signed_at is None


@parts_of
def parts(actor: Actor, now: datetime) -> tuple[Part, ...]:
    """The newest applications of others in which the actor takes part."""
    rows = ApplicationParty.objects.filter(
        party_id=actor.scope.party_id or 0, application__submitted_at__isnull=False
    ).select_related("party", "application__vehicle", "application__product_version__product")
    found = {row.application.case_id: row for row in rows.order_by("-application_id")[: 2 * MOST]}
    own = Case.objects.filter(pk__in=[pk for pk in found if pk], party_id=actor.scope.party_id)
    mine = set(own.values_list("pk", flat=True))
    of_others = [row for case_id, row in found.items() if case_id and case_id not in mine][:MOST]
    return tuple(_part(share) for row in of_others if (share := _share(row)) is not None)


def _share(row: ApplicationParty) -> Share | None:
    answer = progress(row.application.case_id or 0, SYSTEM)
    if answer is None:
        return None
    body = msgspec.json.decode(answer.body)
    given = CreditAuthorisation.objects.filter(application_id=row.application_id, party_id=row.party_id)
    sides = SignatureRow.objects.filter(party_id=row.party_id, paper__case_id=answer.case_id)
    return Share(
        row=row,
        case=TrackedCase(answer.case_id, body["number"], body),
        must_consent=purpose_for(row) is not None,
        has_consented=given.exists(),
        side=sides.exclude(paper__state="VOID").order_by("-pk").first(),
        has_declined=has_declined(answer.case_id, row.party_id),
    )


def _part(share: Share) -> Part:
    return Part(
        case=share.case,
        role=ROLES[share.row.role].in_language(get_language() or "zh-hans"),
        whose=cover("name", borrower(share.row.application_id).name),
        what=headline(share.row.application),
        sentence=_sentence(share),
        asks=_asks(share),
        links=_links(share),
    )


def _sentence(share: Share) -> str:
    """What happens with one's own share, in a sentence."""
    if share.has_declined and share.case.is_open:
        return _("您已表示不同意，我们已告诉申请人和客户经理")
    if share.owes_signature:
        return _("合同已准备好，请您阅读并签字")
    if share.owes_consent:
        return _("请您授权征信查询")
    if not share.case.is_open:
        is_paid = share.case.answer["status"]["key"] == "DISBURSED"
        return _("贷款已发放") if is_paid else _("这笔申请已结束")
    if share.side is not None and share.side.signed_at is not None:
        return _("您已签字，现在不用再做什么")
    return _("您已授权，轮到您签字时会通知您")


def _asks(share: Share) -> tuple[Ask, ...]:
    number = share.case.number
    asks = []
    if share.owes_consent:
        asks.append(
            Ask(
                key="consent",
                title=_("征信查询授权"),
                text=_("请看完授权书再决定。没有您的授权我们不会查询您的征信。"),
                action_label=_("查看授权书"),
                action_url=reverse("apply:consent", args=(number,)),
            )
        )
    if share.owes_signature:
        asks.append(
            Ask(
                key="contract",
                title=_("签订合同"),
                text=_("您签字后与借款人一起承担合同写明的责任，请核对金额、期限、利率并看过全文再签。"),
                action_label=_("查看合同"),
                action_url=reverse("apply:contract", args=(number,)),
            )
        )
    return tuple(asks)


def _links(share: Share) -> tuple[Link, ...]:
    """The contract, once one has signed it oneself; the consent, for who said no and thinks again."""
    if share.has_declined and share.may_consent:
        url = reverse("apply:consent", args=(share.case.number,))
        return (Link(_("改变主意了，再看授权书"), url, "file-text"),)
    if share.side is None or share.side.signed_at is None:
        return ()
    return (Link(_("合同"), reverse("apply:contract_pdf", args=(share.case.number,)), "file-check", "PDF"),)
