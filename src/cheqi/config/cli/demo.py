"""`cheqi demo …`: a lender to look at, and the second factor of its people.

cheqi demo load [--cases 600]
cheqi demo code zhaolei
cheqi demo papers FOLDER [--person 1]
"""

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import django

HELP = "load the demo lender, print a member's current code, or draw a new customer's documents"
PERSONS = 9_999


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Three actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    load = actions.add_parser(
        "load", help="people, products, months of history; loading again changes nothing"
    )
    load.add_argument("--cases", type=int, default=600, help="finished applications (600)")
    code = actions.add_parser("code", help="the current one-time code of a demo member")
    code.add_argument("login")
    papers = actions.add_parser(
        "papers", help="photographs of an imaginary customer's documents, to try an application with"
    )
    papers.add_argument("folder", type=Path, help="where to put them")
    papers.add_argument(
        "--person",
        type=int,
        default=1,
        metavar="N",
        help=f"another number, another person: 1 to {PERSONS} (1)",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when it is there; 2 for somebody who is not of the demo, or a folder that cannot be written."""
    if arguments.action == "papers":
        return _papers(arguments.folder, arguments.person)
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


def _papers(folder: Path, person: int) -> int:
    from cheqi.demo import papers
    from cheqi.demo.drawing.fonts import FontIsMissing

    if not 1 <= person <= PERSONS:
        print(f"--person 应在 1 到 {PERSONS} 之间。", file=sys.stderr)
        return 2
    try:
        made = papers.write(folder, person, datetime.now(UTC).astimezone().date())
    except OSError as problem:
        print(f"写不进 {folder}：{problem.strerror}。请换一个可写的文件夹。", file=sys.stderr)
        return 2
    except FontIsMissing as problem:
        print(f"画不出证件，缺少中文字体：{problem}", file=sys.stderr)
        return 2
    print(f"已画好 {len(made.files)} 份虚构的证件照片：")
    print("\n".join(f"  {file}" for file in made.files))
    print("\n填写申请时与它们一致的内容：")
    print("\n".join(f"  {label}  {answer}" for label, answer in made.answers.items()))
    return 0


def _code(login: str) -> int:
    from cheqi.demo.second_factors import code_of

    try:
        print(code_of(login, datetime.now(UTC)))
    except KeyError:
        print(f"演示中没有 {login}。cheqi run --demo 启动时会列出所有演示账号。", file=sys.stderr)
        return 2
    return 0
