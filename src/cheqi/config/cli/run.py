"""`cheqi run`: the whole installation on this machine, until Ctrl-C.

Brings the database up to date, founds the demo lender with `--demo`, and keeps web server, worker and, unless
`--without-simulators`, the simulated outside systems running beside each other.
"""

import argparse
import os
import socket
import sys
import threading
import time
from datetime import UTC, datetime

import django

from cheqi.config.cli.demo import customer_lines, load_demo
from cheqi.config.outside import PUSH_PATH, SIMULATED_PORTS, SMTP_PORT
from cheqi.config.serving import web_arguments
from cheqi.config.supervisor import Child, supervise

HELP = "serve desk and portal with the worker beside them"
READY_WITHIN_SECONDS = 60
DEMO_CASES = 300
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 (what cannot be an address in a link)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and what runs beside the web server."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="processes of the web server (2)")
    parser.add_argument("--demo", action="store_true", help="found the demo lender first")
    parser.add_argument("--without-simulators", action="store_true", help="the outside systems are real")


def run(arguments: argparse.Namespace) -> int:
    """Runs until SIGINT or SIGTERM; 1 when something cannot start, with the reason."""
    wanted = {arguments.port: "网页服务 (--port)"}
    if not arguments.without_simulators:
        wanted |= {port: f"模拟系统 {name}" for name, port in SIMULATED_PORTS.items()}
        wanted[SMTP_PORT] = "模拟邮件服务器"
    if taken := [f"{port}（{what}）" for port, what in wanted.items() if is_taken(arguments.host, port)]:
        print("这些端口已被占用：" + "、".join(taken), file=sys.stderr)
        print(
            "请先结束占用它们的程序（可能是另一个 cheqi run），或换端口：网页用 --port，"
            "模拟系统用环境变量 CHEQI_SIMULATORS_FROM（默认 8101 起五个），模拟邮件用 CHEQI_SMTP_PORT。",
            file=sys.stderr,
        )
        return 1
    base = f"http://{arguments.host}:{arguments.port}"
    here = "127.0.0.1" if arguments.host in EVERYWHERE else arguments.host
    os.environ.setdefault("CHEQI_PUBLIC_URL", f"http://{here}:{arguments.port}")
    django.setup()
    prepare(demo=arguments.demo)
    stop = threading.Event()
    threading.Thread(
        target=announce, args=(arguments.host, arguments.port, stop, arguments.demo), daemon=True
    ).start()
    return supervise(children(arguments, base), stop)


def prepare(*, demo: bool) -> None:
    """Brings the database up to date; founds the demo lender with its history once, or only the processes."""
    from django.core.management import call_command

    from cheqi.demo.lender import publish_processes

    if demo:
        load_demo(DEMO_CASES)
        return
    call_command("migrate", verbosity=0, interactive=False)
    publish_processes(datetime.now(UTC))


def children(arguments: argparse.Namespace, base: str) -> list[Child]:
    """The processes, in the order in which they are ended."""
    web = Child("web", web_arguments(host=arguments.host, port=arguments.port, workers=arguments.workers))
    worker = Child("worker", ["-m", "cheqi", "worker"])
    if arguments.without_simulators:
        return [web, worker]
    pushes = [*("--callback-base", f"{base}{PUSH_PATH}"), *("--step-seconds", "3")]
    return [web, worker, Child("simulators", ["-m", "cheqi", "simulate", "all", *pushes])]


def announce(host: str, port: int, stop: threading.Event, demo: bool) -> None:  # noqa: FBT001 (a thread's target)
    """Prints the addresses once the web server answers."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not is_taken(host, port):
        if stop.wait(0.2) or time.monotonic() > deadline:
            return
    base = f"http://{host}:{port}"
    lines = [
        "",
        "  车契已启动      Ctrl-C 停止",
        f"  客户端（手机）  {base}/",
        f"  工作台          {base}/desk/",
        f"  接口文档        {base}/api/v1/docs",
        f"  短信与邮件      http://127.0.0.1:{SIMULATED_PORTS['sms']}/inbox（模拟，验证码在这里看）",
        f"                  http://127.0.0.1:{SIMULATED_PORTS['mail']}/inbox",
    ]
    if demo:
        lines += demo_log_ins()
    print("\n".join(lines), flush=True)


def demo_log_ins() -> list[str]:
    """Who can log in to the demo."""
    from cheqi.demo.lender import PASSWORD, PEOPLE
    from cheqi.foundation.staff.roles import ROLES

    lines = ["", f"  演示账号（密码都是 {PASSWORD}）"]
    for login, name, branch, roles in PEOPLE:
        titles = "、".join(ROLES[role].title.zh for role in roles)
        lines.append(f"    {login:<10} {name}  {titles}{'' if branch is None else f' · {branch}'}")
    lines.append("  登录的动态验证码：另开一个终端运行 .venv/bin/cheqi demo code 账号")
    lines += ["", *customer_lines(), "    其他手机号  新客户，从头申请"]
    return [*lines, "    没有证件照片？ .venv/bin/cheqi demo papers 文件夹  画一套虚构的，并给出要填的内容"]


def is_taken(host: str, port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0
