"""What happens to applications, agreements, liens and loans."""

from datetime import date
from decimal import Decimal

from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event, personal


@event
class PartyRecorded(Event):
    """A person or company was entered."""

    TYPE = "lending.party_recorded"
    SENTENCE = Text("登记客户 {name}", "Recorded the customer {name}")
    party_id: int
    name: str = personal()

    @property
    def subject(self) -> str:
        return f"party:{self.party_id}"


@event
class PartyFactsVerified(Event):
    """Facts about a party were taken over from a document or a system."""

    TYPE = "lending.party_facts_verified"
    SENTENCE = Text("核实客户信息 {fields}（来源 {origin}）", "Verified {fields} (source {origin})")
    party_id: int
    fields: tuple[str, ...]
    origin: str
    document_id: int | None = None

    @property
    def subject(self) -> str:
        return f"party:{self.party_id}"


@event
class DealerAccountSet(Event):
    """The account that a dealer is paid to was entered or changed; the bank has to confirm it."""

    TYPE = "lending.dealer_account_set"
    SENTENCE = Text(
        "登记经销商 {name} 的收款账户，尾号 {last4}",
        "Set the account of the dealer {name}, ending {last4}",
    )
    dealer_id: int
    name: str
    was_last4: str
    last4: str

    @property
    def subject(self) -> str:
        return f"dealer:{self.dealer_id}"


class _ApplicationEvent(Event):
    """Where the events of one application point to."""

    application_id: int

    @property
    def subject(self) -> str:
        return f"application:{self.application_id}"


@event
class ApplicationCreated(_ApplicationEvent):
    """An application was started."""

    TYPE = "lending.application_created"
    SENTENCE = Text(
        "新建申请 {number}，贷款 {amount_fen}，{term_months} 期",
        "Started {number}: {amount_fen} over {term_months} months",
    )
    for_customer = True
    CUSTOMER_SENTENCE = Text("申请 {number} 已建立", "Your application {number} was started")
    application_id: int
    number: str
    amount_fen: int
    term_months: int
    channel: str


@event
class ApplicationChanged(_ApplicationEvent):
    """Figures or parties of an application were changed before the decision."""

    TYPE = "lending.application_changed"
    SENTENCE = Text("修改申请 {number}：{fields}", "Changed {number}: {fields}")
    application_id: int
    number: str
    fields: tuple[str, ...]


@event
class ApplicationSubmitted(_ApplicationEvent):
    """The application is complete as the customer sees it."""

    TYPE = "lending.application_submitted"
    SENTENCE = Text("提交申请 {number}", "Submitted {number}")
    for_customer = True
    CUSTOMER_SENTENCE = Text("申请 {number} 已提交", "Your application {number} was sent")
    application_id: int
    number: str


@event
class CreditAuthorised(_ApplicationEvent):
    """A person consented to the credit enquiry; the hash says to which text."""

    TYPE = "lending.credit_authorised"
    SENTENCE = Text("客户授权征信查询（{purpose}）", "Credit enquiry authorised ({purpose})")
    for_customer = True
    CUSTOMER_SENTENCE = Text("您已授权征信查询", "You authorised the credit enquiry")
    application_id: int
    purpose: str
    text_sha256: str
    method: str


@event
class OtherAuthorisedCredit(_ApplicationEvent):
    """Somebody beside the applicant consented to the enquiry about themselves."""

    TYPE = "lending.other_authorised_credit"
    SENTENCE = Text(
        "{role_title}授权征信查询（{purpose}）", "Credit enquiry authorised: {role_title} ({purpose})"
    )
    for_customer = True
    CUSTOMER_SENTENCE = Text("{role_title}已授权征信查询", "Credit enquiry authorised: {role_title}")
    application_id: int
    role_title: str
    purpose: str
    text_sha256: str
    method: str


@event
class PersonDeclined(_ApplicationEvent):
    """A co-borrower or guarantor does not want to take part."""

    TYPE = "lending.person_declined"
    SENTENCE = Text("{party_role}不同意{act}", "{party_role} declined {act}")
    for_customer = True
    CUSTOMER_SENTENCE = Text("{party_role}不同意{act}", "{party_role} declined {act}")
    application_id: int
    party_role: str
    act: str


@event
class PersonAskedAgain(_ApplicationEvent):
    """Somebody who had declined is asked again."""

    TYPE = "lending.person_asked_again"
    SENTENCE = Text("请{party_role}再考虑：{reason}", "{party_role} is asked again: {reason}")
    for_customer = True
    CUSTOMER_SENTENCE = Text("已请{party_role}再考虑", "{party_role} is asked again")
    application_id: int
    party_role: str
    reason: str


@event
class PersonReplaced(_ApplicationEvent):
    """Somebody else is the co-borrower or guarantor now."""

    TYPE = "lending.person_replaced"
    SENTENCE = Text("{party_role}换人：{reason}", "{party_role} replaced: {reason}")
    for_customer = True
    CUSTOMER_SENTENCE = Text("{party_role}已换人", "{party_role} replaced by somebody else")
    application_id: int
    party_role: str
    reason: str


