"""Which document this is, from the words on it.

Each kind has telling phrases with weights; a phrase counts where it stands in the text without spaces, a
long one also with one wrong character. The confidence is the best kind's share of the squares of the two
best scores:

>>> recognise("姓名汪鑫性别男民族汉出生1990年1月1日住址北京市公民身份号码")[0]
<Kind.ID_CARD_FRONT: 'ID_CARD_FRONT'>
"""

import re
from enum import StrEnum
from types import MappingProxyType

from cheqi.core.base.identifiers import check_bank_card
from cheqi.core.base.text import Text


class Kind(StrEnum):
    """The documents of an auto loan that are read."""

    ID_CARD_FRONT = "ID_CARD_FRONT"
    ID_CARD_BACK = "ID_CARD_BACK"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    VEHICLE_LICENCE = "VEHICLE_LICENCE"
    VEHICLE_LICENCE_BACK = "VEHICLE_LICENCE_BACK"
    REGISTRATION_CERTIFICATE = "REGISTRATION_CERTIFICATE"
    PURCHASE_INVOICE = "PURCHASE_INVOICE"
    USED_CAR_INVOICE = "USED_CAR_INVOICE"
    BUSINESS_LICENCE = "BUSINESS_LICENCE"
    BANK_STATEMENT = "BANK_STATEMENT"
    BANK_CARD = "BANK_CARD"
    INSURANCE_POLICY = "INSURANCE_POLICY"
    COMPULSORY_INSURANCE_SIGN = "COMPULSORY_INSURANCE_SIGN"
    UNKNOWN = "UNKNOWN"


TITLES = MappingProxyType(
    {
        Kind.ID_CARD_FRONT: Text("居民身份证（人像面）", "ID card, portrait side"),
        Kind.ID_CARD_BACK: Text("居民身份证（国徽面）", "ID card, emblem side"),
        Kind.DRIVING_LICENCE: Text("机动车驾驶证", "Driving licence"),
        Kind.VEHICLE_LICENCE: Text("机动车行驶证", "Vehicle licence"),
        Kind.VEHICLE_LICENCE_BACK: Text("机动车行驶证副页", "Vehicle licence, second page"),
        Kind.REGISTRATION_CERTIFICATE: Text("机动车登记证书", "Vehicle registration certificate"),
        Kind.PURCHASE_INVOICE: Text("机动车销售统一发票", "Vehicle purchase invoice"),
        Kind.USED_CAR_INVOICE: Text("二手车销售统一发票", "Used-car invoice"),
        Kind.BUSINESS_LICENCE: Text("营业执照", "Business licence"),
        Kind.BANK_STATEMENT: Text("银行流水", "Bank statement"),
        Kind.BANK_CARD: Text("银行卡", "Bank card"),
        Kind.INSURANCE_POLICY: Text("机动车保险单", "Motor insurance policy"),
        Kind.COMPULSORY_INSURANCE_SIGN: Text("交强险标志", "Compulsory insurance sign"),
        Kind.UNKNOWN: Text("未能识别的文件", "Document of an unknown kind"),
    }
)

