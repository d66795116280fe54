"""The command line of the web server: `cheqi run` and the benchmark start the same one.

One process a core, since Python computes on one core at a time; four threads in each, so that a slow page or
a large file does not hold up everybody else in that process (they make nothing faster: look-ups a second are
the same with one, two or four, decision 0005). At most 64 requests in hand a process, so that a burst queues
in the kernel and not in memory; HTTP/1 without WebSockets, which nothing here uses. Told to end, it takes no
new connection, finishes what it has and is gone within two seconds, whatever a slow browser still sends.

`python -m cheqi.config.serving --port 8000 --workers 2` becomes the web server.
"""

import argparse
import os
import sys

APPLICATION = "cheqi.config.wsgi:application"
THREADS = 4
IN_HAND = 64
END_WITHIN_SECONDS = 2


def web_arguments(
    *, host: str = "127.0.0.1", port: int = 8000, workers: int | None = None, threads: int = THREADS
) -> list[str]:
    """The arguments behind the interpreter: `[sys.executable, *web_arguments(port=8000)]`."""
    return [
        *("-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(workers or min(os.cpu_count() or 1, 8))),
        *("--blocking-threads", str(threads), "--backpressure", str(IN_HAND), "--backlog", "1024"),
        *("--blocking-threads-idle-timeout", "600"),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(END_WITHIN_SECONDS)),
        *("--log-level", "warning"),
        APPLICATION,
    ]


def main() -> None:
    """Becomes the web server, under the same process id."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--threads", type=int, default=THREADS)
    given = parser.parse_args()
    arguments = web_arguments(port=given.port, workers=given.workers, threads=given.threads)
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - our own argument list


if __name__ == "__main__":
    main()
