"""Reading whole documents from hand-made pages: kinds, fields behind labels however split, verdicts."""

from dataclasses import replace
from datetime import date

import pytest

from cheqi.core.base.identifiers import vin_check_digit
from cheqi.core.documents.boxes import Page
from cheqi.core.documents.kinds import Kind
from cheqi.core.documents.reading import FieldReading, Reading, Verdict, read
from cheqi.core.documents.tests.pages import Run, a_vehicle_licence, an_id_card, box, page

RIGHT_VIN = "LSVAU218" + vin_check_digit("LSVAU2180N2183294") + "N2183294"


def values(reading: Reading) -> dict[str, str]:
    return {field.key: field.value for field in reading.fields}


def field(reading: Reading, key: str) -> FieldReading:
    return next(field for field in reading.fields if field.key == key)


def rules(reading: Reading, key: str) -> list[str]:
    return [finding.rule for finding in field(reading, key).why]


def test_an_id_card_with_merged_labels_is_read_and_accepted() -> None:
    reading = read([page(*an_id_card())])
    assert reading.kind is Kind.ID_CARD_FRONT
    assert values(reading) == {
        "name": "汪鑫",
        "sex": "女",
        "nation": "汉",
        "birth_date": "1949-12-31",
        "address": "北京市朝阳区民族大道18号楼402室",
        "id_number": "11010519491231002X",
    }
    assert (reading.verdict, reading.why) == (Verdict.ACCEPTED, ())


@pytest.mark.parametrize("degrees", [-9.0, -4.0, 4.0, 9.0])
def test_a_tilted_page_reads_the_same(degrees: float) -> None:
    straight, tilted = read([page(*an_id_card())]), read([page(*an_id_card(), degrees=degrees)])
    assert values(tilted) == values(straight)
    assert tilted.verdict is Verdict.ACCEPTED


def test_a_vehicle_licence_with_split_labels_is_read() -> None:
    reading = read([page(*a_vehicle_licence(RIGHT_VIN))])
    assert reading.kind is Kind.VEHICLE_LICENCE
    assert values(reading) == {
        "plate": "京AA5599",
        "vehicle_type": "小型轿车",
        "owner": "王京",
        "address": "北京市石景山区鲁谷路74号",
        "use": "非营运",
        "model": "讴歌牌GHA7152DAD5B",
        "vin": RIGHT_VIN,
        "engine_number": "112244",
        "register_date": "2018-06-14",
        "issue_date": "2018-06-14",
    }
    assert reading.verdict is Verdict.ACCEPTED


def test_a_vin_that_fails_its_check_goes_to_a_clerk_unchanged_with_candidates() -> None:
    read_as = RIGHT_VIN[:-1] + ("8" if RIGHT_VIN[-1] != "8" else "3")
    reading = read([page(*a_vehicle_licence(read_as))])
    vin = field(reading, "vin")
    assert (vin.value, vin.verdict) == (read_as, Verdict.CLERK)
    assert rules(reading, "vin") == ["identifiers.vin.check_digit"]
    assert vin.candidates
    assert all(candidate.value != read_as for candidate in vin.candidates)
    assert [candidate.passes for candidate in vin.candidates] == sorted(
        (candidate.passes for candidate in vin.candidates), reverse=True
    )
    assert reading.verdict is Verdict.CLERK


def test_a_vin_of_an_unknown_maker_goes_to_a_clerk() -> None:
    body = "QQQ".replace("Q", "H") + RIGHT_VIN[3:]
    vin = body[:8] + vin_check_digit(body) + body[9:]
    reading = read([page(*a_vehicle_licence(vin))])
    assert rules(reading, "vin") == ["documents.unknown_maker"]


def test_an_id_number_that_contradicts_the_printed_birth_date_sends_both_to_a_clerk() -> None:
    reading = read([page(*an_id_card(born="1948年12月31日"))])
    assert rules(reading, "birth_date") == ["documents.birth_differs"]
    assert rules(reading, "id_number") == ["documents.birth_differs"]
    assert field(reading, "name").verdict is Verdict.ACCEPTED


def test_low_confidence_sends_a_value_to_a_clerk() -> None:
    reading = read([page(*an_id_card(), confidence=0.8)])
    assert rules(reading, "name") == ["documents.low_confidence"]
    assert field(reading, "name").value == "汪鑫"


def test_on_a_poor_page_free_text_must_be_surer_than_on_a_good_one() -> None:
    def confidence_of(text: str, *, poor: bool) -> float:
        return 0.975 if text == "姓名汪鑫" else 0.8 if poor and text.startswith("住址") else 0.99

    for poor, expected in ((False, []), (True, ["documents.low_confidence"])):
        boxes = tuple(
            box(text, x, y, confidence=confidence_of(text, poor=poor)) for text, x, y in an_id_card()
        )
        reading = read([Page(1000, 700, boxes)])
        assert (reading.value("name"), rules(reading, "name")) == ("汪鑫", expected)


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        ("112244", []),
        ("AB2345670", []),
        ("G4F0112244", ["documents.ambiguous_characters"]),
        ("GO112244", ["documents.ambiguous_characters"]),
    ],
)
def test_an_engine_number_in_which_0_may_be_o_goes_to_a_clerk(engine: str, expected: list[str]) -> None:
    runs = tuple((engine, x, y) if text == "112244" else (text, x, y) for text, x, y in a_vehicle_licence())
    assert rules(read([page(*runs)]), "engine_number") == expected


