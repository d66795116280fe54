"""What an application asks, screen by screen: data for the phone's one-question screens, the desk's form
and the API alike.

An answer is kept as plain JSON (text, whole number, truth value); money in fen, dates as ISO text. A
question is asked only where its `when` holds over the answers so far:

>>> [question.key for question in asked({"condition": "NEW"}) if question.screen == "car"]
['condition', 'energy', 'usage', 'brand', 'model', 'vin']
>>> parse(QUESTIONS["price_fen"], "12.86万")
12860000
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cheqi.core.base.findings import Finding
from cheqi.core.base.identifiers import (
    check_bank_card,
    check_id_number,
    check_mobile,
    check_plate,
    check_uscc,
    check_vin,
    normalise_bank_card,
    normalise_id_number,
    normalise_mobile,
    normalise_plate,
    normalise_uscc,
    normalise_vin,
)
from cheqi.core.base.money import parse_yuan
from cheqi.core.base.text import Text

Value = str | int | bool
Answers = Mapping[str, Value]


class Kind(StrEnum):
    """How an answer is entered and read."""

    TEXT = "TEXT"
    CHOICE = "CHOICE"
    YES_NO = "YES_NO"
    MONEY = "MONEY"
    WHOLE = "WHOLE"
    DATE = "DATE"
    ID_NUMBER = "ID_NUMBER"
    USCC = "USCC"
    MOBILE = "MOBILE"
    VIN = "VIN"
    PLATE = "PLATE"
    BANK_CARD = "BANK_CARD"
    DEALER = "DEALER"
    PRODUCT = "PRODUCT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing to know. `when` says whether it is asked at all.

    `of_company` is the label where a company applies, `at_desk` the one that colleagues read.
    """

    key: str
    screen: str
    kind: Kind
    label: Text
    help: Text | None = None
    is_required: bool = True
    choices: tuple[tuple[str, Text], ...] = ()
    when: Callable[[Answers], bool] = lambda _: True
    of_company: Text | None = None
    at_desk: Text | None = None

    def asked_as(self, answers: Answers, *, at_desk: bool = False) -> Text:
        """The label for somebody who has answered so."""
        if self.of_company and answers.get("customer_type") == "COMPANY":
            return self.of_company
        return self.at_desk if at_desk and self.at_desk else self.label


SCREENS: dict[str, Text] = {
    "who": Text("您的身份", "Who you are"),
    "income": Text("收入", "Income"),
    "others": Text("共同申请人", "Others"),
    "car": Text("车辆", "The car"),
    "money": Text("价格与贷款", "Price and loan"),
    "dealer": Text("经销商", "The dealer"),
    "account": Text("还款账户", "Repayment account"),
}
SCREENS_AT_DESK = {**SCREENS, "who": Text("客户身份", "Who applies")}


def _is(key: str, *values: Value) -> Callable[[Answers], bool]:
    return lambda answers: answers.get(key) in values


def _person(prefix: str, zh: str, en: str) -> tuple[Question, ...]:
    """Name, ID number and mobile of somebody beside the borrower."""
    asked_when = _is(f"has_{prefix}", True)
    return (
        Question(
            key=f"has_{prefix}",
            screen="others",
            kind=Kind.YES_NO,
            label=Text(f"有{zh}吗", f"Is there a {en}?"),
            is_required=False,
            at_desk=Text(f"有{zh}", f"There is a {en}"),
        ),
        Question(
            key=f"{prefix}_name",
            screen="others",
            kind=Kind.TEXT,
            label=Text(f"{zh}姓名", f"Name of the {en}"),
            when=asked_when,
        ),
        Question(
            key=f"{prefix}_id_number",
            screen="others",
            kind=Kind.ID_NUMBER,
            label=Text(f"{zh}身份证号", f"ID number of the {en}"),
            when=asked_when,
        ),
        Question(
            key=f"{prefix}_mobile",
            screen="others",
            kind=Kind.MOBILE,
            label=Text(f"{zh}手机号", f"Mobile of the {en}"),
            when=asked_when,
        ),
    )


_COMPANY = _is("customer_type", "COMPANY")
_USED = _is("condition", "USED")

