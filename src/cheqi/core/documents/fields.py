"""Which fields each kind of document has, behind which labels, and what their values look like.

Labels that announce no field are listed too: they end the value before them. The order of a kind's fields
is the order in which people read the document.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cheqi.core.base.text import Text
from cheqi.core.documents.borders import BORDERS
from cheqi.core.documents.kinds import Kind
from cheqi.core.documents.labels import Label


class Form(StrEnum):
    """The form of a value, which decides how it is cleaned and what it takes to be accepted."""

    ID_NUMBER = "ID_NUMBER"
    VIN = "VIN"
    USCC = "USCC"
    BANK_CARD = "BANK_CARD"
    PARTY_NUMBER = "PARTY_NUMBER"
    PLATE = "PLATE"
    DATE = "DATE"
    PERIOD = "PERIOD"
    PERSON = "PERSON"
    PARTY = "PARTY"
    ADDRESS = "ADDRESS"
    SEX = "SEX"
    NATION = "NATION"
    NATIONALITY = "NATIONALITY"
    VEHICLE_TYPE = "VEHICLE_TYPE"
    VEHICLE_CLASS = "VEHICLE_CLASS"
    USE = "USE"
    COLOUR = "COLOUR"
    FUEL = "FUEL"
    ORIGIN = "ORIGIN"
    MODEL = "MODEL"
    ENGINE = "ENGINE"
    AUTHORITY = "AUTHORITY"
    DIGITS = "DIGITS"
    MEASURE = "MEASURE"
    RATE = "RATE"
    AMOUNT = "AMOUNT"
    AMOUNT_WORDS = "AMOUNT_WORDS"
    TEXT = "TEXT"
    PROSE = "PROSE"
    CAPITAL = "CAPITAL"
    BANK = "BANK"
    CURRENCY = "CURRENCY"
    TOTAL = "TOTAL"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its key, title, the labels that announce it, its form.

    `beside`: of several places with the same label, the one on the row of that field. `bare`: the value may
    stand without a label and is known by its shape (the number on a bank card). `row`: where the label was
    not read, the value is looked for on the row of that field.
    """

    key: str
    title: Text
    labels: tuple[str, ...]
    form: Form
    multiline: bool = False
    required: bool = True
    beside: str = ""
    bare: bool = False
    row: str = ""


def _field(
    names: str,
    labels: str,
    form: Form,
    *,
    multiline: bool = False,
    required: bool = True,
    beside: str = "",
    bare: bool = False,
    row: str = "",
) -> Field:
    key, zh, en = names.split("|")
    return Field(key, Text(zh, en), tuple(labels.split()), form, multiline, required, beside, bare, row)


_ADDRESS = _field("address|住址|Address", "住址", Form.ADDRESS, multiline=True)
_NAME = _field("name|姓名|Name", "姓名", Form.PERSON)
_SEX = _field("sex|性别|Sex", "性别", Form.SEX)
_VALIDITY = _field("validity|有效期限|Valid period", "有效期限 有效期", Form.PERIOD)
_PLATE = _field("plate|号牌号码|Plate", "号牌号码", Form.PLATE)
_VEHICLE_TYPE = _field("vehicle_type|车辆类型|Vehicle type", "车辆类型", Form.VEHICLE_TYPE)
_VIN = _field(
    "vin|车辆识别代号|VIN",
    "车辆识别代号/车架号码 车辆识别代号/车架号 车架号/车辆识别代码 识别代码(车架号) VIN码/车架号 "
    "车辆识别代号 车辆识别代码 车架号码 车架号",
    Form.VIN,
)
_ENGINE = _field("engine_number|发动机号码|Engine number", "发动机号码 发动机号", Form.ENGINE)
_PARTY_NUMBERS = "单位代码/身份证号码 单位代码/身份证号 身份证号码/单位代码"
_USE = _field("use|使用性质|Use", "使用性质", Form.USE)

