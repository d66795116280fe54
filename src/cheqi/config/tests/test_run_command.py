"""What `cheqi run --demo` tells about who can log in."""

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
    assert lines[-1] == "    其他手机号  新客户，从头申请"
