"""Which document this is, from the words on it.

Each kind has telling phrases with weights; a phrase counts where it stands in the text without spaces, a
long one also with one wrong character. The confidence is the best kind's share of the squares of the two
best scores:

>>> recognise("姓名汪鑫性别男民族汉出生1990年1月1日住址北京市公民身份号码")[0]
<Kind.ID_CARD_FRONT: 'ID_CARD_FRONT'>
"""

from enum import StrEnum
from types import MappingProxyType

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
    BUSINESS_LICENCE = "BUSINESS_LICENCE"
    BANK_STATEMENT = "BANK_STATEMENT"
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
        Kind.BUSINESS_LICENCE: Text("营业执照", "Business licence"),
        Kind.BANK_STATEMENT: Text("银行流水", "Bank statement"),
        Kind.UNKNOWN: Text("未能识别的文件", "Document of an unknown kind"),
    }
)

_PHRASES: dict[Kind, tuple[tuple[str, float], ...]] = {
    Kind.ID_CARD_FRONT: (
        ("公民身份号码", 4), ("姓名", 1), ("性别", 1), ("民族", 1.5), ("出生", 0.5), ("住址", 0.5),
    ),
    Kind.ID_CARD_BACK: (("居民身份证", 2.5), ("签发机关", 3), ("有效期限", 1)),
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
    ),
}  # fmt: skip
_ENOUGH = 3.0
_FUZZY_FROM = 5
_ONE_APART = frozenset({"机动车驾驶证", "机动车行驶证"})
"""Titles that differ from each other by one character must be read exactly."""
_COMPANIONS = MappingProxyType(
    {
        Kind.ID_CARD_FRONT: Kind.ID_CARD_BACK,
        Kind.VEHICLE_LICENCE: Kind.VEHICLE_LICENCE_BACK,
    }
)


def scores(text: str) -> dict[Kind, float]:
    """The evidence for each kind in `text`, the page's words in reading order without spaces."""
    return {
        kind: sum(weight for phrase, weight in phrases if contains(text, phrase))
        for kind, phrases in _PHRASES.items()
    }


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


def contains(text: str, phrase: str) -> bool:
    """Whether `phrase` stands in `text`, one wrong character allowed from five characters on."""
    if phrase in text:
        return True
    size = len(phrase)
    if size < _FUZZY_FROM or phrase in _ONE_APART:
        return False
    return any(
        sum(a != b for a, b in zip(phrase, text[start : start + size], strict=True)) <= 1
        for start in range(len(text) - size + 1)
    )
