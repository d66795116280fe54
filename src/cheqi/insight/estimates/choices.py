"""Why an estimate is another one than before, and why there is none, in words."""

from enum import StrEnum

from cheqi.core.base.text import Text
from cheqi.core.process.forecast import Shortage


class Moved(StrEnum):
    """Why what is shown changed. FIRST: nothing was shown of this round before."""

    FIRST = ""
    RETURNED = "RETURNED"
    SLOWER = "SLOWER"
    YOUR_TURN = "YOUR_TURN"
    ELSEWHERE = "ELSEWHERE"
    OUR_TURN = "OUR_TURN"
    HISTORY = "HISTORY"


class Lacking(StrEnum):
    """Why there is no range: nobody can say, or it is not ours to say now."""

    HISTORY = "HISTORY"
    SLOWER = "SLOWER"
    YOUR_TURN = "YOUR_TURN"
    ELSEWHERE = "ELSEWHERE"


MOVED: dict[str, Text] = {
    Moved.RETURNED: Text("退回补件后重新办理", "It was sent back and is being done again"),
    Moved.SLOWER: Text("这一步比通常久", "This step takes longer than usual"),
    Moved.YOUR_TURN: Text("轮到您了，等您办好后继续计时", "It is your turn; we go on when you are done"),
    Moved.ELSEWHERE: Text("正在等待其他单位", "We are waiting for somebody else"),
    Moved.OUR_TURN: Text("又轮到我们办理", "It is our turn again"),
    Moved.HISTORY: Text("最近同类办理的时间有变化", "Such steps have recently taken a different time"),
}
LACKING: dict[str, Text] = {
    Lacking.HISTORY: Text("历史数据不足，暂不预计时间", "There is not enough history for an estimate"),
    Lacking.SLOWER: Text("比平时慢，我们已在跟进", "This takes longer than usual and we are following it up"),
    Lacking.YOUR_TURN: Text("轮到您办理", "It is your turn"),
    Lacking.ELSEWHERE: Text("正在等待其他单位", "We are waiting for somebody else"),
}
SHORT: dict[Shortage, Lacking] = {
    Shortage.FEW_FINISHED: Lacking.HISTORY,
    Shortage.TOO_MANY_OPEN: Lacking.HISTORY,
    Shortage.FEW_LASTED_SO_LONG: Lacking.SLOWER,
}
