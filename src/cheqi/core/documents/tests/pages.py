"""Pages made by hand, as a recogniser would give them: runs of text at places, optionally tilted."""

import math

from cheqi.core.documents.boxes import Box, Page

HEIGHT = 30.0
Run = tuple[str, float, float]


def box(text: str, x: float, y: float, *, confidence: float = 0.99, degrees: float = 0.0) -> Box:
    """A run of full-width characters starting at x, centred on y, turned about the origin."""
    width = sum(HEIGHT if ord(letter) > 255 else HEIGHT / 2 for letter in text)
    top, low = y - HEIGHT / 2, y + HEIGHT / 2
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = ((x, top), (x + width, top), (x + width, low), (x, low))
    turned = tuple((a * cos - b * sin, a * sin + b * cos) for a, b in corners)
    steps, place = [], 0.0
    for letter in text:
        share = (HEIGHT if ord(letter) > 255 else HEIGHT / 2) / width
        steps.append(place + share / 2)
        place += share
    return Box(text, confidence, turned, (confidence,) * len(text), tuple(steps))


def page(*runs: Run, confidence: float = 0.99, degrees: float = 0.0, rotation: int = 0) -> Page:
    """A page of runs."""
    boxes = tuple(box(text, x, y, confidence=confidence, degrees=degrees) for text, x, y in runs)
    return Page(1000, 700, boxes, rotation)


def an_id_card(number: str = "11010519491231002X", born: str = "1949年12月31日") -> tuple[Run, ...]:
    """The runs of an ID card's portrait side, labels and values merged."""
    return (
        ("姓名汪鑫", 50, 60),
        ("性别女", 50, 130),
        ("民族汉", 250, 130),
        (f"出生{born}", 50, 200),
        ("住址北京市朝阳区民族大道", 50, 270),
        ("18号楼402室", 130, 312),
        ("公民身份号码", 50, 450),
        (number, 300, 450),
    )


def a_vehicle_licence(vin: str = "LSVAU2180N2183294") -> tuple[Run, ...]:
    """The runs of a vehicle licence, labels split from values as they come."""
    return (
        ("中华人民共和国机动车行驶证", 200, 30),
        ("号牌号码", 50, 90), ("京AA5599", 220, 88), ("车辆类型", 500, 90), ("小型轿车", 650, 88),
        ("Plate No.", 50, 112),
        ("所有", 50, 150), ("人王京", 130, 150),
        ("Owner", 50, 172),
        ("住", 50, 210), ("址北京市石景山区鲁谷路74号", 140, 210),
        ("使用性质非营运", 50, 270), ("品牌型号", 500, 270), ("讴歌牌GHA7152DAD5B", 650, 270),
        ("车辆识别代号", 300, 330), (vin, 520, 328),
        ("发动机号码", 300, 390), ("112244", 520, 390),
        ("注册日期2018-06-14", 300, 450), ("发证日期2018-06-14", 620, 450),
    )  # fmt: skip
