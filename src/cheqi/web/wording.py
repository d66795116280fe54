"""The words of the codes that events carry, by the name of the place in the sentence.

Example: the place `opinion` of a decision holds APPROVE; its word is the label that the page shows, 同意.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.utils import translation

from cheqi.areas.origination.operations.reviewing import REFUSAL_REASONS
from cheqi.core.base.rates import format_percent
from cheqi.core.base.text import Text
from cheqi.core.documents.fields import FIELDS, title_of
from cheqi.core.documents.kinds import Kind
from cheqi.core.events import access, contract, documents, estimates, lending, messages, outside, process
from cheqi.core.events.base import Event
from cheqi.core.process.definition import Definition
from cheqi.foundation.documents.reasons import REASONS
from cheqi.foundation.documents.titles import slot_title
from cheqi.foundation.exchanges.queries import TITLES as REQUESTS
from cheqi.foundation.messages.templating import catalogue
from cheqi.foundation.paper.choices import PaperKind
from cheqi.foundation.staff.roles import ROLES
from cheqi.insight.estimates.choices import MOVED
from cheqi.records.agreements.choices import Signer
from cheqi.records.applications.choices import Opinion, PartyRole
from cheqi.records.liens.choices import LienState, TitleHolder
from cheqi.records.parties.choices import FactOrigin

SYSTEMS: Mapping[str, Text] = {
    "credit_bureau": Text("征信机构", "credit bureau"),
    "payments": Text("银行", "bank"),
    "vehicle_registry": Text("车管所", "vehicle registry"),
    "sms": Text("短信服务商", "SMS provider"),
    "mail": Text("邮件服务", "mail service"),
}
TASKS: Mapping[str, Text] = {
    "access.deliver_webhooks": Text("通知合作方系统", "Tell partners' systems"),
    "access.hand_over_code": Text("发送验证码", "Send a one-time code"),
    "documents.read": Text("识别资料", "Read a document"),
    "eventlog.deliver": Text("补送事件", "Deliver events again"),
    "exchanges.drive": Text("发送外部请求", "Drive a request"),
    "messages.drive": Text("发送消息", "Send a message"),
    "workflow.ring": Text("提醒与时限", "Reminders and targets"),
    "workflow.run_step": Text("自动办理步骤", "Run an automatic step"),
}
BALLS: Mapping[str, Text] = {
    "us": Text("轮到我们办理", "is ours to do"),
    "customer": Text("等客户办理", "waits for the customer"),
    "co_signer": Text("等共同借款人或担保人办理", "waits for the co-borrower or guarantor"),
    "registry": Text("等车管所答复", "waits for the vehicle registry"),
    "bank": Text("等银行答复", "waits for the bank"),
    "bureau": Text("等征信机构答复", "waits for the credit bureau"),
    "insurer": Text("等保险公司答复", "waits for the insurer"),
    "dealer": Text("等经销商答复", "waits for the dealer"),
    "partner": Text("等合作方答复", "waits for the partner"),
}
CHANNELS: Mapping[str, Text] = {
    "SMS": Text("短信", "short message"),
    "MAIL": Text("邮件", "e-mail"),
    "IN_APP": Text("站内消息", "in-app message"),
    "CALL": Text("电话", "telephone"),
    "VISIT": Text("上门", "visit"),
}
CHOICES: Mapping[str, Text] = {"ON": Text("打开", "turned on"), "OFF": Text("关闭", "turned off")}
WAYS: Mapping[str, Text] = {
    "PORTAL": Text("在消息设置里", "in the message settings"),
    "MAIL_LINK": Text("通过邮件里的链接", "by the link in a mail"),
}
PURPOSES: Mapping[str, Text] = {
    "SECURITY": Text("安全验证", "security"),
    "SERVICE": Text("业务办理", "service"),
    "PROGRESS": Text("进度与提醒", "progress and reminders"),
    "COLLECTION": Text("催收", "collection"),
    "MARKETING": Text("营销", "marketing"),
    "LOGIN": Text("登录", "log-in"),
    "TRACKER": Text("查进度", "tracking a case"),
    "CONSENT": Text("授权", "consent"),
    "SIGN": Text("签字", "signing"),
    "贷款审批": Text("贷款审批", "the loan decision"),
}
ANSWERS: Mapping[str, Text] = {
    "DONE": Text("已办成", "done"),
    "FAILED": Text("被拒绝", "declined"),
    "CORRECTED": Text("更正了结果", "corrected"),
}
POLICY: Mapping[str, Text] = {
    "PASS": Text("通过", "passed"),
    "REFER": Text("转人工审核", "for a reviewer"),
    "REFUSE": Text("不准入", "refused"),
}
OCCASIONS: Mapping[str, Text] = {
    "enrolment": Text("绑定身份验证器", "setting up the authenticator"),
    "log_in": Text("登录", "log-in"),
    "step_up": Text("敏感操作", "a sensitive action"),
}
ACTS: Mapping[str, Text] = {
    "CONSENT": Text("征信授权", "the credit enquiry"),
    "SIGN": Text("在合同上签字", "to sign the contract"),
}
FAILURES: Mapping[str, Text] = {
    "EXPIRED": Text("已过有效期", "it had expired"),
    "NO_RECIPIENT": Text("找不到收件人", "no recipient"),
    "DISCARDED": Text("已放弃", "given up"),
    "NO_CHANNEL": Text("没有可用的联系方式", "no way to reach the person"),
}
FACTS: Mapping[str, Text] = {
    "name": Text("姓名", "name"),
    "id_number": Text("证件号码", "ID number"),
    "birth_date": Text("出生日期", "date of birth"),
    "address": Text("住址", "address"),
    "mobile": Text("手机号", "mobile"),
    "number": Text("账号", "account number"),
    "account": Text("收款账户", "payee's account"),
    "picture": Text("资料原图", "picture of a document"),
    "paper": Text("合同文件", "paper"),
    "price_fen": Text("车价", "price"),
    "down_payment_fen": Text("首付", "down payment"),
    "amount_fen": Text("贷款额", "loan amount"),
    "term_months": Text("期限", "term"),
    "roles": Text("参与人", "parties"),
    "monthly_income_fen": Text("月收入", "monthly income"),
    "product_version": Text("产品", "product"),
    "product_version_id": Text("产品", "product"),
    "vehicle_id": Text("车辆", "car"),
    "dealer_id": Text("经销商", "dealer"),
    "collection_account_id": Text("还款卡", "repayment account"),
    "customer_type": Text("客户类型", "customer type"),
}
ROLE_CHANGES: Mapping[str, Text] = {
    "GRANT": Text("授予", "grant"),
    "REVOKE": Text("收回", "revoke"),
    "CONFIRMED": Text("已确认", "confirmed"),
    "REJECTED": Text("已否决", "rejected"),
}
NOBODY: Mapping[int, str] = MappingProxyType({})
_OTHER_REASON = Text("其他原因", "another reason")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word stands: the event, the process that it belongs to, the language."""

    event: Event
    definition: Definition | None
    language: str
    colleagues: Mapping[int, str] = field(default_factory=dict)

    def of(self, words: Mapping[str, Text], value: object) -> str | None:
        """The word of a code, where there is one."""
        found = words.get(str(value))
        return found.in_language(self.language) if found else None

    def joined(self, found: Iterable[str]) -> str:
        """Several words beside each other."""
        return (", " if self.language.startswith("en") else "、").join(found)