def test_dates_out_of_order_or_in_the_future_go_to_a_clerk() -> None:
    runs = tuple(
        ("发证日期2017-06-14", x, y) if text.startswith("发证日期") else (text, x, y)
        for text, x, y in a_vehicle_licence(RIGHT_VIN)
    )
    reading = read([page(*runs)], today=date(2018, 1, 1))
    assert rules(reading, "issue_date") == ["documents.dates_out_of_order"]
    assert rules(reading, "register_date") == [
        "documents.dates_out_of_order",
        "documents.date_in_future",
    ]


def test_an_impossible_date_goes_to_a_clerk_as_it_was_read() -> None:
    runs = tuple(
        ("发证日期2018-02-30", x, y) if text.startswith("发证日期") else (text, x, y)
        for text, x, y in a_vehicle_licence(RIGHT_VIN)
    )
    reading = read([page(*runs)])
    assert (field(reading, "issue_date").value, rules(reading, "issue_date")) == (
        "2018-02-30",
        ["documents.no_date"],
    )


def test_a_use_outside_the_vocabulary_goes_to_a_clerk_with_the_nearest() -> None:
    runs = tuple(
        ("使用性质非营云", x, y) if text.startswith("使用性质") else (text, x, y)
        for text, x, y in a_vehicle_licence(RIGHT_VIN)
    )
    use = field(read([page(*runs)]), "use")
    assert (use.value, [finding.rule for finding in use.why]) == ("非营云", ["documents.not_in_vocabulary"])
    assert "非营运" in [candidate.value for candidate in use.candidates]


def test_a_missing_field_is_named() -> None:
    runs = tuple(run for run in an_id_card() if not run[0].startswith("民族"))
    reading = read([page(*runs)])
    assert rules(reading, "nation") == ["documents.field_missing"]
    assert "nation" in {finding.field for finding in reading.why}


def test_what_the_id_number_repeats_is_proposed_where_it_was_not_found_and_never_filled_in() -> None:
    runs = tuple(run for run in an_id_card() if not run[0].startswith(("性别", "出生")))
    reading = read([page(*runs)])
    for key, proposed in (("sex", "女"), ("birth_date", "1949-12-31")):
        found = field(reading, key)
        assert (found.value, found.verdict) == ("", Verdict.CLERK)
        assert [(one.value, one.passes) for one in found.candidates] == [(proposed, True)]
    doubtful = tuple(
        ("110105194912310021" if run[0].startswith("1101") else run[0], *run[1:]) for run in runs
    )
    assert field(read([page(*doubtful)]), "sex").candidates == ()


def test_a_number_without_its_label_is_shown_but_never_accepted() -> None:
    runs = tuple(run for run in an_id_card() if run[0] != "公民身份号码")
    reading = read([page(*runs)])
    assert field(reading, "id_number").value == "11010519491231002X"
    assert rules(reading, "id_number") == ["documents.label_missing"]


def test_words_of_no_document_are_of_an_unknown_kind() -> None:
    reading = read([page(("今天天气很好", 10, 10))])
    assert (reading.kind, reading.verdict) == (Kind.UNKNOWN, Verdict.CLERK)
    assert [finding.rule for finding in reading.why] == ["documents.kind_unknown"]
    assert read([page()]).kind is Kind.UNKNOWN


def test_positions_are_given_on_the_photograph_even_if_the_page_was_turned() -> None:
    upright = field(read([page(*an_id_card())]), "name")
    turned = field(read([page(*an_id_card(), rotation=180)]), "name")
    assert upright.box is not None
    assert turned.box is not None
    left, top, right, bottom = upright.box
    assert turned.box == pytest.approx((1000 - right, 700 - bottom, 1000 - left, 700 - top))
    assert 110 <= left < right <= 175


def back(until: str) -> tuple[Run, ...]:
    return (
        ("中华人民共和国", 300, 50),
        ("居民身份证", 300, 120),
        ("签发机关", 200, 400),
        ("北京市公安局朝阳分局", 360, 400),
        ("有效期限", 200, 460),
        (f"2015.03.02-{until}", 360, 460),
    )