_ALL: tuple[Question, ...] = (
    Question(
        key="customer_type",
        screen="who",
        kind=Kind.CHOICE,
        label=Text("您属于哪一类", "Which fits you"),
        at_desk=Text("客户类型", "Kind of customer"),
        help=Text("不同类型需要的资料不同", "The documents we ask for depend on it"),
        choices=(
            ("EMPLOYEE", Text("受薪人士", "Employed")),
            ("SELF_EMPLOYED", Text("个体经营者", "Self-employed")),
            ("COMPANY", Text("企业", "Company")),
        ),
    ),
    Question(
        key="company_name",
        screen="who",
        kind=Kind.TEXT,
        label=Text("企业名称", "Company name"),
        help=Text("与营业执照一致", "As on the business licence"),
        when=_COMPANY,
    ),
    Question(
        key="company_uscc",
        screen="who",
        kind=Kind.USCC,
        label=Text("统一社会信用代码", "Unified social credit code"),
        when=_COMPANY,
    ),
    Question(
        key="name",
        screen="who",
        kind=Kind.TEXT,
        label=Text("姓名", "Name"),
        help=Text("与身份证一致；企业申请请填授权代表", "As on the ID card; the representative of a company"),
        of_company=Text("授权代表姓名", "Name of the representative"),
    ),
    Question(
        key="id_number",
        screen="who",
        kind=Kind.ID_NUMBER,
        label=Text("身份证号", "ID number"),
        of_company=Text("授权代表身份证号", "ID number of the representative"),
    ),
    Question(
        key="employer",
        screen="income",
        kind=Kind.TEXT,
        label=Text("工作单位", "Employer"),
        is_required=False,
        when=_is("customer_type", "EMPLOYEE"),
    ),
    Question(
        key="monthly_income_fen",
        screen="income",
        kind=Kind.MONEY,
        label=Text("每月税后收入", "Monthly income after tax"),
        help=Text("企业请填月均净收入", "For a company: average net income a month"),
        of_company=Text("企业月均净收入", "Average net income a month"),
    ),
    *_person("co_borrower", "共同借款人", "co-borrower"),
    *_person("guarantor", "担保人", "guarantor"),
    Question(
        key="condition",
        screen="car",
        kind=Kind.CHOICE,
        label=Text("新车还是二手车", "New or used"),
        choices=(("NEW", Text("新车", "New")), ("USED", Text("二手车", "Used"))),
    ),
    Question(
        key="energy",
        screen="car",
        kind=Kind.CHOICE,
        label=Text("动力类型", "Energy"),
        choices=(("ICE", Text("燃油", "Fuel")), ("NEV", Text("新能源", "New energy"))),
    ),
    Question(
        key="usage",
        screen="car",
        kind=Kind.CHOICE,
        label=Text("用途", "Use"),
        choices=(("OWN", Text("自用", "Own use")), ("COMMERCIAL", Text("商用", "Commercial"))),
    ),
    Question(key="brand", screen="car", kind=Kind.TEXT, label=Text("品牌", "Brand")),
    Question(key="model", screen="car", kind=Kind.TEXT, label=Text("车型", "Model")),
    Question(
        key="vin",
        screen="car",
        kind=Kind.VIN,
        label=Text("车辆识别代号 (VIN)", "VIN"),
        help=Text(
            "17 位，在行驶证或合格证上；没有可先不填", "17 characters, on the licence; leave empty if unknown"
        ),
        is_required=False,
    ),
    Question(key="plate", screen="car", kind=Kind.PLATE, label=Text("号牌号码", "Plate"), when=_USED),
    Question(
        key="registered_date",
        screen="car",
        kind=Kind.DATE,
        label=Text("首次注册日期", "First registered"),
        help=Text("行驶证上的注册日期", "The register date of the vehicle licence"),
        when=_USED,
    ),
    Question(
        key="mileage_km",
        screen="car",
        kind=Kind.WHOLE,
        label=Text("行驶里程（公里）", "Mileage (km)"),
        is_required=False,
        when=_USED,
    ),
    Question(key="price_fen", screen="money", kind=Kind.MONEY, label=Text("车价", "Price")),
    Question(key="down_payment_fen", screen="money", kind=Kind.MONEY, label=Text("首付", "Down payment")),
    Question(key="product", screen="money", kind=Kind.PRODUCT, label=Text("贷款产品", "Product")),
    Question(key="term_months", screen="money", kind=Kind.WHOLE, label=Text("期限（月）", "Term (months)")),
    Question(
        key="dealer_id",
        screen="dealer",
        kind=Kind.DEALER,
        label=Text("购车的经销商", "The dealer you buy from"),
        at_desk=Text("经销商", "Dealer"),
        help=Text("放款会直接付给经销商", "The loan is paid to the dealer"),
    ),
    Question(
        key="account_bank",
        screen="account",
        kind=Kind.TEXT,
        label=Text("开户银行", "Bank"),
    ),
    Question(
        key="account_number",
        screen="account",
        kind=Kind.BANK_CARD,
        label=Text("银行卡号", "Card number"),
        help=Text(
            "每期从这张卡自动扣款，须为本人借记卡", "Installments are debited here; your own debit card"
        ),
    ),
)
QUESTIONS: dict[str, Question] = {question.key: question for question in _ALL}

