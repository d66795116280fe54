"""`cheqi simulate NAME` runs a simulated outside system; `cheqi simulate all` runs every one in this process.

Each prints the address where it listens, on 127.0.0.1 only, and runs until it is ended. Port 0 takes a
free port. Example: `cheqi simulate sms --port 8104`, then read http://127.0.0.1:8104/inbox.
"""

import argparse
import signal
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from cheqi.adapters.credit_bureau.simulator import SimulatedCreditBureau
from cheqi.adapters.mail.simulator import SimulatedMailServer, smtp_server
from cheqi.adapters.payments.simulator import SimulatedBank
from cheqi.adapters.sms.simulator import SimulatedSmsProvider
from cheqi.adapters.vehicle_registry.simulator import SimulatedVehicleRegistry
from cheqi.adapters.wire.faults import Fault
from cheqi.adapters.wire.simulated import SimulatedSystem
from cheqi.adapters.wire.simulated_server import server_for
from cheqi.config.outside import SIMULATED_PORTS, SMTP_PORT, secret_for

POLL_S = 0.05  # how soon a server that is told to end looks up
HELP = "simulated outside systems: credit bureau, vehicle registry, bank, SMS, mail"


@dataclass(frozen=True, slots=True)
class Simulated:
    """A system, its name among our settings, and whether it calls us back."""

    make: Callable[..., SimulatedSystem]
    name: str
    pushes: bool = False


SYSTEMS = {
    "credit-bureau": Simulated(SimulatedCreditBureau, "credit_bureau"),
    "vehicle-registry": Simulated(SimulatedVehicleRegistry, "vehicle_registry", pushes=True),
    "payments": Simulated(SimulatedBank, "payments", pushes=True),
    "sms": Simulated(SimulatedSmsProvider, "sms", pushes=True),
    "mail": Simulated(SimulatedMailServer, "mail"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which system, where, how it calls back, how fast its time passes, and what goes wrong."""
    parser.add_argument("system", choices=[*SYSTEMS, "all"])
    parser.add_argument("--port", type=int, default=None, help="0 takes a free one; with `all` only 0")
    parser.add_argument("--smtp-port", type=int, default=SMTP_PORT, help="the mail server's SMTP port")
    parser.add_argument("--callback-base", default="", help="results are pushed to BASE/NAME")
    parser.add_argument("--step-seconds", type=float, default=0.0, help="time passes by itself this often")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME[:TIMES]", help="begins with it")


def run(arguments: argparse.Namespace) -> int:
    """Serves until SIGTERM or SIGINT."""
    if arguments.system == "all" and arguments.port:
        print("cheqi simulate all: each system has its usual port, or --port 0 gives each a free one")
        return 2
    stop = threading.Event()

    def end(signum: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    servers: list[socketserver.TCPServer] = []
    systems: list[SimulatedSystem] = []
    for name in SYSTEMS if arguments.system == "all" else [arguments.system]:
        system, opened = _open(name, arguments)
        systems.append(system)
        servers += opened
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(POLL_S,), daemon=True).start()
    print("ready", flush=True)
    while not stop.wait(arguments.step_seconds or None):
        for system in systems:
            system.advance()
    for system in systems:
        system.faults.clear()
    for server in servers:
        server.shutdown()
        server.server_close()
    return 0


def _open(name: str, arguments: argparse.Namespace) -> tuple[SimulatedSystem, list[socketserver.TCPServer]]:
    """Binds one system and says where."""
    known = SYSTEMS[name]
    base = arguments.callback_base.rstrip("/")
    callback_url = f"{base}/{known.name}" if base and known.pushes else ""
    system = known.make(secret=secret_for(known.name), callback_url=callback_url)
    for wish in arguments.fault:
        fault, _, times = wish.partition(":")
        system.faults.set(Fault(fault), times=int(times or 1))
    usual = SIMULATED_PORTS[known.name]
    port = usual if arguments.port is None else arguments.port
    server = server_for(system, port)
    print(f"{name} http://127.0.0.1:{server.server_address[1]}", flush=True)
    opened: list[socketserver.TCPServer] = [server]
    if isinstance(system, SimulatedMailServer):
        opened.append(smtp_server(system, arguments.smtp_port))
        print(f"smtp smtp://127.0.0.1:{opened[-1].server_address[1]}", flush=True)
    return system, opened
