"""Where outside systems are, the shared secret, and all simulators in one process."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import urllib3

from cheqi.adapters.payments.client import HttpBank
from cheqi.adapters.wire.tests.running import running
from cheqi.config.outside import account_for, mail_account, secret_for
from cheqi.ports.payments import PayOut


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHEQI_HOME", str(tmp_path))
    for name in ("CHEQI_PARTNER_SECRET", "CHEQI_SMS_SECRET", "CHEQI_SMS_URL", "CHEQI_SMTP_HOST"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_without_settings_the_secret_is_made_once_and_kept_private(at_home: Path) -> None:
    made = secret_for("sms")
    kept = at_home / "keys" / "partner"
    assert len(made) >= 32
    assert secret_for("payments") == made == kept.read_bytes()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["partner"]


def test_processes_that_start_together_agree_on_the_secret(at_home: Path) -> None:
    program = "from cheqi.config.outside import secret_for; print(secret_for('sms').decode())"
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    answers = {process.communicate(timeout=30)[0] for process in started}
    assert len(answers) == 1


def test_settings_win_and_a_systems_own_secret_wins_over_the_common_one(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEQI_PARTNER_SECRET", "common")
    monkeypatch.setenv("CHEQI_SMS_SECRET", "own")
    monkeypatch.setenv("CHEQI_SMS_URL", "https://sms.example.invalid/api")
    assert account_for("sms").secret == b"own"
    assert account_for("sms").base_url == "https://sms.example.invalid/api"
    assert account_for("payments").secret == b"common"
    assert account_for("payments").base_url == "http://127.0.0.1:8103"
    assert (mail_account().host, mail_account().port) == ("127.0.0.1", 1025)


@pytest.mark.slow
def test_all_simulators_run_in_one_process_and_end_when_told() -> None:
    with running("all") as everything:
        assert set(everything.addresses) == {
            "credit-bureau",
            "vehicle-registry",
            "payments",
            "sms",
            "mail",
            "smtp",
        }
        answer = urllib3.request("GET", f"{everything.addresses['sms']}/inbox", timeout=5, retries=False)
        assert "短信模拟器" in answer.data.decode()
    assert everything.process.returncode == 0


def test_the_simulators_ports_move_together() -> None:
    command = (
        "from cheqi.config.outside import *; print(SIMULATED_PORTS['mail'], SMTP_PORT, mail_account().port)"
    )
    environment = {**os.environ, "CHEQI_SIMULATORS_FROM": "9201", "CHEQI_SMTP_PORT": "9211"}
    done = subprocess.run(
        [sys.executable, "-c", command], env=environment, check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["9205", "9211", "9211"]


def test_all_with_one_port_is_misused() -> None:
    command = [sys.executable, "-m", "cheqi", "simulate", "all", "--port", "9000"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    assert (done.returncode, "usual port" in done.stdout) == (2, True)


def test_time_passes_by_itself_when_asked_to() -> None:
    moved = threading.Event()
    with running("payments", "--step-seconds", "0.05") as bank:
        client = HttpBank(bank.account())
        client.pay_out(PayOut("k", 100, "6222020000006666", "车行"))
        for _ in range(100):
            status = client.ask("k")
            if status is not None and status.is_settled:
                moved.set()
                break
            moved.wait(0.05)
        client.close()
    assert moved.is_set()
