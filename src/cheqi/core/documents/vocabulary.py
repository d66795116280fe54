"""Closed lists that printed values come from: a value outside its list goes to a clerk.

Sources: GB/T 3304 (ethnic groups), GA 802-2019 (vehicle types), GA/T 16 (use), the driving classes of
公安部令第 162 号 and after.
"""

import re


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NATIONS = _words(
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 "
    "水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 "
    "德昂 保安 裕固 京 "
    "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 穿青人"
)
SEXES = frozenset({"男", "女"})
NATIONALITIES = frozenset({"中国"})
USES = _words(
    "非营运 营运 营转非 出租转非 公路客运 公交客运 出租客运 旅游客运 租赁 货运 教练 警用 消防 救护 "
    "工程救险 "
    "幼儿校车 小学生校车 初中生校车 中小学生校车 其他校车 危化品运输 危险货物运输 预约出租客运 "
    "预约出租转非 网约出租 家庭自用"
)
COLOURS = frozenset("白灰黄粉紫绿红蓝棕黑银金橙青")
FUELS = _words(
    "汽油 柴油 电 混合油 天然气 液化石油气 甲醇 乙醇 太阳能 氢 混合动力 汽油/电混合动力 纯电动 插电式混合动力"
)
ORIGINS = frozenset({"国产", "进口"})
VEHICLE_TYPE = re.compile(
    r"(?:大型|中型|小型|微型|重型|轻型|低速|三轮)?(?:普通|双层|卧铺|铰接|专用|越野|厢式|栏板|仓栅式|封闭|罐式|平板|集装箱|自卸|"
    r"特殊结构|半挂|全挂|多用途|轮式|两轮|二轮|正三轮|侧三轮|轻便|车辆运输|专项作业|专用校|校车|非载货)*"
    r"(?:轿车|客车|货车|载货汽车|牵引车|挂车|半挂车|摩托车|面包车|汽车|校车|作业车|专项作业车|车辆运输车|自卸车|越野客车)"
)
VEHICLE_CLASS = re.compile(r"(?:A[123]|B[12]|C[1-6]|[DEFMNP])+")
AUTHORITY = re.compile(
    r"[一-龥]{2,}(?:公安局|分局|派出所|总队|支队|大队|车辆管理所|交通管理局|交通警察局|管理局)"
)
COMPANY = re.compile(
    r"[一-龥A-Za-z0-9（）·&\-]{2,}(?:公司|厂|店|中心|合作社|商行|经营部|事务所|医院|学校|大学|局|委员会|"
    r"合伙企业|分公司|银行|集团|研究院|研究所|协会|服务部|门市部|酒楼|饭店|超市|工作室|（有限合伙）|（普通合伙）)(?:（[一-龥]+）)?"
)
PERSON = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{2,10}(?:·[\u3400-\u9fff]{1,10})+")
BANK = re.compile(r"[一-龥]{2,12}银行(?:股份有限公司)?|[一-龥]{2,12}农村信用(?:合作)?社(?:联合社)?")
CURRENCIES = _words("人民币 人民币元 CNY RMB 美元 USD 港币 HKD 欧元 EUR")
