"""Fictitious people, companies and vehicles, the same for the same seed.

Their numbers pass every check and belong to nobody: ID numbers and credit codes use county 99 of a province's
first city, which does not exist; cards start with 620000; mobiles are 1380000….

>>> a_person(7) == a_person(7)
True
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from cheqi.core.base.identifiers import (
    VIN_ALPHABET,
    id_check_digit,
    luhn_digit,
    uscc_check_character,
    vin_check_digit,
)

_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁"
    "任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙史陶黎贺毛郝顾龚邵万覃武钱戴严"
    "莫孔向常汤"
)
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂梓涵宇轩浩然欣怡子晨思雨嘉俊佳琪雪梅建国志华文博"
    "晓东海燕春红玉婷鹏飞旭阳振宁立新国庆永康瑞林慧颖若曦泽楷睿渊彤瑶琳炜烨"
)
_MINORITY = (
    ("维吾尔", "艾力·买买提"), ("维吾尔", "古丽娜尔·阿不都拉"), ("蒙古", "巴特尔"), ("藏", "扎西多吉"),
    ("回", "马玉兰"),
    ("壮", "韦国强"), ("满", "关立新"), ("苗", "龙阿朵"), ("哈萨克", "叶尔江·胡安别克"), ("彝", "阿依木呷"),
    ("土家", "向永红"),
)  # fmt: skip
_CITIES = (
    ("11", "北京市", "", ("朝阳区", "海淀区", "石景山区"), "京", "ANQ"),
    ("31", "上海市", "", ("浦东新区", "闵行区", "徐汇区"), "沪", "ABC"),
    ("44", "广东省", "深圳市", ("南山区", "福田区", "龙岗区"), "粤", "B"),
    ("32", "江苏省", "南京市", ("玄武区", "鼓楼区", "江宁区"), "苏", "A"),
    ("51", "四川省", "成都市", ("武侯区", "青羊区", "锦江区"), "川", "A"),
    ("42", "湖北省", "武汉市", ("洪山区", "江岸区", "武昌区"), "鄂", "A"),
    ("61", "陕西省", "西安市", ("雁塔区", "碑林区", "未央区"), "陕", "A"),
    ("37", "山东省", "青岛市", ("市南区", "崂山区", "黄岛区"), "鲁", "B"),
    ("45", "广西壮族自治区", "南宁市", ("青秀区", "兴宁区", "西乡塘区"), "桂", "A"),
    ("65", "新疆维吾尔自治区", "乌鲁木齐市", ("天山区", "沙依巴克区"), "新", "A"),
    ("33", "浙江省", "杭州市", ("西湖区", "滨江区", "余杭区"), "浙", "A"),
    ("21", "辽宁省", "大连市", ("中山区", "甘井子区"), "辽", "B"),
)
_ROADS = (
    "民族大道",
    "人民路",
    "解放东路",
    "建设一路",
    "长江街",
    "滨河北路",
    "学府路",
    "科技南十二路",
    "中山路",
    "和平里东街",
    "青年大街",
    "桃园路",
)
_ESTATES = ("阳光花园", "翠湖天地", "锦绣家园", "绿地国际", "幸福里小区", "万和城", "书香门第", "紫荆苑")
_BRANDS = (
    ("大众牌", "SVW7147", "LSV", "小型轿车", "汽油", "上汽大众汽车有限公司"),
    ("别克牌", "SGM7153", "LSG", "小型轿车", "汽油", "上汽通用汽车有限公司"),
    ("比亚迪牌", "BYD7005", "LGX", "小型轿车", "电", "比亚迪汽车工业有限公司"),
    ("特斯拉牌", "TSL7000", "LRW", "小型轿车", "电", "特斯拉（上海）有限公司"),
    ("丰田牌", "GTM6480", "LVG", "小型普通客车", "汽油", "广汽丰田汽车有限公司"),
    ("本田牌", "DHW6454", "LVH", "小型普通客车", "汽油", "东风本田汽车有限公司"),
    ("长城牌", "CC1031", "LGW", "轻型普通货车", "柴油", "长城汽车股份有限公司"),
    ("五菱牌", "LZW6431", "LZW", "小型面包车", "汽油", "上汽通用五菱汽车股份有限公司"),
    ("奔驰牌", "BJ7204", "LE4", "小型轿车", "汽油", "北京奔驰汽车有限公司"),
    ("哈弗牌", "CC6461", "LGW", "小型越野客车", "汽油", "长城汽车股份有限公司"),
)
_TRADES = ("贸易", "科技", "物流", "餐饮管理", "建筑装饰工程", "汽车租赁", "信息技术", "农业开发")
_WORDS = "华盛鑫达恒信瑞丰中远博雅德隆安泰宏图嘉禾新航金诚"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    name: str
    sex: str
    nation: str
    birth_date: date
    id_number: str
    address: str
    province: str
    city: str
    district: str
    mobile: str
    bank_card: str


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A car that was never built. `price_fen` includes 13 % VAT."""

    plate: str
    vehicle_type: str
    brand: str
    model: str
    vin: str
    engine_number: str
    colour: str
    fuel: str
    use: str
    maker: str
    register_date: date
    issue_date: date
    price_fen: int


@dataclass(frozen=True, slots=True)
class Company:
    """A company that was never registered."""

    name: str
    uscc: str
    type: str
    representative: str
    address: str
    capital: str
    established_date: date
    scope: str


