"""Registration certificate, purchase invoice and business licence: the larger papers."""

import random
from datetime import timedelta

from cheqi.demo.drawing.canvas import RED, Canvas
from cheqi.demo.drawing.facts import Facts, owner_of
from cheqi.demo.drawing.fonts import Face, font
from cheqi.demo.people import a_company

_CAPITALS = "零壹贰叁肆伍陆柒捌玖"


def in_words(fen: int) -> str:
    """The amount in Chinese capitals, as invoices print it: 12800000 is 壹拾贰万捌仟圆整."""
    yuan, rest = divmod(fen, 100)
    words = ""
    for power, unit in ((8, "亿"), (4, "万"), (0, "圆")):
        section = yuan // 10**power % 10_000
        if section:
            words += ("零" if words and section < 1000 else "") + _section(section) + (unit if power else "")
    tenths, cents = divmod(rest, 10)
    words = (words or "零") + "圆"
    if not rest:
        return words + "整"
    words += f"{_CAPITALS[tenths]}角" if tenths else "零"
    return words + (f"{_CAPITALS[cents]}分" if cents else "")


def _section(number: int) -> str:
    words, zero = "", False
    for power, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // power % 10
        if digit:
            words += ("零" if zero and words else "") + _CAPITALS[digit] + unit
            zero = False
        else:
            zero = True
    return words


def certificate(facts: Facts, dice: random.Random) -> tuple[Canvas, dict[str, str]]:
    """Summary and vehicle table of a registration certificate on one page."""
    car = facts.vehicle
    owner, paper, number = owner_of(facts, dice)
    canvas = Canvas((1300, 1120), dice.choice(((238, 240, 232), (236, 236, 242))), dice)
    canvas.pattern(5)
    canvas.text((430, 60), "机动车登记证书", 54, face=Face.SERIF, tracking=10)
    size = dice.randint(22, 25)
    certificate_number = "".join(dice.choices("0123456789", k=12))
    canvas.text((820, 125), f"编号：{certificate_number}", size)
    registry = facts.place + "公安局交通警察支队车辆管理所"
    made = car.register_date - timedelta(days=dice.randint(20, 300))
    truth = {
        "owner": owner,
        "owner_number": number,
        "registry": registry,
        "register_date": car.register_date.isoformat(),
        "plate": car.plate,
        "vehicle_type": car.vehicle_type,
        "brand": car.brand,
        "model": car.model,
        "colour": car.colour,
        "vin": car.vin,
        "origin": dice.choice(("国产", "国产", "进口")),
        "engine_number": car.engine_number,
        "fuel": car.fuel,
        "maker": car.maker,
        "use": car.use,
        "acquired_by": "购买",
        "made_date": made.isoformat(),
        "issue_date": car.issue_date.isoformat(),
    }
    wide = [("1.机动车所有人/身份证明名称/号码", f"{owner}/{paper}/{number}")]
    pairs = [
        ("2.登记机关", registry), ("3.登记日期", truth["register_date"]),
        ("4.机动车登记编号", car.plate), ("", ""),
        ("5.车辆类型", car.vehicle_type), ("6.车辆品牌", car.brand), ("7.车辆型号", car.model),
        ("8.车身颜色", car.colour),
        ("9.车辆识别代号/车架号", car.vin), ("10.国产/进口", truth["origin"]),
        ("11.发动机号", car.engine_number),
        ("12.发动机型号", ""), ("13.燃料种类", car.fuel), ("14.排量/功率", ""), ("15.制造厂名称", car.maker),
        ("16.转向形式", "方向盘"), ("30.使用性质", car.use), ("31.车辆获得方式", "购买"),
        ("32.车辆出厂日期", truth["made_date"]), ("34.发证日期", truth["issue_date"]),
    ]  # fmt: skip
    _table(canvas, wide, pairs, size)
    canvas.round_stamp((1120, 980), "机动车登记专用章")
    return canvas, truth


