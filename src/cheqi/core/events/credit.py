"""Credit enquiries: what the person agreed to, that the bureau was asked, and what came of it.

The score is the person's: it is stored apart and encrypted.
"""

from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event, personal


@event
class CreditAuthorised(Event):
    """The person agreed to an enquiry: which text, for what."""

    TYPE = "credit.authorised"
    SENTENCE = Text(
        "客户签署了征信查询授权 {reference}（文本 {text_version}，用途 {purpose}）",
        "The customer authorised a credit enquiry: {reference} (text {text_version}, for {purpose})",
    )
    for_customer = True
    CUSTOMER_SENTENCE = Text("您签署了征信查询授权", "You authorised a credit enquiry")
    reference: str
    text_version: str
    purpose: str


@event
class CreditAuthorisationDeclined(Event):
    """The person did not agree: the bureau is not asked."""

    TYPE = "credit.authorisation_declined"
    SENTENCE = Text("客户未同意征信查询", "The customer did not authorise a credit enquiry")
    for_customer = True
    CUSTOMER_SENTENCE = Text("您没有同意征信查询，我们不会查询", "You did not agree; the bureau is not asked")


@event
class CreditEnquired(Event):
    """The enquiry is on its way."""

    TYPE = "credit.enquired"
    SENTENCE = Text(
        "已按授权 {reference} 向征信机构查询", "Asked the credit bureau under authorisation {reference}"
    )
    for_customer = True
    CUSTOMER_SENTENCE = Text("已按您的授权查询征信", "The credit bureau was asked with your consent")
    reference: str
    exchange_key: str


@event
class CreditReported(Event):
    """The bureau answered; the report lies encrypted beside the decision."""

    TYPE = "credit.reported"
    SENTENCE = Text(
        "收到征信报告 {report_number}，最长逾期 {worst_months_overdue} 个月",
        "Received credit report {report_number}, worst arrears {worst_months_overdue} month(s)",
    )
    report_number: str
    is_subject_known: bool
    worst_months_overdue: int
    score: int | None = personal(default=None)


@event
class CreditEnquiryRefused(Event):
    """The bureau did not answer the enquiry, and why."""

    TYPE = "credit.enquiry_refused"
    SENTENCE = Text("征信机构拒绝了查询：{reason}", "The credit bureau refused the enquiry: {reason}")
    code: str
    reason: str
