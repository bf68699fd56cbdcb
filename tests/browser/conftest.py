"""A real browser (Debian's Chromium, headless) on the real page, and another origin's page with the widget."""

import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.settings import Settings

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"),
    # In the place of playwright's own list, which takes from frames of another site the storage that Chromium gives.
    "--disable-features=OptimizationHints,MediaRouter,HttpsUpgrades",
]
HOST_PAGE = """<!doctype html><html lang="en"><head><title>The intranet</title><meta charset="utf-8">
<style>whatnow-widget {{ --whatnow-accent: #5b2a86; --whatnow-radius: .25rem }}</style></head>
<body><main><h1>The intranet</h1><p>Today's lunch is soup. <a href="/second.html">More</a></p></main>
<script src="{home}/widget.js" defer></script></body></html>"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, one for all tests."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "no Chromium: run tests/install.sh"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, server: Settings) -> Iterator[BrowserContext]:
    """A person's browser, with nothing remembered; a test fails on whatever goes wrong in the page's scripts."""
    made = chromium.new_context(base_url=server.gateway_url, viewport={"width": 1024, "height": 800})
    made.set_default_timeout(15_000)
    wrong: list[str] = []
    made.on("weberror", lambda error: wrong.append(str(error.error)))
    yield made
    made.close()
    assert wrong == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """The page at `/`, opened."""
    opened = context.new_page()
    opened.goto("/")
    return opened


@pytest.fixture
def ask(page: Page) -> Callable[[str], None]:
    """Type something, send it by Enter, and wait for the card that answers it."""

    def typed(text: str) -> None:
        cards = page.locator(".card").count()
        page.get_by_label("What’s happened?").fill(text)
        page.keyboard.press("Enter")
        page.locator(".card").nth(cards).wait_for()

    return typed


def serve_folder(folder: Path, port: int) -> ThreadingHTTPServer:
    """Serve a folder's pages until it is shut down."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    handler.func.log_message = lambda *_: None
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="session")
def host(server: Settings, host_port: int, tmp_path_factory) -> Iterator[str]:
    """A page of another origin that the settings allow; returns its address."""
    folder = tmp_path_factory.mktemp("intranet")
    for name in ("index.html", "second.html"):
        (folder / name).write_text(HOST_PAGE.format(home=server.gateway_url), encoding="utf8")
    serving = serve_folder(folder, host_port)
    yield f"http://localhost:{host_port}"
    serving.shutdown()