_PHRASES: dict[Kind, tuple[tuple[str, float], ...]] = {
    Kind.ID_CARD_FRONT: (
        ("公民身份号码", 2.5), ("姓名", 1), ("性别", 1), ("民族", 1.5), ("出生", 0.5), ("住址", 0.5),
    ),
    Kind.ID_CARD_BACK: (("居民身份证", 2.5), ("签发机关", 2.5), ("有效期限", 1)),
    Kind.DRIVING_LICENCE: (
        ("机动车驾驶证", 4), ("初次领证日期", 3), ("准驾车型", 2), ("DrivingLicense", 2),
        ("国籍", 1), ("证号", 0.5),
    ),
    Kind.VEHICLE_LICENCE: (
        ("机动车行驶证", 2), ("VehicleLicense", 1), ("车辆类型", 0.5), ("所有人", 1), ("使用性质", 1),
        ("品牌型号", 1.5), ("车辆识别代号", 0.5), ("发动机号码", 0.5), ("注册日期", 1.5), ("发证日期", 0.5),
    ),
    Kind.VEHICLE_LICENCE_BACK: (
        ("行驶证副页", 3), ("档案编号", 1.5), ("核定载人数", 2), ("整备质量", 2), ("核定载质量", 1),
        ("准牵引总质量", 1), ("检验记录", 1.5), ("外廓尺寸", 0.5), ("检验有效期", 1.5),
    ),
    Kind.REGISTRATION_CERTIFICATE: (
        ("机动车登记证书", 4), ("注册登记摘要信息栏", 3), ("机动车登记编号", 2), ("身份证明名称", 1.5),
        ("车辆获得方式", 2), ("车辆出厂日期", 2), ("国产/进口", 1), ("车架号", 0.5), ("轮胎规格", 1),
        ("制造厂名称", 1), ("注册机动车信息栏", 3),
    ),
    Kind.PURCHASE_INVOICE: (
        ("机动车销售统一发票", 5), ("价税合计", 2), ("厂牌型号", 1.5), ("合格证号", 1), ("购买方名称", 1),
        ("销货单位名称", 1.5), ("开票日期", 1), ("增值税税额", 1), ("限乘人数", 1), ("完税凭证", 1),
    ),
    Kind.BUSINESS_LICENCE: (
        ("营业执照", 3), ("统一社会信用代码", 1), ("法定代表人", 1.5), ("注册资本", 1.5), ("经营范围", 2.5),
        ("成立日期", 1), ("营业期限", 1), ("组成形式", 1), ("经营者", 0.5), ("市场监督管理", 0.5),
    ),
    Kind.BANK_STATEMENT: (
        ("交易明细", 3), ("流水", 2), ("对账单", 2), ("账户明细", 2), ("户名", 1.5),
        ("账号", 0.5), ("卡号", 1),
        ("余额", 1.5), ("交易日期", 1.5), ("交易金额", 1), ("摘要", 0.5), ("开户行", 0.5), ("对方户名", 1),
        ("历史明细", 2), ("交易清单", 2), ("起止日期", 1), ("记账日期", 1.5),
    ),
    Kind.USED_CAR_INVOICE: (
        ("二手车销售统一发票", 5), ("买方单位/个人", 2), ("卖方单位/个人", 2), ("单位代码/身份证号码", 1.5),
        ("登记证号", 1), ("车牌照号", 1.5), ("转入地车辆管理所", 2), ("车价合计", 2), ("二手车市场", 1.5),
        ("经营、拍卖单位", 1.5),
    ),
    Kind.BANK_CARD: (
        ("银联", 1.5), ("借记卡", 1.5), ("储蓄卡", 1.5), ("信用卡", 1), ("VALIDTHRU", 1.5),
        ("MONTH/YEAR", 1.5), ("有效期至", 0.5), ("银行", 1),
    ),
    Kind.INSURANCE_POLICY: (
        ("强制保险单", 4), ("商业保险保险单", 4), ("综合商业保险", 4), ("商业保险单", 4), ("被保险人", 2),
        ("保险期间", 1), ("保险单号", 1), ("保险费合计", 2), ("特别约定", 0.5), ("责任限额", 1),
        ("投保人", 1), ("保险金额", 1),
    ),
    Kind.COMPULSORY_INSURANCE_SIGN: (("强制保险标志", 5), ("交强险标志", 5), ("保险标志", 1)),
}  # fmt: skip


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_FOREIGN = _words(
    "居住证 户口簿 常住人口登记 结婚证 离婚证 护照 PASSPORT 通行证 不动产权证 房屋所有权证 从业资格证 "
    "道路运输证 "
    "出厂合格证 一致性证书 普通发票 增值税专用发票 专用发票 收入证明 在职证明 完税证明 通知书 委托书 "
    "借款合同 "
    "买卖合同 抵押合同 销售合同 租赁合同"
)
"""Titles of papers that are none of ours and share words with them."""
_OWN_TITLES = _words(
    "居民身份证 机动车驾驶证 机动车行驶证 行驶证副页 机动车登记证书 机动车销售统一发票 二手车销售统一发票 "
    "营业执照 交易明细 流水 对账单 历史明细 交易清单 强制保险单 商业保险保险单 综合商业保险 商业保险单 "
    "强制保险标志"
)
_SHORT = 120
"""A bank card has fewer characters than this."""
_ABOUT_ACCOUNTS = ("明细", "流水", "交易", "户名", "对账", "开户")
_CARD_NUMBER = re.compile(r"(?<!\d)\d{16,19}(?!\d)")
_ENOUGH = 3.0
_FUZZY_FROM = 5
_ONE_APART = frozenset({"机动车驾驶证", "机动车行驶证", "强制保险单", "交强险标志"})
"""Titles that differ from each other by one character must be read exactly."""
_COMPANIONS = MappingProxyType(
    {
        Kind.ID_CARD_FRONT: Kind.ID_CARD_BACK,
        Kind.VEHICLE_LICENCE: Kind.VEHICLE_LICENCE_BACK,
    }
)