@event
class PersonRemoved(_ApplicationEvent):
    """The application goes on without the co-borrower or guarantor."""

    TYPE = "lending.person_removed"
    SENTENCE = Text("申请里不再有{party_role}：{reason}", "{party_role} left out: {reason}")
    for_customer = True
    CUSTOMER_SENTENCE = Text("申请里不再有{party_role}", "{party_role} left out")
    application_id: int
    party_role: str
    reason: str


@event
class CreditReportReceived(_ApplicationEvent):
    """The bureau answered."""

    TYPE = "lending.credit_report_received"
    SENTENCE = Text("收到征信结果 {reference}", "Received credit report {reference}")
    application_id: int
    reference: str


@event
class OfferCalculated(_ApplicationEvent):
    """The offer that the decision is made on."""

    TYPE = "lending.offer_calculated"
    SENTENCE = Text(
        "计算方案：月供 {installment_fen}，年化利率 {annual_rate}",
        "Offer: {installment_fen} a month, annual rate {annual_rate}",
    )
    application_id: int
    amount_fen: int
    installment_fen: int
    annual_rate: Decimal
    findings: tuple[str, ...]
    sha256: str


@event
class CreditPolicyChecked(_ApplicationEvent):
    """The credit policy was asked; every rule that objected is named."""

    TYPE = "lending.credit_policy_checked"
    SENTENCE = Text(
        "准入规则第 {pack_version} 版：{outcome}", "Credit policy version {pack_version}: {outcome}"
    )
    application_id: int
    outcome: str
    rules: tuple[str, ...]
    pack_version: int


@event
class CreditDecided(_ApplicationEvent):
    """One reviewer decided."""

    TYPE = "lending.credit_decided"
    SENTENCE = Text("审批意见 {opinion}（第 {round} 轮）", "Decided {opinion} (round {round})")
    application_id: int
    step: str
    round: int
    opinion: str
    reasons: tuple[str, ...]


class _AgreementEvent(Event):
    """Where the events of one agreement point to."""

    agreement_id: int

    @property
    def subject(self) -> str:
        return f"agreement:{self.agreement_id}"


@event
class AgreementPrepared(_AgreementEvent):
    """Terms were frozen; their hash says which."""

    TYPE = "lending.agreement_prepared"
    SENTENCE = Text(
        "生成合同 {number}，年化利率 {annual_rate}", "Prepared agreement {number}, annual rate {annual_rate}"
    )
    agreement_id: int
    number: str
    terms_sha256: str
    annual_rate: Decimal


@event
class AgreementSigned(_AgreementEvent):
    """One side signed."""

    TYPE = "lending.agreement_signed"
    SENTENCE = Text("合同 {number} 签署：{signer}", "Agreement {number} signed: {signer}")
    agreement_id: int
    number: str
    signer: str
    document_sha256: str


@event
class AgreementVoided(_AgreementEvent):
    """The agreement is no longer to be signed."""

    TYPE = "lending.agreement_voided"
    SENTENCE = Text("合同 {number} 作废：{reason}", "Agreement {number} voided: {reason}")
    agreement_id: int
    number: str
    reason: str


class _LienEvent(Event):
    """Where the events of one lien point to."""

    lien_id: int

    @property
    def subject(self) -> str:
        return f"lien:{self.lien_id}"


@event
class LienChanged(_LienEvent):
    """The lien went from one state to another."""

    TYPE = "lending.lien_changed"
    SENTENCE = Text("抵押状态变为 {to_state}：{reason}", "The lien is now {to_state}: {reason}")
    lien_id: int
    from_state: str
    to_state: str
    reason: str
    reference: str


@event
class TitleMoved(_LienEvent):
    """The registration certificate went to somebody else."""

    TYPE = "lending.title_moved"
    SENTENCE = Text("登记证书转至 {holder} {shelf}", "The certificate went to {holder} {shelf}")
    lien_id: int
    holder: str
    shelf: str


@event
class InsuranceRecorded(_LienEvent):
    """An insurance policy on the car was recorded."""

    TYPE = "lending.insurance_recorded"
    SENTENCE = Text(
        "登记保单 {policy_number}，至 {until_date}", "Recorded policy {policy_number} until {until_date}"
    )
    lien_id: int
    policy_number: str
    until_date: date
    is_lender_beneficiary: bool


@event
class GpsRecorded(_LienEvent):
    """A GPS contract was recorded."""

    TYPE = "lending.gps_recorded"
    SENTENCE = Text("登记 GPS 合同 {contract_number}", "Recorded GPS contract {contract_number}")
    lien_id: int
    contract_number: str


@event
class LoanDisbursed(Event):
    """The loan was paid out, once; account, schedule and transfers exist from here on."""

    TYPE = "lending.loan_disbursed"
    SENTENCE = Text(
        "放款 {principal_fen}，贷款账号 {number}，首期还款日 {first_due_date}",
        "Disbursed {principal_fen}, loan {number}, first due on {first_due_date}",
    )
    for_customer = True
    CUSTOMER_SENTENCE = Text(
        "贷款 {principal_fen} 已发放，首期还款日 {first_due_date}",
        "Your loan of {principal_fen} was paid out; the first installment is due on {first_due_date}",
    )
    loan_id: int
    number: str
    agreement_id: int
    principal_fen: int
    disbursement_date: date
    first_due_date: date
    key: str

    @property
    def subject(self) -> str:
        return f"loan:{self.loan_id}"
