"""The demo lender behind the live server: its outside systems simulated, its clock moved by the test."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page

from cheqi import ports
from cheqi.adapters.credit_bureau.client import HttpCreditBureau
from cheqi.adapters.file_store.disk import DiskFileStore
from cheqi.adapters.payments.client import HttpBank
from cheqi.adapters.vehicle_registry.client import HttpVehicleRegistry
from cheqi.adapters.wire.tests.running import Running
from cheqi.core.documents.boxes import Box
from cheqi.core.documents.boxes import Page as ReadPage
from cheqi.core.documents.kinds import Kind
from cheqi.demo.drawing import draw
from cheqi.demo.drawing.facts import Facts, some_facts
from cheqi.foundation.access.hooks import CodeSender
from cheqi.foundation.access.models import OneTimeCode
from cheqi.foundation.eventlog.operations import seal
from cheqi.ports.credit_bureau import CreditBureau
from cheqi.ports.file_store import FileStore
from cheqi.ports.ocr import Ocr
from cheqi.ports.payments import PaymentGateway
from cheqi.ports.vehicle_registry import VehicleRegistry
from tests.founding import founded
from tests.journeys.conftest import MONDAY, Codes
from tests.journeys.conftest import World as Day

WORDS = {
    Kind.ID_CARD_FRONT: "姓名 性别 民族 出生 住址 公民身份号码",
    Kind.ID_CARD_BACK: "居民身份证 签发机关 有效期限",
    Kind.DRIVING_LICENCE: "机动车驾驶证 初次领证日期 准驾车型 国籍 证号",
    Kind.PURCHASE_INVOICE: "机动车销售统一发票 发票代码 价税合计 销货单位名称 购买方名称 车辆类型",
    Kind.BANK_STATEMENT: "银行流水 交易日期 交易金额 余额 对方户名 交易明细",
}


@dataclass
class Recogniser:
    """Sees the printed words of the kinds it is told, in that order; the real models have their own tests."""

    coming: deque[Kind] = field(default_factory=deque)

    def read(self, image: bytes) -> tuple[ReadPage, ...]:
        """One page with the words of the next kind; an empty one when none is told."""
        words = WORDS[self.coming.popleft()].split() if self.coming else []
        boxes = tuple(
            Box(word, 0.99, ((40.0, y), (400.0, y), (400.0, y + 30.0), (40.0, y + 30.0)))
            for word, y in zip(words, (40.0 + 60.0 * place for place in range(len(words))), strict=True)
        )
        return (ReadPage(1000, 640, boxes),)


@dataclass
class World(Day):
    """A day at the lender with a customer at a phone."""

    recogniser: Recogniser = field(default_factory=Recogniser)
    facts: Facts = field(default_factory=lambda: some_facts(11))
    last_code: int = 0

    def pass_time(self, minutes: int = 2) -> None:
        """Time passes, and what happened is sealed."""
        self.apart(lambda: self._work(minutes))

    def apart(self, act: Callable[[], None]) -> None:
        """Acts in a thread of its own, as in the worker: this one has the browser's event loop, in which
        nothing that runs a loop itself (signing) could work."""

        def work() -> None:
            try:
                act()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(max_workers=1) as worker:
            worker.submit(work).result()

    def _work(self, minutes: int) -> None:
        super().pass_time(minutes)
        seal(self.now)

    def log_in(self, page: Page, mobile: str) -> None:
        """The customer comes in with the code from the message."""
        page.goto("/log-in/")
        page.get_by_label("手机号").fill(mobile)
        page.get_by_role("button", name="获取验证码").click()
        page.get_by_label("验证码").fill(self.code())
        page.get_by_role("button", name="登录").click()

    def code(self) -> str:
        """The code that was asked for last; waits until the press of the button has made one."""
        ticker = threading.Event()
        for _ in range(600):
            newest = OneTimeCode.objects.order_by("-pk").first()
            if newest is not None and newest.pk > self.last_code:
                self.last_code = newest.pk
                return str(newest.code)
            ticker.wait(0.05)
        raise AssertionError("nobody asked for a code since the last one")

    def picture(self, kind: Kind) -> bytes:
        """A drawn document as a file."""
        out = BytesIO()
        draw(kind, self.facts, seed=1).image.save(out, "PNG")
        return out.getvalue()


@pytest.fixture
def world(
    transactional_db: None,
    outside: dict[str, Running],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """A Monday morning at the lender; nobody has asked the outside anything yet."""
    for system in outside.values():
        system.control("reset")
    recogniser, codes = Recogniser(), Codes()
    with (
        ports.bound(CreditBureau, HttpCreditBureau(outside["bureau"].account())),
        ports.bound(VehicleRegistry, HttpVehicleRegistry(outside["registry"].account())),
        ports.bound(PaymentGateway, HttpBank(outside["bank"].account())),
        ports.bound(FileStore, DiskFileStore(tmp_path / "files")),
        ports.bound(CodeSender, codes),
        ports.bound(Ocr, recogniser),
    ):
        made = World(founded(MONDAY), codes, outside["registry"], outside["bank"], recogniser=recogniser)
        monkeypatch.setattr(timezone, "now", lambda: made.now)
        yield made
