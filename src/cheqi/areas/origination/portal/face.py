"""What an application adds to the tracker: its headline, what waits for the customer, how it ended."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cheqi.areas.origination.crediting import ROLES, asked_about, missing
from cheqi.areas.origination.operations import consents, signing
from cheqi.areas.origination.operations.documents import CHECKS_THEM, TAKES_UPLOADS, takes
from cheqi.areas.origination.operations.replacing import STEP as CHANGES_PEOPLE
from cheqi.areas.origination.operations.reviewing import REFUSAL_REASONS, case_for
from cheqi.areas.origination.portal.slots import card_of, short_name
from cheqi.areas.origination.portal.words import headline
from cheqi.areas.origination.queries import declined_in, slot_rows
from cheqi.areas.origination.returns import returned
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.foundation.documents.queries import documents_of
from cheqi.foundation.paper.models import SignatureRow
from cheqi.foundation.privacy.masking import cover
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.records.applications.choices import Act
from cheqi.records.applications.models import Application, CreditAuthorisation
from cheqi.records.applications.queries import by_case, decisions
from cheqi.records.loans.queries import loan_of_case
from cheqi.ui.faces import Ask, Ending, Face, Link, TrackedCase, face_of
from cheqi.ui.parts import Words

NAMED = 3


def fingerprint(case: TrackedCase, actor: Actor) -> str:
    """Changes with every step of a document, and with every consent or signature of the others while the
    case waits for them; nothing to look at once the case is closed."""
    if not case.is_open:
        return ""
    documents = ",".join(f"{row.id}{row.state}" for row in documents_of(case.case_id, actor))
    return f"{documents};{_done_by_others(case)}"


def _done_by_others(case: TrackedCase) -> str:
    """How many have done their part, where one of their steps is open."""
    if consents.STEP_OF_OTHERS in case.open_steps:
        given = CreditAuthorisation.objects.filter(application__case_id=case.case_id).count()
        return f"{given}-{len(declined_in(case.case_id))}"
    if signing.STEP_OF_OTHERS in case.open_steps:
        return str(SignatureRow.objects.filter(paper__case_id=case.case_id, signed_at=None).count())
    return ""


@face_of("application", fingerprint=fingerprint)
def application_face(case: TrackedCase, actor: Actor, now: datetime) -> Face:
    """The application's part of the tracker."""
    record = case_for(case.case_id, actor)
    if isinstance(record, Refused):
        return Face()
    application = by_case(record.id, actor)
    return Face(
        what=headline(application),
        definition=record.definition,
        asks=_asks(record, actor),
        waits=_waits(record, application),
        notes=_notes(record),
        links=_links(record, actor),
        ending=None if case.is_open else _ending(record, application, actor),
        withdraw_url=reverse("apply:withdraw", args=(case.number,)) if _may_withdraw(record) else "",
    )


def _may_withdraw(case: CaseRecord) -> bool:
    rule = case.definition.withdraw
    if rule is None or not case.state.is_open:
        return False
    until = case.state.steps.get(rule.until)
    return until is None or not until.outcome


def _asks(case: CaseRecord, actor: Actor) -> tuple[Ask, ...]:
    asks: list[Ask] = []
    if case.is_at("submit_online"):
        asks.append(
            Ask(
                key="submit",
                title=_("把申请填完"),
                text=_("填过的内容都还在，填完后核对一遍再提交。"),
                action_label=_("继续填写"),
                action_url=reverse("apply:review", args=(case.number,)),
            )
        )
    if case.is_at(TAKES_UPLOADS) or case.is_at(CHECKS_THEM):
        asks += _document_asks(case, actor)
    if case.is_at("authorise_credit"):
        asks.append(
            Ask(
                key="consent",
                title=_("征信查询授权"),
                text=_("请看完授权书再决定。没有您的授权我们不会查询。"),
                action_label=_("查看授权书"),
                action_url=reverse("apply:consent", args=(case.number,)),
            )
        )
    if case.is_at("sign_contract"):
        asks.append(
            Ask(
                key="contract",
                title=_("签订合同"),
                text=_("请核对金额、期限、月供和年化利率，看过全文后用验证码签字，约 10 分钟。"),
                action_label=_("查看合同"),
                action_url=reverse("apply:contract", args=(case.number,)),
            )
        )
    return tuple(asks)


def _waits(case: CaseRecord, application: Application | None) -> tuple[Words, ...]:
    """Whom the application waits for beside the applicant, by role and masked name."""
    if application is None or not case.state.is_open:
        return ()
    language, waits = get_language() or "zh-hans", []
    is_older = CHANGES_PEOPLE not in case.definition.by_key
    declined = declined_in(case.id) if is_older else ()
    said_no = {one.party_id for one in declined}
    if case.is_at(consents.STEP_OF_OTHERS):
        waits += [
            _("等待{role}授权：{name}").format(
                role=one.title.in_language(language), name=cover("name", one.party.name)
            )
            for one in missing(asked_about(application))
            if not one.is_applicant and one.party.pk not in said_no
        ]
    if case.is_at(signing.STEP_OF_OTHERS):
        waits += [
            _("等待{role}签字：{name}").format(
                role=ROLES[side.role].in_language(language), name=cover("name", side.name)
            )
            for side in signing.others_unsigned(case)
            if side.party_id not in said_no
        ]
    return tuple(waits)