@pytest.mark.parametrize(
    ("until", "value", "why"),
    [
        ("2035.03.02", "2035-03-02", []),
        ("长期", "长期", []),
        ("2034.03.02", "2034-03-02", ["documents.unusual_term"]),
        ("2O35.03.02", "", ["documents.no_date"]),
    ],
)
def test_a_term_of_an_id_card_is_5_10_or_20_years_or_long(until: str, value: str, why: list[str]) -> None:
    reading = read([page(*back(until))])
    assert reading.kind is Kind.ID_CARD_BACK
    assert reading.value("authority") == "北京市公安局朝阳分局"
    assert (reading.value("valid_until"), rules(reading, "valid_until")) == (value, why)


def a_driving_licence(*term: Run) -> tuple[Run, ...]:
    return (
        ("中华人民共和国机动车驾驶证", 200, 30),
        ("证号11010519491231002X", 300, 90),
        ("姓名汪鑫", 50, 140), ("性别女", 400, 140), ("国籍中国", 700, 140),
        ("住址北京市石景山区", 60, 190), ("鲁谷路74号3单元", 125, 228),
        ("大连市公", 62, 275), ("安局公安", 62, 320),
        ("出生日期1949-12-31", 300, 280),
        ("初次领证日期2009-06-01", 300, 340),
        ("准驾车型C1", 300, 400),
        *term,
    )  # fmt: skip


def test_a_stamp_below_an_address_does_not_become_part_of_it() -> None:
    reading = read([page(*a_driving_licence(("有效期限2021-06-01至2031-06-01", 50, 460)))])
    assert reading.value("address") == "北京市石景山区鲁谷路74号3单元"
    assert (reading.kind, reading.verdict) == (Kind.DRIVING_LICENCE, Verdict.ACCEPTED)


def test_an_old_driving_licence_gives_its_term_in_years() -> None:
    reading = read([page(*a_driving_licence(("有效起始日期2009-06-01", 50, 460), ("有效期限6年", 500, 460)))])
    assert (reading.value("valid_from"), reading.value("valid_until")) == ("2009-06-01", "2015-06-01")


def test_a_registration_certificate_splits_owner_and_number() -> None:
    reading = read(
        [
            page(
                ("机动车登记证书", 300, 30),
                ("1.机动车所有人/身份证明名称/号码", 50, 100),
                ("王京/居民身份证/11010519491231002X", 600, 100),
                ("9.车辆识别代号/车架号", 50, 160),
                (f"{RIGHT_VIN}", 400, 160),
                ("10.国产/进口", 700, 160),
                ("国产", 900, 160),
            )
        ]
    )
    assert reading.kind is Kind.REGISTRATION_CERTIFICATE
    assert reading.value("owner") == "王京"
    assert reading.value("owner_number") == "11010519491231002X"
    assert (reading.value("vin"), reading.value("origin")) == (RIGHT_VIN, "国产")


def test_the_name_in_an_owner_field_must_be_as_sure_as_any_name() -> None:
    title = box("机动车登记证书", 300, 30)
    label = box("1.机动车所有人/身份证明名称/号码", 50, 100)
    value = box("王京/居民身份证/11010519491231002X", 600, 100)
    unsure = replace(value, confidences=(0.99, 0.8, *value.confidences[2:]))
    reading = read([Page(1300, 700, (title, label, unsure))])
    assert (reading.value("owner"), rules(reading, "owner")) == ("王京", ["documents.low_confidence"])
    assert rules(reading, "owner_number") == []


def invoice(figures: str, words: str, net: str, tax: str) -> tuple[Run, ...]:
    return (
        ("机动车销售统一发票", 300, 30),
        ("价税合计", 50, 100),
        (words, 200, 100),
        (f"小写￥{figures}", 600, 100),
        ("增值税税额", 50, 160),
        (f"￥{tax}", 250, 160),
        ("不含税价", 50, 220),
        (f"小写￥{net}", 200, 220),
    )


def test_an_invoice_whose_words_figures_and_sum_agree_is_accepted() -> None:
    reading = read([page(*invoice("113000.00", "壹拾壹万叁仟圆整", "100000.00", "13000.00"))])
    assert [(reading.value(key), rules(reading, key)) for key in ("price", "tax", "price_without_tax")] == [
        ("113000.00", []),
        ("13000.00", []),
        ("100000.00", []),
    ]


def test_a_long_label_with_two_wrong_characters_still_ends_the_value_before_it() -> None:
    buyer = (
        ("购买方名称汪鑫", 50, 280),
        ("身份证号码/维积机构代码", 400, 280),
        ("11010519491231002X", 780, 280),
    )
    reading = read([page(*invoice("113000.00", "壹拾壹万叁仟圆整", "100000.00", "13000.00"), *buyer)])
    assert (reading.value("buyer"), reading.value("buyer_number")) == ("汪鑫", "11010519491231002X")


def test_an_invoice_that_does_not_add_up_goes_to_a_clerk() -> None:
    reading = read([page(*invoice("118000.00", "壹拾壹万叁仟圆整", "100000.00", "13000.00"))])
    assert rules(reading, "price") == ["documents.amounts_differ", "documents.sum_differs"]
    assert rules(reading, "tax") == ["documents.sum_differs"]
