"""The supervisor keeps children up, ends them together, and says which one is broken."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

SCRIPT = textwrap.dedent("""
    import sys, threading
    from cheqi.config.supervisor import Child, supervise
    children = [Child(name, ["-c", code]) for name, code in zip(sys.argv[1::2], sys.argv[2::2])]
    sys.exit(supervise(children, threading.Event()))
""")
WAITS = textwrap.dedent("""
    import signal, sys, time
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print('up', flush=True)
    time.sleep(60)
""")

DEAF = textwrap.dedent("""
    import signal, subprocess, sys, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
    print(child.pid, flush=True)
    time.sleep(60)
""")


def supervisor(*pairs: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *pairs],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": ""},
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_child_and_the_status_is_zero(number: signal.Signals) -> None:
    with supervisor("web", WAITS, "worker", WAITS) as process:
        assert process.stdout is not None
        assert [process.stdout.readline(), process.stdout.readline()] == ["up\n", "up\n"]
        process.send_signal(number)
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, output, errors) == (0, "", "")


@pytest.mark.slow
def test_a_deaf_child_is_killed_in_time_with_what_it_started() -> None:
    with supervisor("web", DEAF, "worker", WAITS) as process:
        assert process.stdout is not None
        grandchild = next(int(line) for line in process.stdout if line.strip().isdigit())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 0
    assert not _runs(grandchild)


def _runs(pid: int) -> bool:
    """Whether the process is there, and more than an entry that nobody has asked about yet."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.slow
def test_a_child_that_cannot_stay_up_is_named_and_the_others_are_ended() -> None:
    with supervisor("web", WAITS, "worker", "import sys; sys.exit('no database')") as process:
        _, errors = process.communicate(timeout=40)
    assert process.returncode == 1
    assert "cheqi: worker could not stay up" in errors
