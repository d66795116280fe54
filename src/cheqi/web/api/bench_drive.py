"""Puts load on one address: with `wrk` where it is installed, else with our own generator."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass

from cheqi.web.api import bench_load

DISTINCT = 100_000
_SCRIPT = """
local key, path, pattern, cases, etag
init = function(args)
  path, pattern, cases, key, etag = args[1], args[2], tonumber(args[3]), args[4], args[5] or ""
  math.randomseed(7)
  wrk.headers["Authorization"] = "Bearer " .. key
  if etag ~= "" then wrk.headers["If-None-Match"] = etag end
end
request = function()
  local number = math.random(0, math.floor(cases / 100) - 1) * 100 + math.random(1, 50)
  return wrk.format("GET", path .. string.format(pattern, number))
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("FOUND %d %d %f %f %d\\n", summary.requests, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is asked: an address with a number behind it, the key, how numbers look and how many there are.

    With an `etag` every question is conditional on it.
    """

    port: int
    path: str
    key: str
    numbers: str
    cases: int
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """How it went. Errors are answers other than 2xx and 3xx, and connections that broke.

    `own_cpu_s` is what our own generator computed beside the server; 0 where `wrk` was used.
    """

    requests: int
    rate: float
    p50_ms: float
    p99_ms: float
    errors: int
    own_cpu_s: float = 0.0


def drive(target: Target, *, seconds: int, connections: int, is_own: bool) -> Measured:
    """Load for some seconds over some connections, each asking again when it was answered."""
    if is_own or shutil.which("wrk") is None:
        seen = bench_load.load(
            port=target.port, requests=_requests(target), seconds=seconds, connections=connections
        )
        times_ms, count = sorted(seen.times_ms), len(seen.times_ms)
        middle, late = times_ms[count // 2], times_ms[min(int(count * 0.99), count - 1)]
        return Measured(count, count / seen.took_s, middle, late, seen.errors, seen.cpu_s)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_SCRIPT)
        script.flush()
        command = [
            *("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s", "-s", script.name),
            *(f"http://127.0.0.1:{target.port}", "--", target.path, target.numbers, str(target.cases)),
            *(target.key, target.etag),
        ]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 30)
    line = next(each for each in done.stdout.splitlines() if each.startswith("FOUND"))
    requests, micros, p50, p99, errors_seen = line.split()[1:]
    return Measured(
        int(requests), int(requests) / (int(micros) / 1e6), float(p50), float(p99), int(errors_seen)
    )


def _requests(target: Target) -> list[bytes]:
    """Different questions over all branches that the client sees, ready to send."""
    count = max(target.cases // 100, 1)
    numbers = [(place * 7919) % count * 100 + place % 50 + 1 for place in range(DISTINCT)]
    condition = f"If-None-Match: {target.etag}\r\n" if target.etag else ""
    return [
        (
            f"GET {target.path}{target.numbers % number} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {target.key}\r\n{condition}\r\n"
        ).encode()
        for number in numbers
    ]
