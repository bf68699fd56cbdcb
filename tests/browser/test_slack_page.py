"""Slack's cards drawn and clicked in a real browser, on the test server's own page; pictures as those of the page."""

import json
import os
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.gateway import slack_home
from bot.gateway.slack_card import draw
from bot.settings import PROJECT, Settings
from knowledge.load import load_library
from tests.bot.slack_server import DM, SlackServer, number_of, settings_of, slack_server
from tests.bot.test_slack import PARENT, REQUEST
from tests.bot.test_slack_card import answer, words
from tests.bot.test_slack_home import STANDINGS, right_choice
from tests.conftest import free_port, gateway_alone

FOLDER = PROJECT / ("docs/pictures/slack" if os.environ.get("WHATNOW_KEEP_PICTURES") else ".built/pictures/slack")
SEEN = "main => [...main.children].map(each => each.innerText)"


@pytest.fixture
def slack():
    """A Slack with its page."""
    with slack_server(free_port()) as found:
        yield found


@pytest.fixture
def person(slack: SlackServer, server: Settings, tmp_path):
    """A Slack of which the gateway knows, for somebody who has not written before."""
    settings = settings_of(server, slack, tmp_path)
    slack.user, slack.gateway = f"U{tmp_path.name}", settings.gateway_url
    with gateway_alone(settings):
        yield slack


@pytest.fixture
def page(chromium: Browser, slack: SlackServer):
    """The page, as wide as Slack's own column; a test fails on whatever goes wrong in its script."""
    context = chromium.new_context(viewport={"width": 800, "height": 640})
    context.set_default_timeout(15_000)
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    opened = context.new_page()
    opened.goto(slack.page)
    FOLDER.mkdir(parents=True, exist_ok=True)
    yield opened
    context.close()
    assert wrong == []


def write(page: Page, text: str) -> None:
    """Write a message and wait for its answer."""
    before = page.locator("#messages article").count()
    page.get_by_label("Message Whatnow").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator("#messages article")).to_have_count(before + 2)


def click(page: Page, title: str) -> None:
    """Click a button of the newest card and wait for the next one."""
    cards = page.locator("#messages article")
    before = cards.count()
    cards.last.get_by_role("button", name=title, exact=True).click()
    expect(cards).to_have_count(before + 1)


@pytest.mark.server
def test_a_situation_is_answered_by_a_card_with_the_clauses_words(person: SlackServer, page: Page) -> None:
    write(page, PARENT)
    page.screenshot(path=FOLDER / "answer.png", full_page=True)
    clause = load_library().policy.clauses["2.6.2"]

    expect(page.locator("article").last.locator(".quote").first).to_have_text(clause.quote)


@pytest.mark.server
def test_a_question_is_answered_by_a_click(person: SlackServer, page: Page) -> None:
    write(page, REQUEST)
    page.screenshot(path=FOLDER / "question.png", full_page=True)
    click(page, "A pupil")
    page.screenshot(path=FOLDER / "clicked.png", full_page=True)

    expect(page.locator("article").last).to_contain_text("Never accept a friend request from a pupil")


@pytest.mark.server
def test_training_begins_on_the_home_and_goes_on_by_clicks(person: SlackServer, page: Page) -> None:
    page.get_by_role("tab", name="Home").click()
    page.locator("#home").get_by_role("button", name="Practise").click()
    expect(page.locator("#home")).to_contain_text("Your practice is open in the Messages tab")
    page.screenshot(path=FOLDER / "home-opened.png", full_page=True)
    page.get_by_role("tab", name="Messages").click()
    click(page, "Five-minute round (4 stories)")
    for _ in range(3):
        click(page, "3")
    page.locator("article").last.screenshot(path=FOLDER / "story.png")
    click(page, str(right_at(person.posted[-1])))
    page.locator("article").last.screenshot(path=FOLDER / "feedback.png")
    expect(page.locator("article").last).to_contain_text("Right.")
    page.get_by_role("tab", name="Home").click()
    expect(page.locator("#home")).to_contain_text("You are in the middle of a course")
    page.screenshot(path=FOLDER / "home.png", full_page=True)


def right_at(posted: dict) -> str:
    """Return what stands on the button of the right choice."""
    chosen = right_choice(posted)
    return number_of(chosen, posted) or chosen


def test_every_procedure_is_drawn_with_all_its_words(slack: SlackServer, page: Page, engine) -> None:
    drawn = [draw(answer(engine.advise(each).as_json(), "Yes", "No")) for each in sorted(load_library().procedures)]
    for each in drawn:
        assert json.loads(slack.post("chat.postMessage", {"channel": DM, **each}).body)["ok"]
    expect(page.locator("#messages article")).to_have_count(len(drawn))
    seen = page.locator("#messages").evaluate(SEEN)

    assert [line for each, text in zip(drawn, seen, strict=True) for line in lines(each) if line not in text] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 800


def lines(drawn: dict) -> list[str]:
    """Return what must be seen of a message, line by line, without Slack's signs."""
    raw = words(drawn["blocks"])
    return [part.strip() for line in raw.split("\n") for part in bare(line) if part.strip()]


def bare(line: str) -> list[str]:
    """Return a line's parts between Slack's signs."""
    return re.split(r"\*|:[a-z_0-9]+:|(?<!\w)_|_(?!\w)", line)


@pytest.mark.parametrize("n", range(len(STANDINGS)))
def test_every_home_is_drawn(n: int, slack: SlackServer, page: Page) -> None:
    standing, told = STANDINGS[n]
    slack.home = slack_home.draw(standing)
    page.locator("#tab-home").evaluate("() => show('home')")

    expect(page.locator("#home")).to_contain_text(told)
