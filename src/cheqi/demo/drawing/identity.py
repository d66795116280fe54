"""ID card, both sides, as GA 448 and GB/T 31120 lay them out (85.6 × 54 mm)."""

import random
from datetime import date

from cheqi.demo.drawing.canvas import INK, LABEL, Canvas
from cheqi.demo.drawing.facts import Facts
from cheqi.demo.drawing.fonts import Face

SIZE = (1011, 638)


def front(facts: Facts, dice: random.Random) -> tuple[Canvas, dict[str, str]]:
    """Name to number, portrait on the right."""
    person, born = facts.person, facts.person.birth_date
    canvas = Canvas(SIZE, dice.choice(((226, 236, 240), (232, 232, 238), (222, 238, 234))), dice)
    canvas.pattern()
    size, small = dice.randint(32, 36), dice.randint(25, 28)
    left, value = 62, 62 + 4 * small

    def label(at: tuple[float, float], text: str) -> None:
        canvas.text(at, text, small, fill=LABEL, tracking=dice.choice((0, 8, 14)) if len(text) == 2 else 0)

    shift = dice.randint(-3, 3)
    label((left, 84), "姓名")
    canvas.text((value, 84 + shift), person.name, size + 4, tracking=dice.choice((0, 6)))
    label((left, 160), "性别")
    canvas.text((value, 160 + shift), person.sex, size)
    label((value + 110, 160), "民族")
    canvas.text((value + 110 + 4 * small, 160 + shift), person.nation, size)
    label((left, 234), "出生")
    x: float = value
    for number, unit in ((born.year, "年"), (born.month, "月"), (born.day, "日")):
        x = canvas.text((x, 234 + shift), str(number), size) + 14
        x = canvas.text((x, 234), unit, small, fill=LABEL) + 18
    label((left, 312), "住址")
    canvas.wrapped((value, 312 + shift), person.address, size, 452, leading=size + 14)
    label((left, 552), "公民身份号码")
    number_at = left + 6 * small + 60
    canvas.text(
        (number_at, 552 + shift), person.id_number, size + 4, face=Face.BOLD, tracking=dice.randint(5, 9)
    )
    canvas.portrait((670, 90), (260, 340))
    return canvas, {
        "name": person.name,
        "sex": person.sex,
        "nation": person.nation,
        "birth_date": born.isoformat(),
        "address": person.address,
        "id_number": person.id_number,
    }


def back(facts: Facts, dice: random.Random) -> tuple[Canvas, dict[str, str]]:
    """Emblem side: authority and term."""
    canvas = Canvas(SIZE, (230, 236, 238), dice)
    canvas.pattern()
    canvas.pen.ellipse((60, 60, 220, 220), fill=(196, 60, 50), outline=(150, 40, 40))
    canvas.text((290, 100), "中华人民共和国", 54, face=Face.SERIF, tracking=22)
    canvas.text((290, 200), "居民身份证", 70, face=Face.SERIF, tracking=40)
    authority = facts.place + "公安局" + dice.choice(("", facts.person.district.removesuffix("区") + "分局"))
    start = date(dice.randint(2012, facts.today.year - 1), dice.randint(1, 12), dice.randint(1, 28))
    until = f"{start.year + dice.choice((10, 20)):04}.{start:%m.%d}"
    if dice.random() < 0.2:
        until = "长期"
    size = dice.randint(31, 35)
    canvas.text((230, 460), "签发机关", size - 4, fill=INK)
    canvas.text((400, 460), authority, size)
    canvas.text((230, 550), "有效期限", size - 4, fill=INK)
    canvas.text((400, 550), f"{start:%Y.%m.%d}-{until}", size, tracking=dice.choice((0, 2)))
    return canvas, {
        "authority": authority,
        "valid_from": start.isoformat(),
        "valid_until": until.replace(".", "-"),
    }
