"""Layouts, one difficulty each: rows without a known label, sentences, torn values, tables, shared labels."""

from dataclasses import replace

import pytest

from cheqi.core.base.identifiers import luhn_digit
from cheqi.core.documents.boxes import Box, Page
from cheqi.core.documents.kinds import Kind, recognise
from cheqi.core.documents.reading import Reading, Verdict, documents_in, read
from cheqi.core.documents.tests.pages import Run, a_vehicle_licence, an_id_card, box, page

CARD = "622848244209808401" + luhn_digit("622848244209808401")


def rules(reading: Reading, key: str) -> list[str]:
    return [finding.rule for field in reading.fields if field.key == key for finding in field.why]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("二手车销售统一发票买方单位/个人卖方单位/个人车牌照号车价合计", Kind.USED_CAR_INVOICE),
        (f"中国农业银行{CARD}有效期至VALIDTHRU06/28银联", Kind.BANK_CARD),
        (f"中国农业银行{CARD[:-1]}有效期", Kind.UNKNOWN),
        ("机动车交通事故责任强制保险单被保险人保险期间", Kind.INSURANCE_POLICY),
        ("强制保险标志2025保险期间保险单号号牌号码", Kind.COMPULSORY_INSURANCE_SIGN),
        ("增值税电子普通发票开票日期价税合计购买方名称销售方", Kind.UNKNOWN),
        ("护照签发机关公安部出入境管理局有效期至", Kind.UNKNOWN),
        ("居住证姓名性别民族出生住址公民身份号码", Kind.UNKNOWN),
        ("整车出厂合格证车辆品牌燃料种类轮胎规格制造厂名称发动机号国产/进口", Kind.UNKNOWN),
        ("签发机关北京市公安局", Kind.UNKNOWN),
        ("招商银行交易流水户名账号收入证明余额", Kind.BANK_STATEMENT),
    ],
)
def test_papers_that_share_words_are_told_apart(text: str, kind: Kind) -> None:
    assert recognise(text)[0] is kind


def test_a_label_merged_behind_the_value_of_a_split_label_is_found() -> None:
    runs = [run for run in an_id_card() if not run[0].startswith(("性别", "民族"))]
    reading = read([page(*runs, ("性别", 50, 130), ("女民族土家", 130, 130))])
    assert (reading.value("sex"), reading.value("nation")) == ("女", "土家")


def test_a_row_without_a_known_label_does_not_continue_the_address_silently() -> None:
    runs = (*an_id_card(), ("户籍", 50, 352), ("农业", 130, 352))
    reading = read([page(*runs)])
    assert reading.value("address") == "北京市朝阳区民族大道18号楼402室"
    assert rules(reading, "address") == ["documents.line_unsure"]


def a_business_licence(scope: tuple[Run, ...]) -> tuple[Run, ...]:
    return (
        ("营业执照", 400, 30),
        ("统一社会信用代码", 50, 90),
        ("91110000600037341L", 330, 90),
        ("名称", 50, 140),
        ("北京华盛贸易有限公司", 200, 140),
        ("法定代表人", 50, 190),
        ("汪鑫", 250, 190),
        ("住所", 700, 190),
        ("北京市石景山区鲁谷路", 800, 190),
        ("74号", 800, 232),
        ("经营范围", 50, 232),
        *scope,
    )


def test_a_title_inside_a_sentence_is_no_label() -> None:
    scope = (("技术服务，凭营业执照依法经", 200, 232), ("营", 200, 274))
    reading = read([page(*a_business_licence(scope))])
    assert reading.value("scope") == "技术服务，凭营业执照依法经营"


def test_a_second_line_beside_another_multi_line_value_still_counts() -> None:
    scope = (("技术服务、技术开发、技术", 200, 232), ("咨询", 200, 274))
    reading = read([page(*a_business_licence(scope))])
    assert (reading.value("address"), rules(reading, "address")) == ("北京市石景山区鲁谷路74号", [])


def with_room(value: Box, share: float) -> Box:
    """The same characters pushed into the first part of the box."""
    return replace(value, centres=tuple(centre * share for centre in value.centres))


@pytest.mark.parametrize(
    ("share", "expected"), [(1.0, []), (0.7, ["documents.character_missing"])], ids=["whole", "cut"]
)
def test_a_box_with_room_for_another_character_goes_to_a_clerk(share: float, expected: list[str]) -> None:
    boxes = tuple(
        with_room(box(text, x, y), share) if text.startswith("姓名") else box(text, x, y)
        for text, x, y in an_id_card()
    )
    reading = read([Page(1000, 700, boxes)])
    assert (reading.value("name"), rules(reading, "name")) == ("汪鑫", expected)


def test_a_hole_in_a_value_goes_to_a_clerk() -> None:
    runs = [run for run in a_vehicle_licence() if run[0] not in {"所有", "人王京"}]
    owner = box("北京华盛贸易有限公司", 200, 150)
    holed = replace(owner, centres=tuple(0.07 * place + (0.08 if place > 3 else 0.03) for place in range(10)))
    boxes = (*(box(text, x, y) for text, x, y in runs), box("所有人", 50, 150), holed)
    assert rules(read([Page(1000, 700, boxes)]), "owner") == ["documents.character_missing"]