FIELDS: MappingProxyType[Kind, tuple[Field, ...]] = MappingProxyType(
    {
        Kind.ID_CARD_FRONT: (
            _NAME,
            _SEX,
            _field("nation|民族|Ethnic group", "民族", Form.NATION),
            _field("birth_date|出生日期|Date of birth", "出生日期 出生", Form.DATE),
            _ADDRESS,
            _field("id_number|公民身份号码|ID number", "公民身份号码", Form.ID_NUMBER),
        ),
        Kind.ID_CARD_BACK: (
            _field("authority|签发机关|Issuing authority", "签发机关", Form.AUTHORITY, multiline=True),
            _VALIDITY,
        ),
        Kind.DRIVING_LICENCE: (
            _field("id_number|证号|Licence number", "证号", Form.ID_NUMBER),
            _NAME,
            _SEX,
            _field("nationality|国籍|Nationality", "国籍", Form.NATIONALITY),
            _ADDRESS,
            _field("birth_date|出生日期|Date of birth", "出生日期", Form.DATE),
            _field("first_issue_date|初次领证日期|First issue date", "初次领证日期", Form.DATE),
            _field("vehicle_class|准驾车型|Class", "准驾车型", Form.VEHICLE_CLASS),
            _field("validity|有效期限|Valid period", "有效起始日期 有效期起始 有效期限 有效期", Form.PERIOD),
        ),
        Kind.VEHICLE_LICENCE: (
            _PLATE,
            _VEHICLE_TYPE,
            _field("owner|所有人|Owner", "所有人", Form.PARTY),
            _ADDRESS,
            _USE,
            _field("model|品牌型号|Model", "品牌型号", Form.MODEL),
            _VIN,
            _ENGINE,
            _field("register_date|注册日期|Registration date", "注册日期", Form.DATE),
            _field("issue_date|发证日期|Issue date", "发证日期", Form.DATE),
        ),
        Kind.VEHICLE_LICENCE_BACK: (
            _PLATE,
            _field("file_number|档案编号|File number", "档案编号", Form.DIGITS, required=False),
            _field("seats|核定载人数|Seats", "核定载人数", Form.MEASURE),
            _field("gross_mass|总质量|Gross mass", "总质量", Form.MEASURE, required=False),
            _field("curb_mass|整备质量|Curb mass", "整备质量", Form.MEASURE),
            _field("load_mass|核定载质量|Load", "核定载质量", Form.MEASURE, required=False),
            _field("dimensions|外廓尺寸|Dimensions", "外廓尺寸", Form.MEASURE),
            _field("traction_mass|准牵引总质量|Traction", "准牵引总质量", Form.MEASURE, required=False),
            _field("inspection|检验记录|Inspection", "检验记录", Form.PROSE, multiline=True, required=False),
        ),
        Kind.REGISTRATION_CERTIFICATE: (
            _field(
                "certificate_number|登记证书编号|Certificate number",
                "机动车登记证书编号 登记证书编号 证书编号 编号",
                Form.DIGITS,
                required=False,
            ),
            _field(
                "owner|机动车所有人|Owner",
                "机动车所有人/身份证明名称/号码 机动车所有人",
                Form.PARTY_NUMBER,
                multiline=True,
            ),
            _field("registry|登记机关|Registry", "登记机关", Form.AUTHORITY, multiline=True, required=False),
            _field("register_date|登记日期|Registration date", "登记日期", Form.DATE),
            _field("plate|机动车登记编号|Registration number", "机动车登记编号", Form.PLATE),
            _VEHICLE_TYPE,
            _field("brand|车辆品牌|Brand", "车辆品牌", Form.TEXT),
            _field("model|车辆型号|Model", "车辆型号", Form.MODEL),
            _field("colour|车身颜色|Colour", "车身颜色", Form.COLOUR),
            _VIN,
            _field("origin|国产/进口|Origin", "国产/进口", Form.ORIGIN, required=False),
            _ENGINE,
            _field("engine_model|发动机型号|Engine model", "发动机型号", Form.MODEL, required=False),
            _field("fuel|燃料种类|Fuel", "燃料种类", Form.FUEL, required=False),
            _field(
                "displacement|排量/功率|Displacement and power", "排量/功率", Form.MEASURE, required=False
            ),
            _field("maker|制造厂名称|Maker", "制造厂名称", Form.PARTY, multiline=True, required=False),
            _USE,
            _field("acquired_by|车辆获得方式|Acquired by", "车辆获得方式", Form.TEXT, required=False),
            _field("made_date|车辆出厂日期|Made on", "车辆出厂日期", Form.DATE, required=False),
            _field("issue_date|发证日期|Issue date", "发证日期", Form.DATE, required=False),
        ),
        Kind.PURCHASE_INVOICE: (
            _field("invoice_code|发票代码|Invoice code", "发票代码", Form.DIGITS, required=False),
            _field("invoice_number|发票号码|Invoice number", "发票号码", Form.DIGITS),
            _field("invoice_date|开票日期|Invoice date", "开票日期", Form.DATE),
            _field(
                "buyer|购买方名称|Buyer",
                "购买方名称及身份证号码/组织机构代码 购买方名称及身份证号码 购买方名称 购方名称 购货单位",
                Form.PARTY,
                multiline=True,
            ),
            _field(
                "buyer_number|购买方证件号码|Buyer's number",
                "身份证号码/组织机构代码 纳税人识别号/统一社会信用代码/身份证明号码 "
                "统一社会信用代码/纳税人识别号/身份证明号码 身份证明号码",
                Form.PARTY_NUMBER,
            ),
            _VEHICLE_TYPE,
            _field("model|厂牌型号|Model", "厂牌型号", Form.MODEL),
            _field("origin|产地|Place of origin", "产地", Form.TEXT, required=False),
            _field(
                "certificate_number|合格证号|Conformity certificate", "合格证号", Form.DIGITS, required=False
            ),
            _ENGINE,
            _VIN,
            _field(
                "price_words|价税合计（大写）|Total in words", "价税合计(大写) 价税合计", Form.AMOUNT_WORDS
            ),
            _field("price|价税合计|Total price", "价税合计小写 小写", Form.AMOUNT, row="price_words"),
            _field("seller|销货单位名称|Seller", "销货单位名称 销售方名称", Form.PARTY, multiline=True),
            _field(
                "seller_number|销售方纳税人识别号|Seller's tax number",
                "纳税人识别号/统一社会信用代码 统一社会信用代码/纳税人识别号 纳税人识别号",
                Form.USCC,
            ),
            _field(
                "tax_rate|增值税税率|VAT rate", "增值税税率或征收率 增值税税率", Form.RATE, required=False
            ),
            _field("tax|增值税税额|VAT", "增值税税额", Form.AMOUNT, row="tax_rate"),
            _field("price_without_tax|不含税价|Price without tax", "不含税价小写 不含税价", Form.AMOUNT),
        ),
        Kind.USED_CAR_INVOICE: (
            _field("invoice_code|发票代码|Invoice code", "发票代码", Form.DIGITS, required=False),
            _field("invoice_number|发票号码|Invoice number", "发票号码", Form.DIGITS),
            _field("invoice_date|开票日期|Invoice date", "开票日期", Form.DATE),
            _field("buyer|买方|Buyer", "买方单位/个人 买方单位 买方", Form.PARTY),
            _field(
                "buyer_number|买方证件号码|Buyer's number", _PARTY_NUMBERS, Form.PARTY_NUMBER, beside="buyer"
            ),
            _field("seller|卖方|Seller", "卖方单位/个人 卖方单位 卖方", Form.PARTY),
            _field(
                "seller_number|卖方证件号码|Seller's number",
                _PARTY_NUMBERS,
                Form.PARTY_NUMBER,
                beside="seller",
            ),
            _field("plate|车牌照号|Plate", "车牌照号 号牌号码", Form.PLATE),
            _field(
                "registration_certificate_number|登记证号|Registration certificate",
                "登记证号",
                Form.DIGITS,
                required=False,
            ),
            _VEHICLE_TYPE,
            _VIN,
            _field("model|厂牌型号|Model", "厂牌型号", Form.MODEL),
            _field(
                "price_words|车价合计（大写）|Price in words", "车价合计(大写) 车价合计", Form.AMOUNT_WORDS
            ),
            _field("price|车价合计|Price", "车价合计小写 小写", Form.AMOUNT, row="price_words"),
        ),
        Kind.BUSINESS_LICENCE: (
            _field("uscc|统一社会信用代码|Unified social credit code", "统一社会信用代码", Form.USCC),
            _field("name|名称|Name", "企业名称 名称", Form.PARTY, multiline=True),
            _field("type|类型|Type", "主体类型 类型", Form.TEXT, multiline=True),
            _field(
                "address|住所|Address", "主要经营场所 经营场所 营业场所 住所", Form.ADDRESS, multiline=True
            ),
            _field(
                "representative|法定代表人|Representative",
                "法定代表人 执行事务合伙人 投资人 负责人 经营者",
                Form.PERSON,
            ),
            _field("capital|注册资本|Capital", "注册资本 注册资金 出资额", Form.CAPITAL, required=False),
            _field("established_date|成立日期|Established", "成立日期 注册日期", Form.DATE),
            _field("term|营业期限|Term", "营业期限 合伙期限", Form.PERIOD, required=False),
            _field("scope|经营范围|Scope", "经营范围", Form.PROSE, multiline=True, required=False),
        ),
        Kind.BANK_STATEMENT: (
            _field(
                "account_name|户名|Account name", "账户名称 账户户名 客户姓名 客户名称 户名 姓名", Form.PARTY
            ),
            _field(
                "card_number|账号|Account number",
                "卡号/账号 账号/卡号 账(卡)号 银行卡号 借记卡号 借记卡卡号 账户号 账户 账号 卡号 帐号",
                Form.BANK_CARD,
            ),
            _field("bank|开户行|Bank", "开户银行 开户机构 开户行 开户网点", Form.TEXT, required=False),
            _field("currency|币种|Currency", "币种 币别", Form.CURRENCY, required=False),
            _field(
                "validity|起止日期|Period",
                "查询起止日期 起止日期 起始日期 终止日期 开始日期 结束日期 查询期间 查询区间 查询时间 "
                "交易期间 "
                "交易区间 交易时间段 明细期间 对账期间 账单周期 查询日期",
                Form.PERIOD,
                bare=True,
            ),
            _field(
                "income|收入合计|Income",
                "收入合计 收入总额 总收入 合计收入 贷方合计 存入合计",
                Form.AMOUNT,
                required=False,
            ),
            _field(
                "expense|支出合计|Expense",
                "支出合计 支出总额 总支出 合计支出 借方合计",
                Form.AMOUNT,
                required=False,
            ),
            _field(
                "closing_balance|期末余额|Closing balance", "期末余额 当前余额", Form.AMOUNT, required=False
            ),
        ),
        Kind.BANK_CARD: (
            _field("card_number|卡号|Card number", "卡号", Form.BANK_CARD, bare=True),
            _field("bank|发卡行|Bank", "发卡行", Form.BANK, required=False, bare=True),
        ),
        Kind.INSURANCE_POLICY: (
            _field(
                "policy_number|保险单号|Policy number", "保险单号码 保险单号 保单号码 保单号", Form.DIGITS
            ),
            _field(
                "insured|被保险人|Insured", "被保险人姓名/名称 被保险人名称 被保险人姓名 被保险人", Form.PARTY
            ),
            _field(
                "insured_number|被保险人证件号码|Insured's number",
                "被保险人身份证号码(组织机构代码) 被保险人身份证号码/组织机构代码 被保险人证件号码 "
                "被保险人身份证号码 身份证号码(组织机构代码) 证件号码 身份证号码",
                Form.PARTY_NUMBER,
                required=False,
            ),
            _field("plate|号牌号码|Plate", "号牌号码 车牌号码 车牌号", Form.PLATE),
            _VIN,
            _ENGINE,
            _field("model|厂牌型号|Model", "厂牌型号 品牌型号", Form.MODEL, required=False),
            _field("premium|保险费合计|Premium", "保险费合计(人民币大写) 保险费合计 保费合计", Form.TOTAL),
            _field("validity|保险期间|Period insured", "保险期间 保险期限", Form.PERIOD),
        ),
        Kind.COMPULSORY_INSURANCE_SIGN: (
            _field("policy_number|保险单号|Policy number", "保险单号 保单号", Form.DIGITS, required=False),
            _field("plate|号牌号码|Plate", "号牌号码 车牌号", Form.PLATE, required=False),
        ),
    }
)


def labels_of(kind: Kind) -> tuple[Label, ...]:
    """Every label of the kind, those of its fields and those that only end a value."""
    own = tuple(Label(text, field.key, field.multiline) for field in FIELDS[kind] for text in field.labels)
    return own + tuple(Label(text, "") for text in BORDERS[kind].split())


def title_of(kind: Kind, key: str) -> Text:
    """How people call the field; halves of a period are named by their own keys."""
    for field in FIELDS.get(kind, ()):
        if field.key == key:
            return field.title
    return _DERIVED.get(key, Text(key, key))


_DERIVED = {
    "valid_from": Text("有效期起", "Valid from"),
    "valid_until": Text("有效期止", "Valid until"),
    "owner_number": Text("所有人证件号码", "Owner's number"),
}
