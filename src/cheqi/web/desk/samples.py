"""Made-up values for the style guide: every component in its states. All are fictitious."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cheqi.ui.choices import Badge, Tone
from cheqi.ui.parts import (
    Action,
    ActionBar,
    BallPanel,
    Box,
    Check,
    CheckList,
    Chip,
    DocumentViewer,
    EmptyState,
    Fact,
    FilterChips,
    Happening,
    Holder,
    KeyFacts,
    Stage,
    StageRail,
    StageState,
    TimeBar,
    Timeline,
    Upload,
)
from cheqi.ui.tables import Column, Kind, Table

NOW = datetime(2026, 11, 26, 6, 32, tzinfo=UTC)
IMAGE = "/static/ui/sample.svg"

BADGES = (
    Badge("通过", Tone.OK),
    Badge("差 18%", Tone.WARN),
    Badge("不符", Tone.BAD),
    Badge("第 3 步 / 共 6 步", Tone.INFO),
    Badge("未开始", Tone.IDLE),
    Badge("等待客户", Tone.WARN, "user"),
    Badge("已暂停", Tone.IDLE, "player-pause"),
)
BARS = (
    TimeBar(timedelta(minutes=23), timedelta(hours=4)),
    TimeBar(timedelta(minutes=192), timedelta(hours=4)),
    TimeBar(timedelta(minutes=266), timedelta(hours=4)),
    TimeBar(timedelta(minutes=60), timedelta(hours=4), is_paused=True),
    TimeBar(timedelta(minutes=60)),
)


def rail(now_at: int, stopped: int = -1) -> StageRail:
    """The six stages of an application, the one at `now_at` open."""
    titles = ("申请", "资料", "核验", "审批", "签约", "放款")
    states = []
    for index in range(len(titles)):
        if index == stopped:
            states.append(StageState.STOPPED)
        elif index < now_at:
            states.append(StageState.DONE)
        else:
            states.append(StageState.NOW if index == now_at and stopped < 0 else StageState.TODO)
    return StageRail(tuple(Stage(title, state) for title, state in zip(titles, states, strict=True)))


BALLS = (
    BallPanel(Holder.WE, "审核员陈静正在处理", NOW - timedelta(minutes=72), timedelta(minutes=72), "审"),
    BallPanel(Holder.YOU, "请重拍行驶证副页", NOW - timedelta(hours=3), timedelta(hours=3)),
    BallPanel(Holder.REGISTRY, "杭州市车管所办理抵押登记", NOW - timedelta(days=1)),
    BallPanel(Holder.BANK, "银行正在放款", NOW - timedelta(minutes=20)),
    BallPanel(Holder.NOBODY, "款项已付给车商"),
)
FACTS = KeyFacts(
    (
        Fact("车价", "¥122,900.00"),
        Fact("首付", "¥36,900.00"),
        Fact("贷款", "¥86,000.00", is_strong=True),
        Fact("期限", "36 期"),
        Fact("年化利率", "6.84%"),
        Fact("月供", "¥2,649.14"),
        Fact("贷款成数", "69.98%", note="上限 70%"),
    )
)
CHECKS = CheckList(
    (
        Check("身份证校验位", Badge("通过", Tone.OK)),
        Check("姓名三处一致", Badge("通过", Tone.OK)),
        Check("VIN 校验位", Badge("不符", Tone.BAD), "第 9 位应为 4"),
        Check("流水与申报收入", Badge("差 18%", Tone.WARN)),
    )
)
HAPPENINGS = (
    Happening(NOW - timedelta(minutes=72), "分派给您：负荷最低，未参与录入", "系统", is_mine=True),
    Happening(
        NOW - timedelta(minutes=74),
        "身份证通过校验",
        "系统",
        "识别模型 v6，人工未改动",
        Tone.OK,
        proof_url="#",
    ),
    Happening(NOW - timedelta(minutes=95), "上传 5 份资料（手机）", "王岚"),
    Happening(NOW - timedelta(days=1), "建档", "客户经理赵明", "来源：到店", proof_url="#"),
)
TIMELINE = Timeline(HAPPENINGS)
LOG = Timeline(HAPPENINGS, is_log=True)
VIEWER = DocumentViewer(
    title="行驶证 主页",
    image_url=IMAGE,
    width=640,
    height=412,
    boxes=(
        Box("plate", "号牌号码", ((142, 60), (272, 60), (272, 94), (142, 94))),
        Box("vin", "识别代号", ((142, 252), (386, 252), (386, 286), (142, 286)), Tone.WARN),
    ),
    number=2,
    total=5,
    previous_url="#back",
    next_url="#next",
)
UPLOADS = (
    Upload("new", "行驶证副页", "/desk/_styleguide/upload/", hint="放在深色桌面上，四角完整"),
    Upload(
        "retake",
        "行驶证主页",
        "/desk/_styleguide/upload/",
        refused="反光，看不清后 4 位",
        current_url=IMAGE,
        example_url=IMAGE,
        example_hint="四角完整，字迹清楚",
    ),
    Upload("desk", "购车发票", "/desk/_styleguide/upload/", is_camera_first=False, hint="JPEG、PNG 或 PDF"),
)
ACTIONS = ActionBar(
    (
        Action("退回补件", opens="give-back"),
        Action("转交", url="/desk/_styleguide/act/", question="把这件转交给周敏？", shortcut="t"),
        Action("通过", is_primary=True, why_not="识别代号待确认（1 项）"),
    )
)
READY = ActionBar(
    (Action("退回补件", opens="give-back"), Action("通过", url="#", is_primary=True, shortcut="e")),
    note="四项核对都已完成",
)
CHIPS = FilterChips(
    "筛选",
    (
        Chip("全部", "?", is_on=True, count=381),
        Chip("超时", "?late=1", count=12),
        Chip("我的", "?mine=1", count=9),
    ),
)
EMPTY = EmptyState(
    "现在没有待办", "新的任务会自动出现在这里，最紧急的在最上面。", "circle-check", "查看全部案件", "#"
)


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One line of the sample table."""

    number: str
    customer: str
    state: Badge
    amount_fen: int
    left: TimeBar
    opened_at: datetime
    url: str = "#"


class SampleTable(Table):
    """The sample list of cases."""

    key = "samples"
    caption = "案件"
    search_hint = "单号或姓名"
    empty = EmptyState("还没有案件", "客户提交申请后，案件会出现在这里。", "file-text", "新建申请", "#")
    columns = (
        Column("number", "单号", Kind.LINK, sort="number", is_optional=False),
        Column("customer", "客户"),
        Column("state", "状态", Kind.BADGE),
        Column("amount_fen", "贷款额", Kind.MONEY, sort="amount_fen"),
        Column("left", "剩余", Kind.TIME_BAR, sort="due_at"),
        Column("opened_at", "开始", Kind.MOMENT, sort="opened_at"),
    )


ROWS = [
    SampleRow("CQ-2026-000364", "何川", BADGES[2], 15_200_000, BARS[2], NOW - timedelta(hours=5)),
    SampleRow("CQ-2026-000381", "王岚", BADGES[1], 8_600_000, BARS[1], NOW - timedelta(hours=3)),
    SampleRow("CQ-2026-000390", "林小满", BADGES[0], 11_860_000, BARS[0], NOW - timedelta(days=1)),
]
