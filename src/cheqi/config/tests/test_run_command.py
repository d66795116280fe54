"""What `cheqi run` tells about who can log in, and which address it gives to customers."""

import os

import pytest

from cheqi.config.cli import main, run
from cheqi.config.cli.run import demo_log_ins
from cheqi.demo.lender import PASSWORD, PEOPLE
from cheqi.demo.showcases import STATES


def test_every_member_and_every_customer_of_the_demo_is_named() -> None:
    lines = demo_log_ins()
    assert f"  演示账号（密码都是 {PASSWORD}）" in lines
    for login, name, *_ in PEOPLE:
        assert any(line.split()[:2] == [login, name] for line in lines)
    shown = [line.split() for line in lines if line.strip().startswith("138")]
    assert shown == [[mobile, state] for mobile, state in STATES]
    assert "    其他手机号  新客户，从头申请" in lines
    assert "cheqi demo papers" in lines[-1]


def test_links_in_messages_lead_to_where_the_portal_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    assert public_url(monkeypatch, "--port", "8123") == "http://127.0.0.1:8123"
    assert public_url(monkeypatch, "--port", "8123", "--host", "0.0.0.0") == "http://127.0.0.1:8123"
    monkeypatch.setenv("CHEQI_PUBLIC_URL", "https://loans.example")
    assert public_url(monkeypatch, "--port", "8123") == "https://loans.example"


def public_url(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """How customers reach the portal when the command begins to prepare."""
    seen = []
    monkeypatch.setattr(run, "is_taken", lambda host, port: False)
    monkeypatch.setattr(run, "prepare", lambda *, demo: seen.append(os.environ["CHEQI_PUBLIC_URL"]))
    monkeypatch.setattr(run, "supervise", lambda children, stop: 0)
    monkeypatch.setattr(run, "announce", lambda *_: None)
    with monkeypatch.context() as own:
        if "CHEQI_PUBLIC_URL" not in os.environ:
            own.setenv("CHEQI_PUBLIC_URL", "")
            own.delenv("CHEQI_PUBLIC_URL")
        assert main(["run", *arguments]) == 0
    return seen[0]
