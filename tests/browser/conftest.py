"""What every browser journey shares.

A server on 127.0.0.1 with a port of its own, over the lane's test database (for SQLite a file, so that server
threads and the test see the same rows). `phone_page` and `desk_page` are pages at 390 × 844 and 1440 × 900;
they fail the test at its end when the page wrote an error to the console, threw, broke the policy, or got an
answer of 500 or more. `axe(page)` fails on an accessibility violation; `screenshot(page, "name")` writes
docs/screenshots/name.png when CHEQI_SCREENSHOTS=1. `staff_page` is a desk page with a member logged in.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

from cheqi.ui.assets import check_build

ROOT = Path(__file__).resolve().parent.parent.parent
SCREENSHOTS = ROOT / "docs" / "screenshots"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
PATIENCE_MS = 30_000
EXPECTED_REFUSALS = "the server responded with a status of 4"

Screenshot = Callable[[Page, str], None]
AxeCheck = Callable[..., None]


@dataclass
class Pages:
    """Opens pages with a guard each and knows what went wrong on them."""

    browser: Browser
    base_url: str
    wrongs: list[str] = field(default_factory=list)
    forgiven: tuple[str, ...] = (EXPECTED_REFUSALS,)

    def open(self, viewport: dict[str, int], **options: Any) -> Page:
        """A page in a context of its own; options are those of `Browser.new_context`."""
        context = self.browser.new_context(
            base_url=self.base_url,
            viewport=viewport,
            **({"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"} | options),
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.wrongs.append(f"threw: {error}"))
        page.on("response", self._answered)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        """Errors count, except what is forgiven: the browser's own note of a refusal that the page shows in
        words, and with a broken network what htmx notes of it."""
        if message.type == "error" and not any(words in message.text for words in self.forgiven):
            self.wrongs.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.wrongs.append(f"{response.status} from {response.url}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite in a file: the server's threads open connections of their own."""
    from django.db import connections

    settings = connections["default"].settings_dict
    if settings["ENGINE"].endswith("sqlite3"):
        settings["TEST"]["NAME"] = str(tmp_path_factory.mktemp("browser") / "cheqi.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _the_test_thread_may_use_the_orm() -> Iterator[None]:
    """Playwright keeps an event loop in the test's thread, where Django would refuse to query."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        patch.setenv("DJANGO_LIVE_TEST_SERVER_ADDRESS", "127.0.0.1")
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    if check_build(None):
        pytest.fail("the front end is not built: npm ci && npm run build")
    executable = os.environ.get("CHEQI_CHROMIUM", "/usr/bin/chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def pages(browser: Browser, live_server: Any) -> Iterator[Pages]:
    """Opens pages on the test's server; at the end nothing may have gone wrong on any of them."""
    opened = Pages(browser, live_server.url)
    known = len(browser.contexts)
    yield opened
    for context in browser.contexts[known:]:
        context.close()
    assert opened.wrongs == []


@pytest.fixture
def phone_page(pages: Pages) -> Page:
    """A customer's phone."""
    return pages.open(PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def desk_page(pages: Pages) -> Page:
    """A screen at the desk, nobody logged in."""
    return pages.open(DESK)


@pytest.fixture
def screenshot() -> Screenshot:
    """Writes the page to docs/screenshots when CHEQI_SCREENSHOTS=1; otherwise does nothing."""

    def take(page: Page, name: str) -> None:
        if os.environ.get("CHEQI_SCREENSHOTS") == "1":
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(SCREENSHOTS / f"{name}.png"), animations="disabled", caret="initial")

    return take


@pytest.fixture(scope="session")
def axe() -> AxeCheck:
    """Runs the accessibility rules on a page and fails with each violation and the elements it is on."""

    def check(page: Page, *, context: str | None = None) -> None:
        results = Axe().run(page, context=context) if context else Axe().run(page)
        violations = [
            f"{one['id']}: {one['help']} — {[node['target'] for node in one['nodes']][:4]}"
            for one in results.response["violations"]
        ]
        assert violations == []

    return check


@pytest.fixture
def no_overflow() -> Callable[[Page], None]:
    """The page is not wider than its window."""

    def check(page: Page) -> None:
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0

    return check
