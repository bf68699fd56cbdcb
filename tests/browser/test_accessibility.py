"""WCAG 2.2 AA as far as a program sees it: axe-core in every state, no violation and no unexplained open question."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

pytestmark = pytest.mark.server
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASKED = {
    "answered": "a parent added me on facebook last night, what should i do",
    "question": "someone sent me a friend request",
    "immediate": "a pupil sent me a nude of herself",
    "emergency": "a child is being hurt right now",
    "policy text": "what does the policy say about cyberbullying",
    "out of scope": "how do I get the projector fixed",
    "small talk": "hello",
}


def complaints(where: Page | Frame) -> dict[str, list[str]]:
    """Return what axe finds wrong, and what it cannot decide, by rule with the elements."""
    where.evaluate(AXE)
    found = where.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    both = [*found["violations"], *found["incomplete"]]
    return {each["id"]: [str(node["html"])[:120] for node in each["nodes"]] for each in both}


def test_the_empty_page(page: Page) -> None:
    assert complaints(page) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ASKED)
def test_an_answer(state: str, scheme: str, page: Page, ask) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    ask(ASKED[state])
    for fold in page.locator("summary").all():
        fold.click()

    assert complaints(page) == {}


def test_a_refusal_in_the_page(page: Page) -> None:
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_visible()

    assert complaints(page) == {}


def test_the_line_down(page: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    page.get_by_label("What’s happened?").fill("hello")
    page.keyboard.press("Enter")
    expect(page.locator("#down")).to_be_visible()

    assert complaints(page) == {}


def test_the_hidden_page(page: Page) -> None:
    page.get_by_role("button", name="Hide").click()

    assert {rule for rule in complaints(page) if rule not in BLANK} == set()


BLANK = {"landmark-one-main", "page-has-heading-one", "region"}  # a blanked page says nothing about itself, on purpose


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_policy(scheme: str, page: Page) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto("/policy#2.7.4")
    page.get_by_label("Search the policy").fill("images")

    assert complaints(page) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_privacy_and_terms(scheme: str, page: Page) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto("/privacy")

    expect(page.locator("#terms")).to_contain_text("call 999 first")

    assert complaints(page) == {}


def test_the_widget_closed_and_open(context: BrowserContext, host: str) -> None:
    page = context.new_page()
    page.goto(host)
    closed = complaints(page)
    page.get_by_role("button", name="What now?").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("What’s happened?")).to_be_focused()
    frame.get_by_label("What’s happened?").fill(ASKED["question"])
    frame.get_by_label("What’s happened?").press("Enter")
    frame.locator(".choice").first.wait_for()

    assert closed == {}
    assert complaints(page.frames[1]) == {}
    assert {
        rule for rule in complaints(page) if rule != "frame-tested"
    } == set()  # the frame is tested by itself, above


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_runs_off_the_side(width: int, page: Page, ask) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for text in ASKED.values():
        ask(text)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_400_percent_zoom_is_320_pixels_and_loses_nothing(chromium: Browser, server) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 256}, device_scale_factor=4)
    page = context.new_page()
    page.goto(f"{server.gateway_url}/")
    page.get_by_label("What’s happened?").fill(ASKED["immediate"])
    page.get_by_role("button", name="Send").click()
    page.locator(".steps li").first.scroll_into_view_if_needed()

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_an_answer_is_announced(page: Page, ask) -> None:
    ask(ASKED["answered"])

    expect(page.get_by_role("status")).to_have_text("What to do. Not urgent: do this in the normal way. 1 step")


def test_nothing_moves_where_movement_is_unwanted(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")

    assert page.evaluate("getComputedStyle(document.querySelector('.dots'), '::before').animationName") == "none"


def test_forced_colours_keep_borders_and_focus(page: Page, ask) -> None:
    page.emulate_media(forced_colors="active")
    ask(ASKED["immediate"])

    assert page.locator(".card").evaluate("e => getComputedStyle(e).borderTopWidth") == "2px"
    assert complaints(page) == {}