STATEMENT: tuple[Run, ...] = (
    ("招商银行交易流水", 300, 30),
    ("户名：汪鑫", 50, 90),
    ("卡号：" + CARD, 400, 90),
    ("交易日期", 50, 200), ("账号", 250, 200), ("币种", 400, 200), ("摘要", 550, 200), ("余额", 700, 200),
    ("2024-01-05", 50, 240), ("8401", 250, 240), ("人民币", 400, 240), ("工资", 550, 240),
    ("8,000.00", 700, 240),
)  # fmt: skip


def test_the_headings_of_a_table_announce_nothing() -> None:
    reading = read([page(*STATEMENT, ("起止日期：2024-01-01至2024-06-30", 50, 140))])
    assert (reading.value("card_number"), rules(reading, "card_number")) == (CARD, [])
    assert reading.value("currency") == ""
    assert (reading.value("valid_from"), reading.value("valid_until")) == ("2024-01-01", "2024-06-30")


@pytest.mark.parametrize(
    "period",
    [
        (("2024-01-01 -- 2024-06-30", 300, 140),),
        (("起始日期：20240101", 50, 140), ("终止日期：20240630", 450, 140)),
        (("查询起止日期", 50, 140), ("2024.01.01-2024.06.30", 300, 140)),
        (("起止日期：2024-01-01至2024-06-30", 50, 140), ("查询时间：2024-07-02", 650, 140)),
    ],
    ids=["bare", "two labels", "long label", "beside the day of the query"],
)
def test_the_period_of_a_statement_is_found_however_it_is_written(period: tuple[Run, ...]) -> None:
    reading = read([page(*STATEMENT, *period)])
    assert (reading.value("valid_from"), reading.value("valid_until")) == ("2024-01-01", "2024-06-30")


def test_a_number_on_a_bank_card_needs_no_label_but_its_check() -> None:
    def card(number: str) -> Reading:
        grouped = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
        return read(
            [page(("中国农业银行", 50, 30), ("借记卡", 500, 30), ("银联", 600, 300), (grouped, 60, 200))]
        )

    right = card(CARD)
    assert (right.kind, right.value("card_number"), right.value("bank")) == (
        Kind.BANK_CARD,
        CARD,
        "中国农业银行",
    )
    assert rules(right, "card_number") == []
    wrong = card(CARD[:-2] + CARD[-1] + CARD[-2])
    assert wrong.value("card_number") == CARD[:-2] + CARD[-1] + CARD[-2]
    assert rules(wrong, "card_number") == ["identifiers.bank_card.check_digit"]


def test_of_one_label_on_two_rows_each_party_gets_its_own() -> None:
    reading = read(
        [
            page(
                ("二手车销售统一发票", 300, 30),
                ("买方单位/个人", 50, 90), ("汪鑫", 300, 90),
                ("单位代码/身份证号码", 450, 90), ("11010519491231002X", 770, 90),
                ("卖方单位/个人", 50, 150), ("王京华", 300, 150),
                ("单位代码/身份证号码", 450, 150), ("91110000600037341L", 770, 150),
            )
        ]
    )  # fmt: skip
    assert [reading.value(key) for key in ("buyer", "buyer_number", "seller", "seller_number")] == [
        "汪鑫",
        "11010519491231002X",
        "王京华",
        "91110000600037341L",
    ]


@pytest.mark.parametrize(
    ("figures", "expected"), [("1280.50", []), ("1260.50", ["documents.amounts_differ"])]
)
def test_a_premium_in_words_and_figures_must_agree(figures: str, expected: list[str]) -> None:
    premium = f"保险费合计（人民币大写）：壹仟贰佰捌拾元伍角（￥：{figures}元）"
    reading = read(
        [page(("机动车交通事故责任强制保险单", 200, 30), ("被保险人汪鑫", 50, 90), (premium, 50, 150))]
    )
    assert (reading.value("premium"), rules(reading, "premium")) == (figures, expected)


@pytest.mark.parametrize(
    ("name", "confidence", "expected", "candidates"),
    [
        ("方天", 0.997, ["documents.alike_characters"], ["方夭"]),
        ("方天", 0.9995, [], []),
        ("王方", 0.997, [], []),
        ("阿天·方治", 0.997, ["documents.alike_characters"], ["阿夭·方治", "阿天·方冶"]),
    ],
)
def test_a_name_with_a_look_alike_must_be_very_sure(
    name: str, confidence: float, expected: list[str], candidates: list[str]
) -> None:
    boxes = tuple(
        box(f"姓名{name}", x, y, confidence=confidence) if text.startswith("姓名") else box(text, x, y)
        for text, x, y in an_id_card()
    )
    reading = read([Page(1000, 700, boxes)])
    assert (reading.value("name"), rules(reading, "name")) == (name, expected)
    (field,) = [field for field in reading.fields if field.key == "name"]
    assert [candidate.value for candidate in field.candidates] == candidates