def _notes(case: CaseRecord) -> tuple[Words, ...]:
    """Who said no, by role and masked name, and to what."""
    is_older = CHANGES_PEOPLE not in case.definition.by_key
    if not case.state.is_open or not (is_older or case.is_at(CHANGES_PEOPLE)):
        return ()
    language = get_language() or "zh-hans"
    return tuple(
        _("{role}{name}不同意{act}").format(
            role=ROLES[one.role].in_language(language),
            name=cover("name", one.party.name),
            act=Act(one.act).label,
        )
        for one in declined_in(case.id)
    )


def _document_asks(case: CaseRecord, actor: Actor) -> list[Ask]:
    """What somebody asked for when they returned the case, one card for all that is not there yet, and one
    for each that has to be taken again."""
    cards = [
        card_of(
            row,
            case.number,
            takes_uploads=takes(case, is_required=row.slot.is_required, state=row.state),
        )
        for row in slot_rows(case, actor)
    ]
    again = [card for card in cards if card.upload and card.upload.refused]
    owed = [card for card in cards if card.upload and not card.upload.refused and card.is_required]
    asks = _asked_for_more(case, is_all_there=not again and not owed)
    asks += [
        Ask(
            key=f"slot-{card.key}",
            title=_("{title}需要重拍").format(title=short_name(card.title)),
            template="origination/portal/slot_inside.html",
            card=card,
        )
        for card in again
    ]
    if owed:
        names = _("、").join(short_name(card.title) for card in owed[:NAMED])
        more = _("等") if len(owed) > NAMED else ""
        title = ngettext("上传 {n} 份资料", "上传 {n} 份资料", len(owed)).format(n=len(owed))
        asks.append(
            Ask(
                key="documents",
                title=title,
                text=f"{names}{more}",
                action_label=_("去拍照上传"),
                action_url=reverse("apply:documents", args=(case.number,)),
            )
        )
    return asks


def _asked_for_more(case: CaseRecord, *, is_all_there: bool) -> list[Ask]:
    """What a colleague who returned the case asked for, in their words; where every document is there, also
    without words, since nothing else would say what to do."""
    back = returned(case)
    if back is None or not (back.reason or is_all_there):
        return []
    return [
        Ask(
            key="more",
            title=_("补充或更换资料"),
            text=back.reason or _("我们看了您的资料，还需要您补充或更换。不清楚补什么可以联系客服。"),
            action_label=_("去补充资料"),
            action_url=reverse("apply:documents", args=(case.number,)),
        )
    ]


def _links(case: CaseRecord, actor: Actor) -> tuple[Link, ...]:
    """The papers that there are; for who came by a link they stay behind the log-in."""
    if actor.scope.party_id is None:
        return ()
    links = []
    if case.round_of(TAKES_UPLOADS):
        links.append(Link(_("我的资料"), reverse("apply:documents", args=(case.number,)), "file-text"))
    has_paper = case.data_of("prepare_contract").get("paper_id") is not None
    if has_paper and case.outcome_of("sign_contract") == "sign":
        links += [
            Link(_("合同"), reverse("apply:contract_pdf", args=(case.number,)), "file-check", "PDF"),
            Link(_("还款计划"), reverse("apply:schedule_pdf", args=(case.number,)), "calendar", "PDF"),
        ]
    return tuple(links)


def _ending(case: CaseRecord, application: Application | None, actor: Actor) -> Ending:
    again = Link(_("重新申请"), reverse("apply:start"), "plus")
    if case.status == "DISBURSED":
        view = loan_of_case(case.id, actor)
        url = reverse("apply:loan", args=(view.loan.number,)) if view else ""
        paid = _("贷款已付给经销商。请按还款计划按时还款，合同和计划可以随时下载。")
        return Ending(
            title=_("贷款已发放"),
            sentences=(paid if view else _("贷款已付给经销商。还款安排请以合同为准，有疑问请联系客服。"),),
            links=(Link(_("查看还款计划"), url, "calendar"),) if url and actor.scope.party_id else (),
        )
    if case.status == "REFUSED":
        return Ending(
            title=_("这次没有通过"),
            sentences=(
                _("很遗憾，这笔申请没有通过。下面是我们依据的原因。"),
                _(
                    "如果您认为信息有误，可以向我们提出复核，也可以向征信机构申请更正；情况变化后可以重新申请。"
                ),
            ),
            reasons=_reasons(application, actor),
            links=(again, Link(_("联系客服"), f"tel:{settings.LENDER_PHONE}", "phone")),
        )
    return Ending(
        title=_("申请已撤回"),
        sentences=(_("这笔申请已结束，我们不再办理，也不再查询您的征信。需要时可以重新申请。"),),
        links=(again,),
    )


def _reasons(application: Application | None, actor: Actor) -> tuple[str, ...]:
    """The reviewers' reasons in plain words, each once."""
    if application is None:
        return ()
    language = get_language() or "zh-hans"
    given = [
        REFUSAL_REASONS[code].in_language(language)
        for row in decisions(application.pk, actor)
        if row.opinion == "REFUSE"
        for code in row.reasons
        if code in REFUSAL_REASONS
    ]
    return tuple(dict.fromkeys(given))
