"""`cheqi demo …`: a lender to look at, and the second factor of its people.

cheqi demo load [--cases 600]
cheqi demo code zhaolei
"""

import argparse
import sys
import time
from datetime import UTC, datetime

import django

HELP = "load the demo lender with its history, or print a demo member's current code"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Two actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    load = actions.add_parser(
        "load", help="people, products, months of history; loading again changes nothing"
    )
    load.add_argument("--cases", type=int, default=600, help="finished applications (600)")
    code = actions.add_parser("code", help="the current one-time code of a demo member")
    code.add_argument("login")


def run(arguments: argparse.Namespace) -> int:
    """0 when it is there; 2 for somebody who is not of the demo."""
    django.setup()
    if arguments.action == "code":
        return _code(arguments.login)
    load_demo(arguments.cases)
    print("\n".join(customer_lines()))
    return 0


def load_demo(cases: int) -> None:
    """Brings the database up to date and loads the demo lender; what is there already stays."""
    from django.core.management import call_command

    from cheqi.demo import loading
    from cheqi.demo.showcases import has_fonts

    began, now = time.monotonic(), datetime.now(UTC)
    call_command("migrate", verbosity=0, interactive=False)
    loaded, shown = loading.load_demo(now, cases=cases)
    if not loaded.cases and not shown:
        print("演示数据已在，没有改动。")
    else:
        seconds = round(time.monotonic() - began)
        print(
            f"已载入 {loaded.cases} 件申请（在办 {loaded.open} 件）、{loaded.events} 条记录、"
            f"{loaded.promises} 次时间承诺，用时 {seconds} 秒。"
        )
    if not has_fonts():
        print("没有中文字体，合同相关的演示客户未载入：请先运行 npm ci，再次载入即可补上。")


def customer_lines() -> list[str]:
    """The demo's customers: how each logs in, and what there is to see."""
    from cheqi.demo.showcases import STATES

    lines = ["  演示客户（手机号加短信验证码登录）"]
    return lines + [f"    {mobile}  {state}" for mobile, state in STATES]


def _code(login: str) -> int:
    from cheqi.demo.second_factors import code_of

    try:
        print(code_of(login, datetime.now(UTC)))
    except KeyError:
        print(f"演示中没有 {login}。cheqi run --demo 启动时会列出所有演示账号。", file=sys.stderr)
        return 2
    return 0