def _title(at: Place, logged: str) -> str | None:
    """What the event is about: a step, a process, a status, a document, a paper or a message."""
    event, process_ = at.event, at.definition
    if isinstance(event, process.CaseOpened) and process_ is not None:
        return process_.title.in_language(at.language)
    if isinstance(event, process.CaseClosed) and process_ is not None:
        return at.of(process_.statuses, event.status)
    slot = getattr(event, "slot", "")
    if slot:
        return slot_title(slot).in_language(at.language)
    template = catalogue().get(getattr(event, "template", ""))
    if template is not None:
        return template.title.in_language(at.language)
    step = process_.by_key.get(getattr(event, "step", "")) if process_ else None
    if step is not None:
        return step.title.in_language(at.language)
    if type(event).TYPE.startswith("contract."):
        return _paper(logged)
    return _document(logged, at.language)


def _paper(logged: str) -> str | None:
    """A paper's title by the Chinese one that was logged; in the language that is active."""
    with translation.override("zh-hans"):
        kinds = {str(kind.label): kind for kind in PaperKind}
    return str(kinds[logged].label) if logged in kinds else None


def _document(logged: str, language: str) -> str | None:
    """A document's title by the Chinese one that was logged."""
    for kind in Kind:
        title = slot_title(kind.value)
        if title.zh == logged:
            return title.in_language(language)
    return None


def _because_of(at: Place, logged: str) -> str | None:
    steps = at.definition.steps if at.definition else ()
    return next((step.title.in_language(at.language) for step in steps if step.title.zh == logged), None)


def _outcome(at: Place, logged: str) -> str | None:
    event = at.event
    if isinstance(event, outside.ExchangeAnswered):
        return at.of(ANSWERS, logged)
    if isinstance(event, lending.CreditPolicyChecked):
        return at.of(POLICY, logged)
    step = at.definition.by_key.get(getattr(event, "step", "")) if at.definition else None
    titles = [one.title for one in step.outcomes if one.title] if step else []
    done = Text("完成", "done")
    return next((one.in_language(at.language) for one in (*titles, done) if one.zh == logged), None)


