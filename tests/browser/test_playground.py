"""Teams as a person sees it: Microsoft 365 Agents Playground, in a real browser, talking to the real gateway.

The Playground is Microsoft's development tool (evaluation licence): installed for the tests, never passed on.
"""

import os
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.process import stop, wait_for
from bot.settings import PROJECT, Settings
from tests.bot.test_teams import PARENT, settings_of
from tests.conftest import free_port, gateway_alone

pytestmark = pytest.mark.server
PLAYGROUND = PROJECT / ".venv-node/node_modules/.bin/agentsplayground"
FOLDER = PROJECT / ("docs/pictures/teams" if os.environ.get("WHATNOW_KEEP_PICTURES") else ".built/pictures")


@pytest.fixture(scope="module")
def playground(server: Settings, tmp_path_factory) -> Iterator[str]:
    """The Playground's address; a gateway with Teams on trial stands behind it."""
    assert PLAYGROUND.exists(), "no Playground: run tests/install.sh"
    settings, port = settings_of(server, tmp_path_factory.mktemp("playground")), free_port()
    bot = ("-e", f"{settings.gateway_url}/api/messages", "-c", "msteams", "-p", str(port))
    with gateway_alone(settings):
        command = [PLAYGROUND, "start", *bot, "--disable-telemetry"]
        quiet = {"env": {**os.environ, "BROWSER": "none"}, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, cwd=tmp_path_factory.mktemp("place"), start_new_session=True, **quiet)
        try:
            wait_for(f"http://127.0.0.1:{port}/", process)
            yield f"http://127.0.0.1:{port}/"
        finally:
            stop([process])


@pytest.fixture(scope="module")
def teams_page(chromium: Browser, playground: str) -> Iterator[Page]:
    """The Playground, opened once: the tests below are one conversation, in their order."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    context = chromium.new_context(viewport={"width": 1100, "height": 1000})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(playground)
    page.locator("[role=textbox][contenteditable=true]").wait_for()
    yield page
    context.close()


def cards(page: Page) -> Locator:
    """Return the cards that are shown."""
    return page.locator(".ac-adaptiveCard")


def ask(page: Page, text: str) -> Locator:
    """Type something; return the card that answers it."""
    before = cards(page).count()
    page.locator("[role=textbox][contenteditable=true]").fill(text)
    page.keyboard.press("Enter")
    return nth(page, before)


def nth(page: Page, n: int) -> Locator:
    """Return a card, once it is there."""
    card = cards(page).nth(n)
    card.wait_for()
    card.scroll_into_view_if_needed()
    return card


def keep(page: Page, name: str) -> None:
    """Take a picture."""
    page.wait_for_timeout(300)
    page.screenshot(path=FOLDER / f"teams-{name}.png")


def test_who_opens_it_is_welcomed(teams_page: Page) -> None:
    expect(cards(teams_page).first).to_contain_text("Tell me in your own words")
    keep(teams_page, "welcome")

    assert cards(teams_page).count() == 1


def test_a_situation_is_answered_by_a_card_with_its_clause(teams_page: Page) -> None:
    card = ask(teams_page, PARENT)
    keep(teams_page, "answer")

    expect(card).to_contain_text("Tell your manager openly")
    expect(card).to_contain_text("2.6.2")


def test_a_choice_is_clicked(teams_page: Page) -> None:
    asked = ask(teams_page, "someone sent me a friend request")
    keep(teams_page, "question")
    before = cards(teams_page).count()
    asked.get_by_role("button", name="A pupil", exact=True).click()
    answer = nth(teams_page, before)
    keep(teams_page, "choice")

    expect(answer).to_contain_text("Never accept a friend request from a pupil")


def test_an_old_card_s_choice_is_refused_in_words(teams_page: Page) -> None:
    old = cards(teams_page).filter(has=teams_page.get_by_role("button", name="A pupil", exact=True)).first
    before = cards(teams_page).count()
    old.get_by_role("button", name="A pupil", exact=True).click()

    expect(nth(teams_page, before)).to_contain_text("no longer open")


def test_a_story_is_practised(teams_page: Page) -> None:
    courses = ask(teams_page, "start training")
    before = cards(teams_page).count()
    courses.get_by_role("button", name="Five-minute round").click()
    for n in range(3):
        nth(teams_page, before + n).get_by_role("button", name="3", exact=True).click()
    story = nth(teams_page, before + 3)
    keep(teams_page, "story")
    story.get_by_role("button").first.click()
    verdict = nth(teams_page, before + 4)
    keep(teams_page, "verdict")

    expect(story).to_contain_text("Story 1 of 4")
    expect(verdict).to_contain_text("Story")