@pytest.mark.parametrize("drop", [-19, -12, 12, 19])
def test_values_printed_higher_or_lower_than_their_labels_are_found(drop: int) -> None:
    labels = (
        "号牌号码",
        "车辆类型",
        "所有人",
        "住址",
        "使用性质",
        "品牌型号",
        "发动机号码",
        "注册日期",
        "发证日期",
    )
    values = (
        "京AA5599", "小型轿车", "王京", "北京市石景山区鲁谷路74号", "非营运", "讴歌牌GHA7152DAD5B", "112244",
        "2018-06-14", "2018-06-14",
    )  # fmt: skip
    runs: list[Run] = [("中华人民共和国机动车行驶证", 200, 10)]
    for row, (label, value) in enumerate(zip(labels, values, strict=True)):
        runs += [(label, 50, 80 + 60 * row), (value, 260, 80 + 60 * row + drop)]
    reading = read([page(*runs)])
    keys = ("plate", "vehicle_type", "owner", "address", "use", "model", "engine_number", "register_date")
    assert tuple(reading.value(key) for key in keys) == values[:-1]


def test_a_name_and_number_under_one_label_are_told_apart() -> None:
    reading = read(
        [
            page(
                ("机动车销售统一发票", 300, 30),
                ("购买方名称及身份证号码/", 50, 88), ("组织机构代码", 50, 112),
                ("汪鑫", 450, 100), ("11010519491231002X", 560, 100),
                ("纳税人识别号", 50, 160), ("91110000600037341L", 300, 160),
            )
        ]
    )  # fmt: skip
    assert [reading.value(key) for key in ("buyer", "buyer_number", "seller_number")] == [
        "汪鑫",
        "11010519491231002X",
        "91110000600037341L",
    ]
    assert rules(reading, "buyer_number") == []


def test_a_word_of_the_title_is_not_the_account_number() -> None:
    runs = tuple(("账户交易流水", x, y) if "交易流水" in text else (text, x, y) for text, x, y in STATEMENT)
    reading = read([page(*runs)])
    assert (reading.value("card_number"), rules(reading, "card_number")) == (CARD, [])


def a_bank_card(y: float) -> tuple[Run, ...]:
    grouped = " ".join(CARD[at : at + 4] for at in range(0, len(CARD), 4))
    return (("中国农业银行", 50, y), ("借记卡", 500, y), (grouped, 60, y + 120), ("银联", 600, y + 200))


def test_a_bank_card_beside_another_document_is_one_of_two() -> None:
    documents = documents_in([page(*an_id_card(), *a_bank_card(650))])
    found = {(reading := read(document.pages)).kind: reading for document in documents}
    assert set(found) == {Kind.ID_CARD_FRONT, Kind.BANK_CARD}
    assert found[Kind.BANK_CARD].value("card_number") == CARD
    assert found[Kind.ID_CARD_FRONT].value("name") == "汪鑫"


def test_an_amount_without_its_label_is_shown_from_its_row_but_never_accepted() -> None:
    reading = read(
        [
            page(
                ("机动车销售统一发票", 300, 30),
                ("价税合计", 50, 100), ("壹拾壹万叁仟圆整", 200, 100), ("￥113000.00", 650, 100),
                ("增值税税率", 50, 160), ("13%", 220, 160), ("￥13000.00", 450, 160),
            )
        ]
    )  # fmt: skip
    for key, value in (("price", "113000.00"), ("tax", "13000.00")):
        assert (reading.value(key), rules(reading, key)) == (value, ["documents.label_missing"])


def test_a_label_on_two_lines_may_have_a_wrong_character() -> None:
    reading = read(
        [
            page(
                ("机动车销售统一发票", 300, 30),
                ("增值税税率", 50, 160), ("13%", 220, 160),
                ("指值税", 350, 148), ("税额", 350, 172), ("￥13000.00", 470, 160),
            )
        ]
    )  # fmt: skip
    assert (reading.value("tax"), rules(reading, "tax")) == ("13000.00", [])


@pytest.mark.parametrize(
    ("capital", "expected"),
    [("人民币贰仟万元整", []), ("民币贰仟万元整", ["documents.unusual_shape"]), ("1000万人民币", [])],
)
def test_capital_must_be_an_amount_and_nothing_else(capital: str, expected: list[str]) -> None:
    runs = (*a_business_licence((("技术服务", 200, 232),)), ("注册资本", 50, 300), (capital, 250, 300))
    assert rules(read([page(*runs)]), "capital") == expected


def test_two_cards_of_one_kind_on_one_photograph_are_two_documents() -> None:
    below = [(text, x, y + 600) for text, x, y in an_id_card(number="110105194912310038")]
    documents = documents_in([page(*an_id_card(), *below)])
    assert [read(document.pages).value("id_number") for document in documents] == [
        "11010519491231002X",
        "110105194912310038",
    ]


def test_one_document_is_never_taken_apart() -> None:
    for runs in (an_id_card(), a_vehicle_licence(), STATEMENT):
        whole = page(*runs)
        (document,) = documents_in([whole])
        assert document.pages == (whole,)
    assert read([page(*an_id_card())]).verdict is Verdict.ACCEPTED
