"""Driving licence, vehicle licence and its second page, as GA 482 and GA 37 lay them out (88 × 60 mm)."""

import random
from datetime import date

from cheqi.demo.drawing.canvas import Canvas, Colour
from cheqi.demo.drawing.facts import Facts, owner_of
from cheqi.demo.drawing.fonts import Face

SIZE = (1040, 710)
_PAPERS: tuple[Colour, ...] = ((224, 232, 240), (236, 228, 238), (226, 236, 230), (240, 240, 236))


class _Form:
    """Labels with an English line below, values that the printer shifted a little, a line under each."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.canvas = Canvas(SIZE, dice.choice(_PAPERS), dice)
        self.canvas.pattern(6)
        self.small, self.size = dice.randint(23, 26), dice.randint(29, 33)
        self.shift = (dice.randint(-4, 10), dice.randint(-7, 5))
        self.face = dice.choice((Face.SANS, Face.SANS, Face.SERIF))

    def field(self, at: tuple[float, float], label: str, english: str, value: str, end: float) -> None:
        """One label and its value on a line that ends at `end`."""
        x, y = at
        spread = {2: 2.0, 3: 0.5}.get(len(label), 0.0) * self.small * self.dice.choice((0, 1, 1))
        after = self.canvas.text((x, y), label, self.small, tracking=spread)
        self.canvas.text((x, y + self.small * 0.95), english, round(self.small * 0.66))
        after = max(after, x + 4 * self.small) + 8 + self.shift[0]
        self.canvas.text(
            (after, y + self.shift[1]), value, self.size, face=self.face, tracking=self.dice.choice((0, 1))
        )
        self.canvas.rule((after, y + self.size * 0.75), (end, y + self.size * 0.75), (150, 150, 160))

    def wrapped(self, at: tuple[float, float], label: str, english: str, value: str) -> None:
        """One label and a value of up to two lines."""
        x, y = at
        self.canvas.text((x, y), label, self.small, tracking=2.0 * self.small * self.dice.choice((0, 1)))
        self.canvas.text((x, y + self.small * 0.95), english, round(self.small * 0.66))
        start = (x + 4 * self.small + 8 + self.shift[0], y + self.shift[1])
        self.canvas.wrapped(start, value, self.size, 970 - start[0], leading=self.size + 8, face=self.face)


def vehicle(facts: Facts, dice: random.Random) -> tuple[Canvas, dict[str, str]]:
    """The main page of a vehicle licence."""
    form, car = _Form(dice), facts.vehicle
    owner, _, _ = owner_of(facts, dice)
    address = facts.company.address if owner == facts.company.name else facts.person.address
    form.canvas.text((220, 60), "中华人民共和国机动车行驶证", 44, face=Face.SERIF)
    form.canvas.text((225, 100), "Vehicle License of the People's Republic of China", 22)
    form.field((50, 155), "号牌号码", "Plate No.", car.plate, 460)
    form.field((500, 155), "车辆类型", "Vehicle Type", car.vehicle_type, 990)
    form.field((50, 225), "所有人", "Owner", owner, 990)
    form.wrapped((50, 293), "住址", "Address", address)
    form.field((50, 372), "使用性质", "Use Character", car.use, 460)
    form.field((475, 372), "品牌型号", "Model", car.brand + car.model, 990)
    form.canvas.square_stamp((50, 430), [f"{facts.place[:3]}公", "安局公安", "交通管理局"][:3], 32)
    form.field((340, 445), "车辆识别代号", "VIN", car.vin, 990)
    form.field((340, 520), "发动机号码", "Engine No.", car.engine_number, 990)
    form.field((340, 600), "注册日期", "Register Date", car.register_date.isoformat(), 655)
    form.field((670, 600), "发证日期", "Issue Date", car.issue_date.isoformat(), 990)
    return form.canvas, {
        "plate": car.plate,
        "vehicle_type": car.vehicle_type,
        "owner": owner,
        "address": address,
        "use": car.use,
        "model": car.brand + car.model,
        "vin": car.vin,
        "engine_number": car.engine_number,
        "register_date": car.register_date.isoformat(),
        "issue_date": car.issue_date.isoformat(),
    }


def vehicle_back(facts: Facts, dice: random.Random) -> tuple[Canvas, dict[str, str]]:
    """The second page: file number, masses, size, inspections."""
    form, car = _Form(dice), facts.vehicle
    truth = {
        "plate": car.plate,
        "file_number": "".join(dice.choices("0123456789", k=12)),
        "seats": f"{dice.choice((2, 5, 5, 7))}人",
        "gross_mass": f"{dice.randrange(1500, 3000, 5)}kg",
        "curb_mass": f"{dice.randrange(1000, 2000, 5)}kg",
        "dimensions": f"{dice.randint(3800, 5200)}×{dice.randint(1650, 1980)}×{dice.randint(1400, 1900)}mm",
    }
    form.canvas.text((190, 60), "中华人民共和国机动车行驶证副页", 42, face=Face.SERIF)
    form.field((50, 140), "号牌号码", "", truth["plate"], 470)
    form.field((500, 140), "档案编号", "", truth["file_number"], 990)
    form.field((50, 215), "核定载人数", "", truth["seats"], 470)
    form.field((500, 215), "总质量", "", truth["gross_mass"], 990)
    form.field((50, 290), "整备质量", "", truth["curb_mass"], 470)
    form.field((500, 290), "核定载质量", "", "--", 990)
    form.field((50, 365), "外廓尺寸", "", truth["dimensions"], 560)
    form.field((600, 365), "准牵引总质量", "", "--", 990)
    form.canvas.text((50, 440), "备注", form.small, tracking=50)
    form.canvas.text((50, 520), "检验记录", form.small)
    record = f"检验有效期至{car.issue_date.year + 2}年{car.issue_date.month:02}月{car.plate[:2]}"
    form.canvas.text((190, 520), record, form.size - 3)
    return form.canvas, truth


def driving(facts: Facts, dice: random.Random) -> tuple[Canvas, dict[str, str]]:
    """The main page of a driving licence."""
    form, person = _Form(dice), facts.person
    grown = person.birth_date.year + 18
    first = date(dice.randint(grown, facts.today.year - 1), dice.randint(1, 12), dice.randint(1, 28))
    years = dice.choice((6, 10))
    start = first.replace(year=min(facts.today.year - 1, first.year + dice.choice((0, 6))))
    end = start.replace(year=start.year + years).isoformat() if dice.random() < 0.85 else "长期"
    klass = dice.choice(("C1", "C1", "C2", "B2", "A2", "C1D", "A1A2"))
    form.canvas.text((220, 55), "中华人民共和国机动车驾驶证", 44, face=Face.SERIF)
    form.canvas.text((235, 95), "Driving License of the People's Republic of China", 22)
    form.field((260, 145), "证号", "License No.", person.id_number, 900)
    form.field((50, 215), "姓名", "Name", person.name, 430)
    form.field((445, 215), "性别", "Sex", person.sex, 680)
    form.field((700, 215), "国籍", "Nationality", "中国", 990)
    form.wrapped((50, 285), "住址", "Address", person.address)
    form.canvas.square_stamp((50, 390), [f"{facts.place[:3]}公", "安局公安", "交通管理局"], 32)
    form.field((330, 390), "出生日期", "Date of Birth", person.birth_date.isoformat(), 740)
    form.field((330, 465), "初次领证日期", "Date of First Issue", first.isoformat(), 740)
    form.field((330, 540), "准驾车型", "Class", klass, 740)
    form.field((50, 635), "有效期限", "Valid Period", f"{start.isoformat()}至{end}", 740)
    form.canvas.portrait((800, 380), (180, 230))
    return form.canvas, {
        "id_number": person.id_number,
        "name": person.name,
        "sex": person.sex,
        "nationality": "中国",
        "address": person.address,
        "birth_date": person.birth_date.isoformat(),
        "first_issue_date": first.isoformat(),
        "vehicle_class": klass,
        "valid_from": start.isoformat(),
        "valid_until": end,
    }
