"""How long the desk's pages take with 100,000 cases in the database: `python -m cheqi.web.desk.bench`.

A scratch database is filled with a demo lender of that size (`cheqi.demo.many`, in a process of its own).
Then every page of the desk is asked for through the real WSGI application, middleware and log-in included, as
a client manager, a reviewer, the operations manager and an auditor: once to count its SQL statements, then
again and again to time it. A page's line shows whoever waits longest. One process, one request at a time,
connections kept as the web server keeps them; what the network and a browser add is not in it.
"""

import argparse
import signal
import subprocess
import sys
from pathlib import Path

from cheqi.web.scratch import TITLES, scratch

MODULE = "cheqi.web.desk.bench_pages"


def main() -> int:
    """Prints one table; status 0 also when a target is missed, since a benchmark tells and does not judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=9, help="how often each page is timed")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument("--page", default="", help="only pages whose name begins so")
    parser.add_argument(
        "--keep", type=Path, help="a folder in which the filled databases stay for the next run"
    )
    parser.add_argument("--fill-only", action="store_true", help="fill what is kept and measure nothing")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was made is dropped
    for title in TITLES:
        if arguments.only is None or title.lower().startswith(arguments.only):
            with scratch("desk", title, keep=arguments.keep) as place:
                world = place.filled("cheqi.demo.many", str(arguments.cases))
                if arguments.fill_only:
                    continue
                print(
                    f"{title}: {', '.join(f'{count:,} {what}' for what, count in world.items())}", flush=True
                )
                command = [sys.executable, "-m", MODULE, title, str(arguments.times), arguments.page]
                subprocess.run(command, env=place.environment, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