_NUMBERS: dict[Kind, tuple[Callable[[str], str], Callable[[str], tuple[Finding, ...]]]] = {
    Kind.ID_NUMBER: (normalise_id_number, check_id_number),
    Kind.USCC: (normalise_uscc, check_uscc),
    Kind.MOBILE: (normalise_mobile, check_mobile),
    Kind.VIN: (normalise_vin, check_vin),
    Kind.PLATE: (normalise_plate, check_plate),
    Kind.BANK_CARD: (normalise_bank_card, check_bank_card),
}


def asked(answers: Answers) -> tuple[Question, ...]:
    """The questions that are asked of somebody who has answered so."""
    return tuple(question for question in _ALL if question.when(answers))


def parse(question: Question, raw: str) -> Value | Finding | None:
    """What was entered as a value; None for nothing, a finding for what it cannot be."""
    text = raw.strip()
    if not text:
        return None
    if question.kind in _NUMBERS:
        return _number(question, text)
    reader = _READERS.get(question.kind)
    return reader(question, text) if reader else text


def _number(question: Question, text: str) -> Value | Finding:
    normalise, check = _NUMBERS[question.kind]
    value = normalise(text)
    found = check(value)
    return _at(question, found[0].message, rule=found[0].rule) if found else value


def _money(question: Question, text: str) -> Value | Finding:
    fen = parse_yuan(text)
    if fen is None:
        return _at(question, Text("请输入金额，例如 128600", "Enter an amount such as 128600"))
    if fen < 0:
        return _at(question, Text("金额不能为负数，请重新输入", "An amount is not negative; enter it again"))
    return fen


def _whole(question: Question, text: str) -> Value | Finding:
    if not text.isdecimal():
        return _at(question, Text("请输入整数", "Enter a whole number"))
    return int(text)


def _date(question: Question, text: str) -> Value | Finding:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return _at(question, Text("没有这一天，请按 2021-06-14 填写", "No such day; write 2021-06-14"))


def _choice(question: Question, text: str) -> Value | Finding:
    if text not in {value for value, _ in question.choices}:
        return _at(question, Text("请从列表中选择", "Choose one of the list"))
    return text


def _yes_no(question: Question, text: str) -> Value | Finding:
    return text.lower() in {"1", "true", "yes", "on"}


_READERS: dict[Kind, Callable[[Question, str], Value | Finding]] = {
    Kind.MONEY: _money,
    Kind.WHOLE: _whole,
    Kind.DEALER: _whole,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
}


def objections(answers: Answers, today: date) -> tuple[Finding, ...]:
    """Everything that speaks against sending these answers: what is missing, and what cannot be."""
    missing = tuple(
        _at(question, _wanted(question.asked_as(answers)))
        for question in asked(answers)
        if question.is_required and answers.get(question.key) in (None, "")
    )
    return missing + _impossible(answers, today)


def _wanted(label: Text) -> Text:
    return Text(f"请填写{label.zh}", f"Please give: {label.en}")


def _impossible(answers: Answers, today: date) -> tuple[Finding, ...]:
    found = []
    price, down = answers.get("price_fen"), answers.get("down_payment_fen")
    if price == 0:
        found.append(_at(QUESTIONS["price_fen"], Text("车价须大于零", "The price must be above zero")))
    if isinstance(price, int) and isinstance(down, int) and down >= price > 0:
        message = Text("首付须低于车价", "The down payment is below the price")
        found.append(_at(QUESTIONS["down_payment_fen"], message))
    registered = answers.get("registered_date")
    if isinstance(registered, str) and registered > today.isoformat():
        message = Text(
            "注册日期不能在今天之后，请核对行驶证", "It was registered today or before; check the licence"
        )
        found.append(_at(QUESTIONS["registered_date"], message))
    return tuple(found)


def _at(question: Question, message: Text, rule: str = "") -> Finding:
    return Finding(rule or f"application.{question.key}", message, field=question.key)
