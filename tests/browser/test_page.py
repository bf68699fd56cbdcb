"""The page, used as a person uses it."""

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.server
PARENT = "a parent added me on facebook last night, what should i do"
LONGEST = "a pupil sent me a nude, a colleague messages her at night, and I am being bullied online about it too"
VAGUE = "someone sent me a friend request"


def test_a_situation_is_answered_by_a_card_with_its_clause(page: Page, ask) -> None:
    ask(PARENT)
    card = page.locator(".card")

    expect(card.get_by_role("heading", name="What to do")).to_be_visible()
    expect(card.locator(".steps li")).to_contain_text("Tell your manager openly")
    expect(card.locator(".steps a.cite")).to_have_attribute("href", "/policy#2.6.2")


def test_urgency_is_said_in_words(page: Page, ask) -> None:
    ask("a pupil sent me a nude of herself")

    expect(page.locator(".card .urgency")).to_contain_text("Do this now")


def test_the_clause_folds_open_word_for_word(page: Page, ask) -> None:
    ask(PARENT)
    quote = page.locator("details blockquote").first
    expect(quote).to_be_hidden()
    page.locator("summary").first.click()

    expect(quote).to_be_visible()
    expect(quote).to_contain_text(
        "There will be occasions when there are social contacts between children/young people"
    )


def test_a_question_is_answered_by_its_button(page: Page, ask) -> None:
    ask(VAGUE)
    page.get_by_role("button", name="A pupil", exact=True).click()

    expect(page.locator(".card").nth(1)).to_contain_text("Never accept a friend request from a pupil")
    expect(page.get_by_role("button", name="A former pupil")).to_be_disabled()


def test_a_question_is_answered_by_typing(page: Page, ask) -> None:
    ask(VAGUE)
    ask("a former pupil")

    expect(page.locator(".card").nth(1).locator("details").first).to_contain_text("2.3.4")


def test_everything_is_done_by_keyboard_alone(page: Page) -> None:
    keys = page.keyboard
    for _ in range(20):
        keys.press("Tab")
        if page.evaluate("document.activeElement.id") == "box":
            break
    keys.type(VAGUE)
    keys.press("Enter")
    page.locator(".choice").first.wait_for()
    for _ in range(20):
        keys.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == "A pupil":
            break
    keys.press("Enter")
    page.locator(".steps").wait_for()
    for _ in range(40):
        keys.press("Shift+Tab")
        if page.evaluate("document.activeElement.type") == "checkbox":
            break
    keys.press("Space")

    assert page.locator(".steps input:checked").count() == 1


def test_ticked_steps_and_the_conversation_are_there_after_a_reload(page: Page, ask) -> None:
    ask(VAGUE)
    page.get_by_role("button", name="A pupil", exact=True).click()
    page.locator(".steps input").first.check()
    page.reload()

    expect(page.locator(".card")).to_have_count(2)
    expect(page.locator(".steps input").first).to_be_checked()


def test_a_conversation_goes_on_after_a_reload(page: Page, ask) -> None:
    ask(VAGUE)
    page.reload()
    page.get_by_role("button", name="A pupil", exact=True).click()

    expect(page.locator(".card").nth(1)).to_contain_text("Never accept a friend request from a pupil")


def test_what_is_being_typed_survives_a_reload(page: Page) -> None:
    page.get_by_label("What’s happened?").fill("half a sent")
    page.reload()

    expect(page.get_by_label("What’s happened?")).to_have_value("half a sent")


def test_an_example_is_sent_by_a_click(page: Page) -> None:
    page.get_by_role("button", name="A parent has sent me a friend request").click()

    expect(page.locator(".card")).to_contain_text("What to do")


def test_hide_blanks_the_screen_and_its_title_at_once(page: Page, ask) -> None:
    ask(PARENT)
    page.get_by_role("button", name="Hide").click()

    assert page.title() == "New tab"
    assert page.locator("body").inner_text().strip() == "Back"
    page.get_by_role("button", name="Back").click()
    expect(page.locator(".card")).to_be_visible()


def test_esc_twice_hides_and_esc_once_does_not(page: Page, ask) -> None:
    ask(PARENT)
    page.keyboard.press("Escape")
    expect(page.locator(".card")).to_be_visible()
    page.wait_for_timeout(700)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    expect(page.locator(".card")).to_be_hidden()


def test_forget_leaves_nothing_in_the_page_and_nothing_to_continue(page: Page, ask) -> None:
    ask(PARENT)
    page.get_by_role("button", name="Forget this conversation").click()
    expect(page.locator(".card")).to_have_count(0)
    ask("why?")

    assert "facebook" not in page.evaluate("JSON.stringify(sessionStorage)")
    expect(page.locator(".card details")).to_have_count(0)


def test_the_whole_answer_is_copied(page: Page, ask, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(PARENT)
    page.get_by_role("button", name="Copy").click()
    copied = page.evaluate("navigator.clipboard.readText()")

    assert "Tell your manager openly" in copied
    assert "2.6.2" in copied


def test_an_answer_prints_on_one_page_with_its_clauses_open(page: Page, ask) -> None:
    ask(LONGEST)
    ask(PARENT)
    page.evaluate("window.print = () => {}")
    page.locator(".card").first.get_by_role("button", name="Print").click()
    page.emulate_media(media="print")

    expect(page.locator(".card").nth(1)).to_be_hidden()
    expect(page.locator(".card").first.locator("blockquote").first).to_be_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


def test_a_message_to_the_manager_is_prepared_and_holds_no_story(page: Page, ask) -> None:
    ask(PARENT)
    link = page.get_by_role("link", name="Write to my manager").get_attribute("href")

    assert link.startswith("mailto:?subject=")
    assert "2.6.2" in link
    assert "facebook" not in link.lower()


def test_no_message_to_the_manager_is_offered_where_the_policy_sends_elsewhere(page: Page, ask) -> None:
    ask("a pupil sent me a nude of herself")

    expect(page.get_by_role("link", name="Write to my manager")).to_have_count(0)


def test_an_emergency_can_be_called_by_a_tap(page: Page, ask) -> None:
    ask("a child is being hurt right now")

    expect(page.locator(".card").get_by_role("link", name="Call 999")).to_have_attribute("href", "tel:999")


def test_two_browsers_cannot_reach_each_others_conversation(page: Page, ask, chromium, server) -> None:
    ask(VAGUE)
    seen = page.evaluate("sessionStorage.getItem('whatnow')")
    button = json.loads(seen)["talk"][1]["answer"]["buttons"][0]["id"]
    with chromium.new_context(base_url=server.gateway_url) as other:
        their = other.new_page()
        their.goto("/")
        status = their.evaluate(
            """async button => {
              const json = { "Content-Type": "application/json" };
              const opened = await (await fetch("/api/session", { method: "POST", headers: json, body: "{}" })).json();
              const headers = { ...json, Authorization: `Bearer ${opened.token}` };
              const body = JSON.stringify({ key: "key-of-another", button });
              return (await fetch("/api/say", { method: "POST", headers, body })).status;
            }""",
            button,
        )

    assert status == 409


def test_the_page_asks_nobody_but_the_gateway(context: BrowserContext, server) -> None:
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto("/")
    page.get_by_label("What’s happened?").fill(PARENT)
    page.keyboard.press("Enter")
    page.locator(".card").wait_for()

    assert [url for url in asked if not url.startswith(server.gateway_url)] == []