def a_person(seed: int, today: date = date(2026, 10, 1)) -> Person:
    """A grown-up of 20 to 65 years."""
    dice = random.Random(f"person {seed}")
    code, province, city, districts, *_ = dice.choice(_CITIES)
    sex = dice.choice("男女")
    nation, name = "汉", dice.choice(_SURNAMES) + "".join(dice.sample(_GIVEN, dice.choice((1, 2, 2, 2))))
    if dice.random() < 0.15:
        nation, name = dice.choice(_MINORITY)
    birth = today - timedelta(days=dice.randint(20 * 365, 65 * 365))
    sequence = dice.randrange(100, 1000, 2) + (1 if sex == "男" else 0)
    body = f"{code}0199{birth:%Y%m%d}{sequence:03}"
    card = "620000" + "".join(dice.choices("0123456789", k=dice.choice((9, 12))))
    district = dice.choice(districts)
    return Person(
        name,
        sex,
        nation,
        birth,
        body + id_check_digit(body),
        _an_address(dice, province + city, district),
        province,
        city,
        district,
        f"1380000{dice.randrange(10_000):04}",
        card + luhn_digit(card),
    )


def a_vehicle(seed: int, today: date = date(2026, 10, 1)) -> Vehicle:
    """A car registered in the last twelve years."""
    dice = random.Random(f"vehicle {seed}")
    *_, character, letters = dice.choice(_CITIES)
    brand, model, maker, vehicle_type, fuel, factory = dice.choice(_BRANDS)
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
    registered = today - timedelta(days=dice.randint(30, 12 * 365))
    number = f"{dice.choice('DF')}{dice.choice(alphabet)}{dice.randrange(10_000):04}"
    if fuel != "电":
        number = "".join(dice.choices(alphabet, k=4)) + dice.choice("0123456789")
    body = (
        maker + "".join(dice.choices(VIN_ALPHABET, k=5)) + "0" + dice.choice("ABCDEFGHJKLMNPRSTVWXY123456789")
    )
    body += dice.choice(VIN_ALPHABET) + "".join(dice.choices("0123456789", k=6))
    return Vehicle(
        character + dice.choice(letters) + number,
        vehicle_type,
        brand,
        model + "".join(dice.choices("ABCDEFGHJKLMNP", k=2)) + dice.choice(("5", "6A", "BEV1", "2")),
        body[:8] + vin_check_digit(body) + body[9:],
        _an_engine(dice),
        dice.choice(("白", "黑", "灰", "红", "蓝", "棕", "银")),
        fuel,
        dice.choice(("非营运", "非营运", "非营运", "预约出租客运", "租赁", "货运")),
        factory,
        registered,
        registered + timedelta(days=dice.choice((0, 0, 0, 400))),
        dice.randrange(4_000_000, 60_000_000, 10_000),
    )


def a_company(seed: int, today: date = date(2026, 10, 1)) -> Company:
    """A limited company or a self-employed business."""
    dice = random.Random(f"company {seed}")
    code, province, city, districts, *_ = dice.choice(_CITIES)
    short = "".join(dice.sample(_WORDS, dice.choice((2, 3, 4))))
    trade = dice.choice(_TRADES)
    place = (city or province).removesuffix("市")
    is_limited = dice.random() < 0.8
    name = f"{place}{short}{trade}有限公司" if is_limited else f"{place}{short}{trade}经营部"
    if is_limited and dice.random() < 0.3:
        name = f"{short}（{place}）{trade}有限公司"
    body = ("91" if is_limited else "92") + f"{code}0199MA" + "".join(dice.choices("0123456789ABCDEFGH", k=6))
    organisation = body[8:16]
    body += _organisation_check(organisation)
    return Company(
        name,
        body + uscc_check_character(body),
        dice.choice(("有限责任公司（自然人独资）", "有限责任公司", "有限责任公司（自然人投资或控股）"))
        if is_limited
        else "个体工商户",
        dice.choice(_SURNAMES) + "".join(dice.sample(_GIVEN, 2)),
        _an_address(dice, province + city, dice.choice(districts)),
        dice.choice(("伍拾万元整", "壹佰万元整", "壹仟万元整", "100万元人民币")),
        today - timedelta(days=dice.randint(400, 9000)),
        f"{trade}；技术咨询、技术服务；日用百货销售。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
    )


def _an_address(dice: random.Random, city: str, district: str) -> str:
    road = f"{dice.choice(_ROADS)}{dice.randint(1, 899)}号"
    estate, floor = dice.choice(_ESTATES), dice.randint(1, 30)
    home = dice.choice(
        (
            "",
            f"{estate}{floor}栋{dice.randint(1, 3)}单元{dice.randint(101, 3204)}室",
            f"{floor}号楼{dice.randint(101, 2904)}",
        )
    )
    return f"{city}{district}{road}{home}"


def _an_engine(dice: random.Random) -> str:
    digits = "".join(dice.choices("0123456789", k=6))
    letters = "".join(dice.choices("ABCDEFGHJKLMNPRSTUVWXYZ", k=dice.choice((0, 2, 3))))
    return letters + dice.choice("23456789") + digits


def _organisation_check(first_8: str) -> str:
    """The check character of GB 11714, which stands ninth in an organisation code."""
    values = [int(character) if character.isdigit() else ord(character) - 55 for character in first_8]
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(value * weight for value, weight in zip(values, weights, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))
