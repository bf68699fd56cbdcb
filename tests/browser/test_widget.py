"""The widget on a page of another origin."""

import gzip
import json

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from bot.settings import PROJECT
from tests.browser.conftest import HOST_PAGE, serve_folder
from tests.conftest import free_port

pytestmark = pytest.mark.server
STATIC = PROJECT / "bot" / "web" / "static"
VAGUE = "someone sent me a friend request"


@pytest.fixture
def intranet(context: BrowserContext, host: str) -> Page:
    """The intranet's page."""
    page = context.new_page()
    page.goto(host)
    return page


def opened(page: Page) -> FrameLocator:
    """Open the widget; return what stands in its frame."""
    page.get_by_role("button", name="What now?").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("What’s happened?").or_(frame.get_by_role("button", name="Back"))).to_be_focused()
    return frame


def ask(frame: FrameLocator, text: str) -> None:
    """Ask something in the widget."""
    frame.get_by_label("What’s happened?").fill(text)
    frame.get_by_label("What’s happened?").press("Enter")


def test_the_button_opens_a_conversation(intranet: Page) -> None:
    frame = opened(intranet)
    ask(frame, "a parent added me on facebook last night")

    expect(frame.locator(".card")).to_contain_text("Tell your manager openly")


def test_nothing_is_loaded_from_the_frame_until_somebody_asks(intranet: Page) -> None:
    expect(intranet.get_by_role("button", name="What now?")).to_be_visible()

    assert len(intranet.frames) == 1


def test_the_focus_goes_to_the_box_and_by_esc_back_to_the_button(intranet: Page) -> None:
    frame = opened(intranet)
    expect(frame.get_by_label("What’s happened?")).to_be_focused()
    intranet.keyboard.press("Escape")

    expect(intranet.get_by_role("button", name="What now?")).to_be_focused()


def test_the_widget_opens_by_keyboard(intranet: Page) -> None:
    intranet.keyboard.press("Tab")
    intranet.keyboard.press("Tab")
    intranet.keyboard.press("Enter")

    expect(intranet.frame_locator("iframe").get_by_label("What’s happened?")).to_be_focused()


def test_the_conversation_is_kept_over_page_loads(intranet: Page) -> None:
    frame = opened(intranet)
    ask(frame, VAGUE)
    frame.locator(".choice").first.wait_for()
    intranet.get_by_role("button", name="Close").click()
    intranet.get_by_role("link", name="More").click()
    frame = opened(intranet)
    frame.get_by_role("button", name="A pupil", exact=True).click()

    expect(frame.locator(".card").nth(1)).to_contain_text("Never accept a friend request from a pupil")


def test_the_page_around_it_cannot_read_the_conversation(intranet: Page) -> None:
    intranet.evaluate("heard = []; addEventListener('message', e => heard.push(JSON.stringify(e.data)))")
    frame = opened(intranet)
    ask(frame, VAGUE)
    frame.locator(".choice").first.wait_for()
    frame.get_by_label("What’s happened?").press("Escape")
    tried = intranet.evaluate(
        """() => {
          const frame = document.querySelector("whatnow-widget").shadowRoot.querySelector("iframe");
          const reached = [frame.contentDocument];
          for (const way of [() => frame.contentWindow.document, () => frame.contentWindow.sessionStorage]) {
            try { reached.push(way().constructor.name); } catch (error) { reached.push(error.name); }
          }
          return { reached, stored: JSON.stringify(sessionStorage) + JSON.stringify(localStorage) };
        }"""
    )

    assert tried == {"reached": [None, "SecurityError", "SecurityError"], "stored": "{}{}"}
    assert {tuple(json.loads(each)) for each in intranet.evaluate("heard")} == {("whatnow",)}


def test_a_page_that_is_not_allowed_gets_no_frame(context: BrowserContext, server, tmp_path) -> None:
    (tmp_path / "index.html").write_text(HOST_PAGE.format(home=server.gateway_url), encoding="utf8")
    serving, page = serve_folder(tmp_path, port := free_port()), context.new_page()
    page.goto(f"http://localhost:{port}")
    refusals = []
    page.on("console", lambda message: refusals.append(message.text))
    page.get_by_role("button", name="What now?").click()
    page.wait_for_timeout(1000)
    serving.shutdown()

    assert page.frame_locator("iframe").get_by_label("What’s happened?").count() == 0
    assert any("frame-ancestors" in each for each in refusals)


def test_a_theme_is_set_by_custom_properties(intranet: Page) -> None:
    colour = intranet.get_by_role("button", name="What now?").evaluate("e => getComputedStyle(e).backgroundColor")

    assert colour == "rgb(91, 42, 134)"


def test_a_command_from_another_window_does_not_close_it(intranet: Page) -> None:
    frame = opened(intranet)
    expect(frame.get_by_label("What’s happened?")).to_be_focused()
    intranet.evaluate("postMessage({ whatnow: 'close' }, '*')")
    intranet.wait_for_timeout(300)

    expect(frame.get_by_label("What’s happened?")).to_be_visible()


def test_the_widget_is_small() -> None:
    assert len(gzip.compress((STATIC / "widget.js").read_bytes())) <= 12_000


def test_the_pages_scripts_are_small() -> None:
    scripts = [each for each in STATIC.glob("*.js") if each.name not in ("widget.js", "policy.js")]

    assert sum(len(gzip.compress(each.read_bytes())) for each in scripts) <= 25_000


def test_no_script_writes_html() -> None:
    text = "".join(each.read_text(encoding="utf8") for each in STATIC.glob("*.js"))

    assert [
        word for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(") if word in text
    ] == []