def _table(canvas: Canvas, wide: list[tuple[str, str]], pairs: list[tuple[str, str]], size: int) -> None:
    top, row, left, right = 165, 78, 50, 1250
    face = canvas.dice.choice((Face.SANS, Face.SERIF))
    shift = canvas.dice.randint(-4, 4)
    y = top
    for label, value in wide:
        canvas.pen.rectangle((left, y, right, y + row), outline=(110, 110, 120), width=2)
        after = canvas.text((left + 10, y + row / 2), label, size)
        fitting = size + 2
        while font(face, fitting).getlength(value) > right - after - 40:
            fitting -= 1
        canvas.text((after + 24, y + row / 2 + shift), value, fitting, face=face)
        y += row
    middle = left + 610
    for number, (label, value) in enumerate(pairs):
        x, end = (left, middle) if number % 2 == 0 else (middle, right)
        canvas.pen.rectangle((x, y, end, y + row), outline=(110, 110, 120), width=2)
        after = canvas.text((x + 10, y + row / 2), label, size)
        start = max(after + 16, x + 190)
        fits = (end - start - 8) / max(1, len(value))
        letters = min(size + 2, int(fits)) if any(ord(letter) > 255 for letter in value) else size + 2
        canvas.text((start, y + row / 2 + shift), value, letters, face=face)
        y += row if number % 2 else 0


def invoice(facts: Facts, dice: random.Random) -> tuple[Canvas, dict[str, str]]:
    """A unified invoice for the sale of a motor vehicle."""
    car = facts.vehicle
    buyer, _, number = owner_of(facts, dice)
    seller = a_company(dice.randrange(10**6), facts.today)
    net = round(car.price_fen / 1.13)
    truth = {
        "invoice_code": "1" + "".join(dice.choices("0123456789", k=11)),
        "invoice_number": "".join(dice.choices("0123456789", k=8)),
        "invoice_date": car.register_date.isoformat(),
        "buyer": buyer,
        "buyer_number": number,
        "vehicle_type": car.vehicle_type,
        "model": car.brand + car.model,
        "origin": facts.place,
        "certificate_number": "W" + "".join(dice.choices("0123456789", k=14)),
        "engine_number": car.engine_number,
        "vin": car.vin,
        "price_words": in_words(car.price_fen),
        "price": _yuan(car.price_fen),
        "seller": seller.name,
        "seller_number": seller.uscc,
        "tax_rate": "13%",
        "tax": _yuan(car.price_fen - net),
        "price_without_tax": _yuan(net),
    }
    canvas = Canvas((1500, 1020), (250, 250, 247), dice)
    canvas.text((430, 60), "机动车销售统一发票", 54, face=Face.SERIF, fill=(150, 60, 50), tracking=14)
    size = dice.randint(24, 26)
    canvas.text((60, 140), f"开票日期 {truth['invoice_date']}", size)
    canvas.text((980, 125), f"发票代码 {truth['invoice_code']}", size)
    canvas.text((980, 165), f"发票号码 {truth['invoice_number']}", size)
    mark = dice.choice(("￥", "¥"))
    buyer_label = dice.choice(("身份证号码/组织机构代码", "身份证号码／组织机构代码"))
    rows = [
        [("购买方名称", buyer, 700), (buyer_label, number, 700)],
        [
            ("车辆类型", truth["vehicle_type"], 420),
            ("厂牌型号", truth["model"], 560),
            ("产地", truth["origin"], 420),
        ],
        [("合格证号", truth["certificate_number"], 480), ("进口证明书号", "", 460), ("商检单号", "", 460)],
        [("发动机号码", truth["engine_number"], 600), ("车辆识别代号/车架号码", truth["vin"], 800)],
        [("价税合计", "⊗" + truth["price_words"], 900), ("小写", f"{mark}{truth['price']}", 500)],
        [("销货单位名称", truth["seller"], 900), ("电话", "010-12345678", 500)],
        [("纳税人识别号", truth["seller_number"], 760), ("账号", "6200001234567890", 640)],
        [
            ("增值税税率或征收率", "13%", 480),
            ("增值税税额", f"{mark}{truth['tax']}", 460),
            ("主管税务机关及代码", "", 460),
        ],
        [
            ("不含税价", f"小写{mark}{truth['price_without_tax']}", 700),
            ("吨位", "", 300),
            ("限乘人数", "5", 400),
        ],
    ]
    _ruled(canvas, rows, size)
    canvas.round_stamp((1180, 930), "发票专用章", 80)
    return canvas, truth