def _reason(at: Place, logged: str) -> str | None:
    """A reason that has both languages; what a person wrote stays as written."""
    event = at.event
    if (
        isinstance(event, documents.DocumentRejected | documents.DocumentSetAside)
        and event.reason_code in REASONS
    ):
        return REASONS[event.reason_code].sentence.in_language(at.language)
    if isinstance(event, estimates.EstimateMoved):
        return at.of(MOVED, event.because)
    return None


def _field(at: Place, logged: str) -> str | None:
    if isinstance(at.event, access.Unmasked):
        return at.of(FACTS, logged)
    kind = next((one for one in FIELDS if any(each.key == logged for each in FIELDS[one])), Kind.UNKNOWN)
    return title_of(kind, logged).in_language(at.language)


def _signed_by(at: Place, logged: str) -> str | None:
    """Who signed a paper; the printed Chinese title stays in Chinese."""
    if not at.language.startswith("en"):
        return None
    role = at.event.role if isinstance(at.event, contract.PaperSigned) else ""
    known = {one.value for one in PartyRole}
    if role in known:
        return str(PartyRole(role).label).lower()
    return str(Signer.LENDER.label).lower() if role == "LENDER" else None


def _channel(at: Place, logged: str) -> str | None:
    by_word = {word.zh: word for word in CHANNELS.values()}
    return at.of(CHANNELS, logged) or at.of(by_word, logged)


def _code(at: Place, logged: str) -> str | None:
    if not isinstance(at.event, messages.MessageFailed):
        return None
    return at.of(FAILURES, logged) or _OTHER_REASON.in_language(at.language)


def _roles(at: Place, logged: str) -> str:
    titles = {key: role.title for key, role in ROLES.items()}
    return at.joined(at.of(titles, key) or key for key in logged.split("、"))


def _label(choices: Any) -> Callable[[Place, Any], str | None]:
    return lambda _at, value: str(choices(value).label) if value in choices.values else None


def _among(words: Mapping[str, Text]) -> Callable[[Place, Any], str | None]:
    return lambda at, value: at.of(words, value)


def _assigned(at: Place, logged: str) -> str | None:
    english = at.event.assigned_en if isinstance(at.event, process.StepOpened) else ""
    return english or None if at.language.startswith("en") else None


def _process(at: Place, logged: str) -> str | None:
    return at.definition.title.in_language(at.language) if at.definition else None


def _colleague(at: Place, member_id: int) -> str | None:
    return at.colleagues.get(member_id)


def _request(at: Place, logged: str) -> str | None:
    return at.of(REQUESTS, f"{getattr(at.event, 'port', '')}.{logged}")


def _reasons(at: Place, logged: tuple[str, ...]) -> str:
    return at.joined(at.of(REFUSAL_REASONS, code) or code for code in logged)


def _fields(at: Place, logged: tuple[str, ...]) -> str:
    return at.joined(dict.fromkeys(at.of(FACTS, name) or name for name in logged))


WORDS: Mapping[str, Callable[[Place, Any], str | None]] = {
    "title": _title,
    "because_of": _because_of,
    "outcome": _outcome,
    "reason": _reason,
    "reasons": _reasons,
    "field": _field,
    "fields": _fields,
    "role_title": _signed_by,
    "channel": _channel,
    "code": _code,
    "escalated_to": _roles,
    "role": _roles,
    "kind": _among(ROLE_CHANGES),
    "state": _among(ROLE_CHANGES),
    "assigned": _assigned,
    "operation": _request,
    "port": _among(SYSTEMS),
    "ball": _among(BALLS),
    "choice": _among(CHOICES),
    "way": _among(WAYS),
    "purpose": _among(PURPOSES),
    "occasion": _among(OCCASIONS),
    "opinion": _label(Opinion),
    "party_role": _label(PartyRole),
    "act": _among(ACTS),
    "origin": _label(FactOrigin),
    "to_state": _label(LienState),
    "holder": _label(TitleHolder),
    "signer": _label(Signer),
    "process": _process,
    "delegate_id": _colleague,
    "task": _among(TASKS),
    "annual_rate": lambda _at, rate: format_percent(rate) if isinstance(rate, Decimal) else None,
}


def actor_name(logged: str) -> str:
    """The name of who acted; 系统 and 客户, which stand for one, in the language of the page."""
    return {"系统": translation.gettext("系统"), "客户": translation.gettext("客户")}.get(logged, logged)


def in_words(words: Mapping[str, Text], code: str, language: str) -> str:
    """A code as a page says it; the code itself where nobody gave it words."""
    return words[code].in_language(language) if code in words else code
