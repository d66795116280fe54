"""The parts under a reading: kinds, amounts, candidates, values, agreement, boxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.base.identifiers import check_vin
from cheqi.core.documents import agreement
from cheqi.core.documents.amounts import figures_in_fen, words_in_fen
from cheqi.core.documents.boxes import Box, Page
from cheqi.core.documents.candidates import propose
from cheqi.core.documents.fields import FIELDS, Form, labels_of, title_of
from cheqi.core.documents.kinds import TITLES, Kind, contains, recognise
from cheqi.core.documents.reading import read
from cheqi.core.documents.registration_owner import split_owner
from cheqi.core.documents.tests.pages import a_vehicle_licence, an_id_card, page
from cheqi.core.documents.values import clean, dates_in


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("中华人民共和国居民身份证签发机关北京市公安局有效期限", Kind.ID_CARD_BACK),
        ("中华人民共和国机动车驾驶证证号姓名性别国籍初次领证日期准驾车型C1", Kind.DRIVING_LICENCE),
        ("号牌号码车辆类型所有人使用性质品牌型号注册日期发证日期", Kind.VEHICLE_LICENCE),
        ("机动车行驶证副页号牌号码档案编号核定载人数整备质量检验记录", Kind.VEHICLE_LICENCE_BACK),
        ("机动车登记证书登记机关登记编号车辆获得方式", Kind.REGISTRATION_CERTIFICATE),
        ("机动车销售统一发票购买方名称价税合计销货单位名称", Kind.PURCHASE_INVOICE),
        ("营业执照统一社会信用代码名称类型法定代表人经营范围", Kind.BUSINESS_LICENCE),
        ("招商银行交易明细户名账号交易日期摘要余额", Kind.BANK_STATEMENT),
        ("", Kind.UNKNOWN),
        ("姓名", Kind.UNKNOWN),
    ],
)
def test_a_kind_is_known_by_its_words(text: str, kind: Kind) -> None:
    assert recognise(text)[0] is kind


def test_a_long_phrase_may_have_one_wrong_character() -> None:
    assert contains("公民身份号玛", "公民身份号码")
    assert not contains("公民身分号玛", "公民身份号码")
    assert not contains("姓各", "姓名")
    assert not contains("中华人民共和国机动车行驶证", "机动车驾驶证")


def test_both_pages_on_one_photograph_give_the_fields_of_both() -> None:
    second = (
        ("中华人民共和国机动车行驶证副页", 200, 530),
        ("档案编号", 50, 580), ("110012345678", 220, 580), ("核定载人数", 500, 580), ("5人", 700, 580),
        ("整备质量", 50, 640), ("1490kg", 220, 640),
    )  # fmt: skip
    reading = read([page(*a_vehicle_licence(), *second)])
    assert reading.kind is Kind.VEHICLE_LICENCE
    assert (reading.value("seats"), reading.value("curb_mass")) == ("5人", "1490kg")


@pytest.mark.parametrize(
    ("words", "fen"),
    [
        ("壹拾贰万捌仟圆整", 12_800_000),
        ("⊗贰拾壹万零玖佰元整", 21_090_000),
        ("叁仟零伍圆壹角贰分", 300_512),
        ("壹亿零贰万圆整", 10_002_000_000),
        ("伍角", 50),
        ("壹拾查万圆", None),
        ("", None),
    ],
)
def test_chinese_amounts_are_understood_or_refused(words: str, fen: int | None) -> None:
    assert words_in_fen(words) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("￥128,000.00", 12_800_000),
        ("302900.05", 30_290_005),
        ("128000", None),
        ("128.000.00", None),
        ("1.00 2.00", None),
    ],
)
def test_figures_are_one_amount_with_two_decimals(text: str, fen: int | None) -> None:
    assert figures_in_fen(text) == fen


def test_candidates_come_with_their_check_and_never_hold_the_number_itself() -> None:
    proposed = propose("1M8GDM9AXKPO42788", lambda number: not check_vin(number))
    assert (proposed[0].value, proposed[0].passes) == ("1M8GDM9AXKP042788", True)
    assert "1M8GDM9AXKPO42788" not in {candidate.value for candidate in proposed}
    assert len(proposed) == 8


@pytest.mark.parametrize(
    ("text", "owner", "number"),
    [
        ("王京/居民身份证/11010519491231002X", "王京", "11010519491231002X"),
        ("王京居民身份证11010519491231002X", "王京", "11010519491231002X"),
        ("王京/划民身份证/11010519491231002X", "王京", "11010519491231002X"),
        ("华盛贸易有限公司/统一社会信用代码/91110000600037341L", "华盛贸易有限公司", "91110000600037341L"),
    ],
)
def test_owner_and_number_are_told_apart(text: str, owner: str, number: str) -> None:
    name, proof = split_owner(text)
    assert (name.value, name.objections) == (owner, ())
    assert (proof.value, proof.objections) == (number, ())


def test_an_owner_that_cannot_be_split_goes_to_a_clerk_whole() -> None:
    name, proof = split_owner("王京11010519491231002X")
    assert name.value == "王京11010519491231002X"
    assert [finding.rule for finding in name.objections] == ["documents.owner_shape"]
    assert proof.value == ""


@pytest.mark.parametrize(
    ("form", "text", "value", "accepted"),
    [
        (Form.NATION, "维吾尔族", "维吾尔", True),
        (Form.NATION, "汗", "汗", False),
        (Form.PERSON, "古丽娜尔•阿不都拉", "古丽娜尔·阿不都拉", True),
        (Form.PERSON, "王", "王", False),
        (Form.PARTY, "北京华盛(朝阳)贸易有限公司", "北京华盛（朝阳）贸易有限公司", True),
        (Form.VEHICLE_TYPE, "小型普通客车", "小型普通客车", True),
        (Form.VEHICLE_TYPE, "小型普通容车", "小型普通容车", False),
        (Form.VEHICLE_CLASS, "A1A2", "A1A2", True),
        (Form.VEHICLE_CLASS, "Cl", "Cl", False),
        (Form.AUTHORITY, "大连市公安局甘井子分局", "大连市公安局甘井子分局", True),
        (Form.DATE, "2024年05月06日", "2024-05-06", True),
        (Form.DATE, "20240506", "2024-05-06", True),
        (Form.DATE, "2024-5-6", "2024-05-06", True),
        (Form.MEASURE, "4933*1836x1469mm", "4933×1836×1469mm", True),
        (Form.MEASURE, "22675.22", "22675.22", False),
        (Form.RATE, "13%", "13%", True),
        (Form.RATE, "22675.22", "22675.22", False),
        (Form.AMOUNT, "￥1,280.50", "1280.50", True),
        (Form.ID_NUMBER, "NO.11010519491231002X", "11010519491231002X", True),
        (Form.USCC, "91110000600037341L", "91110000600037341L", True),
        (Form.VIN, "1M8GDM9AXKPO42788", "1M8GDM9AXKPO42788", False),
        (Form.PLATE, "京A·D12345", "京AD12345", True),
        (Form.SEX, "", "", False),
    ],
)
def test_a_value_is_cleaned_in_one_form(form: Form, text: str, value: str, *, accepted: bool) -> None:
    cleaned = clean(form, text)
    assert (cleaned.value, cleaned.objections == ()) == (value, accepted)


@given(st.text(max_size=40), st.sampled_from(Form))
def test_no_text_makes_cleaning_fail(text: str, form: Form) -> None:
    assert isinstance(clean(form, text).value, str)


@given(st.dates(), st.sampled_from(["-", ".", "/", "年"]))
def test_a_date_is_found_in_any_punctuation(day: object, mark: str) -> None:
    iso = str(day)
    wanted = (iso,) if iso[:2] in {"19", "20"} else ()
    assert dates_in(iso.replace("-", mark)) == wanted


def test_every_kind_has_a_title_fields_and_labels() -> None:
    for kind in Kind:
        assert TITLES[kind].zh
        if kind is not Kind.UNKNOWN:
            assert len(FIELDS[kind]) >= 2
            keys = {field.key for field in FIELDS[kind]}
            assert {label.key for label in labels_of(kind)} - {""} == keys
    assert title_of(Kind.ID_CARD_BACK, "valid_until").zh == "有效期止"


def test_the_same_fact_on_two_documents_must_agree() -> None:
    card, licence = read([page(*an_id_card())]), read([page(*a_vehicle_licence())])
    assert agreement.compare([card, licence]) == ()
    declared = {"name": "汪鑫", "vin": "LSVAU2180N2183295", "owner": "王京 "}
    found = agreement.compare([card, licence], declared)
    assert [finding.rule for finding in found] == ["documents.agreement.vin"]
    assert found[0].data == (("机动车行驶证", "LSVAU2180N2183294"), ("申报内容", "LSVAU2180N2183295"))


def test_a_box_and_a_page_refuse_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="four corners"):
        Box("字", 1.0, ((0.0, 0.0),))
    with pytest.raises(ValueError, match="one confidence"):
        Box("字", 1.0, ((0.0, 0.0),) * 4, (1.0, 1.0))
    with pytest.raises(ValueError, match="right angles"):
        Page(1, 1, (), 45)


@pytest.mark.parametrize(
    ("rotation", "expected"),
    [(0, (10.0, 20.0)), (90, (20.0, 90.0)), (180, (90.0, 30.0)), (270, (30.0, 10.0))],
)
def test_a_point_is_found_on_the_photograph(rotation: int, expected: tuple[float, float]) -> None:
    assert Page(100, 50, (), rotation).on_photograph(((10.0, 20.0),)) == (expected,)
