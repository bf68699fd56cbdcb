"""The whole policy, in the page."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.server


def test_every_clause_stands_there_word_for_word(page: Page, library) -> None:
    page.goto("/policy")
    quote = "each => [each.id, each.querySelector('blockquote').textContent]"
    shown = page.evaluate(f"Object.fromEntries([...document.querySelectorAll('.clause')].map({quote}))")

    assert shown == {number: clause.quote for number, clause in library.policy.clauses.items()}


def test_a_link_goes_to_its_clause(page: Page) -> None:
    page.goto("/policy#2.7.4")

    assert page.evaluate("document.activeElement.id") == "2.7.4"
    expect(page.locator("[id='2.7.4']")).to_be_in_viewport()


def test_a_citation_in_an_answer_opens_its_clause(page: Page, ask) -> None:
    ask("a pupil sent me a nude of herself")
    page.locator(".steps a.cite").first.click()

    expect(page.locator("[id='2.7.4']")).to_be_in_viewport()


def test_the_overdue_review_is_shown(page: Page) -> None:
    page.goto("/policy")

    expect(page.locator("#overdue")).to_contain_text("2019-11-30")


def test_search_finds_the_clauses_that_hold_the_words_and_marks_them(page: Page) -> None:
    page.goto("/policy")
    page.get_by_label("Search the policy").fill("Screen prints")

    expect(page.locator("#found")).to_have_text("1 of 74 clauses hold “Screen prints”.")
    expect(page.locator(".clause:visible")).to_have_attribute("id", "2.8.3")
    expect(page.locator("mark")).to_have_count(1)


def test_a_search_that_finds_nothing_says_so(page: Page) -> None:
    page.goto("/policy")
    page.get_by_label("Search the policy").fill("zebra")

    expect(page.locator("#found")).to_have_text("0 of 74 clauses hold “zebra”.")


def test_the_whole_policy_prints(page: Page) -> None:
    page.goto("/policy")
    page.emulate_media(media="print")

    expect(page.locator(".clause").last).to_be_visible()
    expect(page.get_by_label("Search the policy")).to_be_hidden()
