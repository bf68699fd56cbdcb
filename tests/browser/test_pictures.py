"""Pictures of the page and the widget: into .built/pictures/, or into docs/pictures/web/ by `make pictures`."""

import os

import pytest
from playwright.sync_api import Browser, expect

from bot.settings import PROJECT

pytestmark = pytest.mark.server
FOLDER = PROJECT / ("docs/pictures/web" if os.environ.get("WHATNOW_KEEP_PICTURES") else ".built/pictures")
SIZES = {"phone": (320, 640), "tablet": (768, 1024), "desktop": (1280, 800)}
ASKED = {
    "answer": "a parent added me on facebook last night, what should i do",
    "question": "someone sent me a friend request",
}


@pytest.fixture
def page_in(chromium: Browser, server):
    """Open a page of a size and a scheme."""
    opened = []

    def open_page(size: str, scheme: str):
        width, height = SIZES[size]
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        opened.append(context)
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_drawn_whole(size: str, scheme: str, page_in, server) -> None:
    page, folder = page_in(size, scheme), FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    page.goto(f"{server.gateway_url}/")
    page.screenshot(path=folder / f"empty-{size}-{scheme}.png")
    for state, text in ASKED.items():
        page.get_by_label("What’s happened?").fill(text)
        page.keyboard.press("Enter")
        page.locator(".card").nth(list(ASKED).index(state)).wait_for()
        page.wait_for_timeout(500)
        page.screenshot(path=folder / f"{state}-{size}-{scheme}.png", full_page=size == "phone")

    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


@pytest.mark.parametrize("size", SIZES)
def test_the_widget_is_drawn_whole(size: str, page_in, host: str) -> None:
    page = page_in(size, "light")
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.goto(host)
    page.screenshot(path=FOLDER / f"widget-closed-{size}.png")
    page.get_by_role("button", name="What now?").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("What’s happened?")).to_be_focused()
    frame.get_by_label("What’s happened?").fill(ASKED["answer"])
    frame.get_by_label("What’s happened?").press("Enter")
    frame.locator(".card").wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=FOLDER / f"widget-open-{size}.png")

    assert page.frames[1].evaluate("document.documentElement.scrollWidth <= innerWidth")