def _ruled(canvas: Canvas, rows: list[list[tuple[str, str, int]]], size: int) -> None:
    y, height = 200, 80
    shift = canvas.dice.randint(-5, 5)
    for row in rows:
        x: float = 50
        for label, value, width in row:
            canvas.pen.rectangle((x, y, x + width, y + height), outline=(150, 90, 80), width=2)
            after = canvas.text((x + 10, y + height / 2), label, size - 2, fill=(120, 60, 50))
            room = (width - (after - x) - 20) / max(1.0, len(value))
            wide = any("一" <= letter <= "龥" for letter in value)
            letters = min(size, int(room)) if wide else min(size, int(room * 1.6))
            canvas.text((after + 14, y + height / 2 + shift), value, max(14, letters))
            x += width
        y += height


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def business(facts: Facts, dice: random.Random) -> tuple[Canvas, dict[str, str]]:
    """A business licence in the landscape form of 2019."""
    company = facts.company
    canvas = Canvas((1480, 1050), (248, 246, 238), dice)
    canvas.pattern(4)
    canvas.pen.rectangle((25, 25, 1455, 1025), outline=(190, 160, 90), width=8)
    canvas.text((540, 170), "营业执照", 88, face=Face.SERIF, tracking=30)
    canvas.text((670, 250), "（副 本）", 34, face=Face.SERIF)
    size = dice.randint(27, 30)
    canvas.text((70, 110), "统一社会信用代码", size - 2)
    canvas.text((70, 152), company.uscc, size + 2, face=Face.BOLD)
    day = f"{company.established_date:%Y年%m月%d日}"
    is_limited = company.type != "个体工商户"
    spread = dice.choice((size * 2, size, 0))
    labelled = [
        ("名称", company.name),
        ("类型", company.type),
        ("法定代表人" if is_limited else "经营者", company.representative),
        ("经营范围", company.scope),
    ]
    y = 340.0
    for label, value in labelled:
        canvas.text((80, y), label, size, tracking=spread if len(label) == 2 else 0)
        y += canvas.wrapped((260, y), value, size + 1, 500, leading=size + 14) * (size + 14) + 40
    right = [("成立日期", day), ("住所" if is_limited else "经营场所", company.address)]
    if is_limited:
        right = [("注册资本", company.capital), *right[:1], ("营业期限", f"{day}至长期"), *right[1:]]
    y = 340.0
    for label, value in right:
        canvas.text((820, y), label, size, tracking=spread if len(label) == 2 else 0)
        y += canvas.wrapped((990, y), value, size + 1, 400, leading=size + 14) * (size + 14) + 40
    canvas.text((900, 880), "登记机关", size)
    canvas.round_stamp((1180, 890), "市场监督管理局")
    truth = {
        "uscc": company.uscc,
        "name": company.name,
        "type": company.type,
        "address": company.address,
        "representative": company.representative,
        "established_date": company.established_date.isoformat(),
        "scope": company.scope,
    }
    if is_limited:
        truth |= {
            "capital": company.capital,
            "valid_from": company.established_date.isoformat(),
            "valid_until": "长期",
        }
    canvas.text((70, 1000), "国家企业信用信息公示系统", 18, fill=RED)
    return canvas, truth