def scores(text: str) -> dict[Kind, float]:
    """The evidence for each kind in `text`, the page's words in reading order without spaces."""
    known = {phrase for phrases in _PHRASES.values() for phrase, _ in phrases if contains(text, phrase)}
    evidence = {
        kind: sum(weight for phrase, weight in phrases if phrase in known)
        for kind, phrases in _PHRASES.items()
    }
    evidence[Kind.BANK_CARD] = _card_evidence(text, evidence[Kind.BANK_CARD])
    if not any(title in text for title in _FOREIGN):
        return evidence
    return {
        kind: weight if any(phrase in known & _OWN_TITLES for phrase, _ in _PHRASES[kind]) else 0.0
        for kind, weight in evidence.items()
    }


def _card_evidence(text: str, words: float) -> float:
    """A bank card is little text with a number that passes its check, and nothing about transactions."""
    if len(text) > _SHORT or any(word in text for word in _ABOUT_ACCOUNTS):
        return 0.0
    return words + (2.0 if _has_card_number(text) else 0.0)


def _has_card_number(text: str) -> bool:
    return any(not check_bank_card(number) for number in _CARD_NUMBER.findall(text))


def may_show_card(text: str) -> bool:
    """Whether a bank card may lie beside another document, whose text drowns its own."""
    words = sum(weight for phrase, weight in _PHRASES[Kind.BANK_CARD] if phrase in text)
    return words >= 1 and _CARD_NUMBER.search(text) is not None


def recognise(text: str) -> tuple[Kind, float]:
    """The best kind and its confidence (0 to 1); UNKNOWN where the evidence is thin."""
    return best_of(scores(text))


def best_of(evidence: dict[Kind, float]) -> tuple[Kind, float]:
    """As `recognise`, from scores. Two pages on one photograph count as the first of them."""
    ranked = sorted(evidence, key=lambda kind: -evidence[kind])
    best, second = ranked[0], ranked[1]
    if evidence[best] < _ENOUGH:
        return Kind.UNKNOWN, 0.0
    for front, back in _COMPANIONS.items():
        if best is back and evidence[front] >= 2 * _ENOUGH:
            best, second = front, ranked[2]
    if second is _COMPANIONS.get(best):
        second = ranked[2]
    ours, others = evidence[best] ** 2, evidence[second] ** 2
    return best, round(ours / (ours + others), 3)


def companion(kind: Kind, evidence: dict[Kind, float]) -> Kind | None:
    """The other side that the same photograph shows, if it does."""
    other = _COMPANIONS.get(kind)
    return other if other is not None and evidence[other] >= 4 else None


def are_sides(one: Kind, other: Kind) -> bool:
    """Whether the two are sides of one document, which one reading holds."""
    return _COMPANIONS.get(one) is other or _COMPANIONS.get(other) is one


def most(kind: Kind) -> float:
    """The evidence of a page that shows every phrase of the kind."""
    return sum(weight for _, weight in _PHRASES[kind])


def twice(kind: Kind, text: str) -> float:
    """The evidence for the kind in phrases that stand in `text` at least twice."""
    return sum(weight for phrase, weight in _PHRASES[kind] if text.count(phrase) > 1)


def contains(text: str, phrase: str) -> bool:
    """Whether `phrase` stands in `text`, one wrong character allowed from five characters on.

    One half of a phrase with one wrong character is right: only there the rest is compared.
    """
    if phrase in text:
        return True
    size = len(phrase)
    if size < _FUZZY_FROM or phrase in _ONE_APART:
        return False
    half = size // 2
    for before, part in ((0, phrase[:half]), (half, phrase[half:])):
        at = text.find(part)
        while at >= 0:
            start = at - before
            near = text[start : start + size] if start >= 0 else ""
            if len(near) == size and sum(a != b for a, b in zip(phrase, near, strict=True)) <= 1:
                return True
            at = text.find(part, at + 1)
    return False
