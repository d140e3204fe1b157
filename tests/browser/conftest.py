"""A real Chromium on the live server, phone and desktop; every page that a test opens is checked for accessibility."""

import os
import tempfile
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread of the tests

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MOVING = """() => document.getAnimations().some(
  (each) => each.playState === "running" && each.effect.getComputedTiming().endTime < Infinity
)"""
PASSWORD = "a-long-word-for-tests-42"


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        context = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium", args=FLAGS, env={"HOME": folder}
        )
        yield context
        context.close()


@dataclass
class Visitor:
    """One person's browser."""

    page: Page
    base: str
    errors: list = field(default_factory=list)
    underway: set = field(default_factory=set)  # requests

    def __post_init__(self):
        self.page.set_default_timeout(10_000)
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.underway.add(request))
        for over in ("requestfinished", "requestfailed"):
            self.page.on(over, lambda request: self.underway.discard(request))

    def go(self, path):
        """Open a page of the portal and see that it is accessible and ran without complaint."""
        self.page.goto(f"{self.base}{path}")
        self.check()

    def log_in(self, user):
        self.page.goto(f"{self.base}/account/login/?next=/my/")
        self.page.locator("input[name=login]").fill(user.email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_load_state()

    def check(self):
        """No violation of WCAG A and AA, no error in the console (a blocked script or style would be one)."""
        self.settle()
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "preload": False}
        results = Axe().run(self.page, options=options)
        found = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in results.response["violations"]]
        assert found == [], self.page.url
        assert self.errors == [], self.page.url

    def settle(self):
        """Wait until all has come that the page asked for, nothing moves any more, and it stays so for a moment.

        Playwright's "networkidle", half a second of silence, is for the page that doesn't come to rest.
        """
        self.page.wait_for_load_state()
        quiet = 0
        for _turn in range(120):
            self.page.wait_for_timeout(25)
            quiet = 0 if self.underway or self.page.evaluate(MOVING) else quiet + 1
            if quiet == 5:
                return
        self.page.wait_for_load_state("networkidle")

    def text(self):
        return self.page.locator("main").inner_text()


@pytest.fixture
def visitor(chromium, live_server):
    """Open a browser: `visitor()`, `visitor(size=DESKTOP, language="zh-CN", dark=True)`."""
    contexts = []

    def opened(size=PHONE, language="en-GB", dark=False):
        context = chromium.new_context(
            viewport=size,
            locale=language,
            color_scheme="dark" if dark else "light",
            has_touch=size is PHONE,
            is_mobile=size is PHONE,
        )
        contexts.append(context)
        return Visitor(context.new_page(), live_server.url)

    yield opened
    for context in contexts:
        context.close()
