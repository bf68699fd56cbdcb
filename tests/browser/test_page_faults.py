"""What goes wrong in the page, and what a stranger puts into it: a clear word, and nothing typed is lost."""

import json

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_page import PARENT

pytestmark = pytest.mark.server


def test_the_line_down_is_said_safely_and_nothing_typed_is_lost(page: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    page.get_by_label("What’s happened?").fill(PARENT)
    page.keyboard.press("Enter")
    expect(page.locator("#down")).to_contain_text("call 999")
    expect(page.locator(".you")).to_contain_text(PARENT)
    context.set_offline(False)
    page.get_by_role("button", name="Send again").click()

    expect(page.locator(".card")).to_contain_text("Tell your manager openly")
    expect(page.locator(".you")).to_have_count(1)


def test_a_send_whose_answer_was_lost_is_answered_once(page: Page, context: BrowserContext) -> None:
    sent = []

    def lose_the_first_answer(route) -> None:
        sent.append(route.request.post_data_json)
        answer = route.fetch()
        route.abort() if len(sent) == 1 else route.fulfill(response=answer)

    page.route("**/api/say", lose_the_first_answer)
    page.get_by_label("What’s happened?").fill(PARENT)
    page.keyboard.press("Enter")
    page.locator(".card").wait_for()

    assert len(sent) == 2
    assert sent[0] == sent[1]
    expect(page.locator(".card")).to_have_count(1)


def test_a_reload_while_an_answer_is_on_its_way_loses_nothing(page: Page) -> None:
    page.route("**/api/say", lambda _: None)
    page.get_by_label("What’s happened?").fill(PARENT)
    page.keyboard.press("Enter")
    expect(page.locator("#waiting")).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    page.reload()

    expect(page.locator(".card")).to_contain_text("Tell your manager openly")
    expect(page.locator(".you")).to_have_count(1)


def test_a_typing_sign_comes_after_a_moment_and_goes(page: Page) -> None:
    def slowly(route) -> None:
        page.wait_for_timeout(800)
        route.continue_()

    page.route("**/api/say", slowly)
    page.get_by_label("What’s happened?").fill(PARENT)
    page.keyboard.press("Enter")
    expect(page.locator("#waiting")).to_be_visible()
    page.locator(".card").wait_for()

    expect(page.locator("#waiting")).to_be_hidden()


def test_an_expired_session_is_said_and_the_words_are_back_in_the_box(page: Page, ask) -> None:
    body = json.dumps({"error": "expired", "text": "x"})
    page.route(
        "**/api/say", lambda route: route.fulfill(status=401, content_type="application/json", body=body), times=1
    )
    page.get_by_label("What’s happened?").fill(PARENT)
    page.keyboard.press("Enter")
    expect(page.locator("#talk .notice")).to_contain_text("ended by time")
    expect(page.get_by_label("What’s happened?")).to_have_value(PARENT)
    page.get_by_role("button", name="Send").click()

    expect(page.locator(".card")).to_contain_text("Tell your manager openly")


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_a_picture_is_refused_with_the_reason(how: str, page: Page) -> None:
    page.evaluate(
        """how => {
          const files = new DataTransfer();
          files.items.add(new File(["x"], "picture.png", { type: "image/png" }));
          const Kind = how === "drop" ? DragEvent : ClipboardEvent;
          const given = { bubbles: true, cancelable: true, dataTransfer: files, clipboardData: files };
          document.getElementById("box").dispatchEvent(new Kind(how, given));
        }""",
        how,
    )

    expect(page.get_by_role("alert")).to_contain_text("do not copy, forward or print it")
    assert page.locator("input[type=file]").count() == 0


def test_markup_in_what_is_typed_stays_text(page: Page, ask) -> None:
    ask("<img src=x onerror=alert(1)> a parent added me on facebook")

    assert page.locator("#talk img").count() == 0
    expect(page.locator(".you")).to_contain_text("<img src=x onerror=alert(1)>")


def test_a_text_that_is_too_long_is_refused_and_kept(page: Page) -> None:
    page.get_by_label("What’s happened?").fill("a" * 4001)
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("alert")).to_contain_text("at most 4000 characters")
    expect(page.get_by_label("What’s happened?")).to_have_value("a" * 4001)
