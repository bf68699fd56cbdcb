"""Training in the page, and what the school's lead gets: looked at by a browser, and by axe."""

import os
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from bot.settings import PROJECT
from knowledge.training.report import write_report
from tests.browser.test_accessibility import complaints
from tests.training.conftest import begun, choice, clock, desk, finish, place, record, spoken  # noqa: F401  (fixtures)

pytestmark = pytest.mark.server
FOLDER = PROJECT / ("docs/pictures/training" if os.environ.get("WHATNOW_KEEP_PICTURES") else ".built/pictures")
REAL = "actually this is really happening to me: a pupil sent me a nude of herself tonight"


@pytest.fixture
def course(page: Page) -> Page:
    """The page at the first story of a round without a record."""
    page.get_by_role("button", name="Practise", exact=True).click()
    page.get_by_role("button", name="Five-minute round").click()
    page.get_by_role("button", name="Practise without a record").click()
    for n in range(3):
        page.locator(".card").nth(n + 2).get_by_role("button", name="3", exact=True).click()
    expect(page.locator(".place")).to_contain_text("1 of 4")
    FOLDER.mkdir(parents=True, exist_ok=True)
    return page


def test_a_choice_brings_its_verdict_and_its_clause(course: Page) -> None:
    course.locator(".card").last.locator(".choice").first.click()
    card = course.locator(".card").nth(6)
    expect(card.locator(".verdict")).to_be_visible()
    card.locator("summary").first.click()
    course.screenshot(path=FOLDER / "story.png", full_page=False)

    expect(card.locator("blockquote").first).to_be_visible()
    assert complaints(course) == {}


def test_real_advice_is_marked_as_real(course: Page) -> None:
    course.get_by_label("What’s happened?").fill(REAL)
    course.keyboard.press("Enter")

    expect(course.locator(".card .real")).to_contain_text("This is real advice, not training")
    assert complaints(course) == {}


def test_a_course_goes_on_after_a_reload(course: Page) -> None:
    course.reload()
    course.locator(".card").last.locator(".choice").first.click()

    expect(course.locator(".verdict")).to_have_count(1)


def test_the_report_can_be_read_by_everybody(page: Page, desk, place, tmp_path: Path) -> None:  # noqa: F811
    begun(desk, place)
    desk.turn(place, choice(desk, place, "wrong", "harmful", "partly"))
    finish(desk, place)
    drawn, _ = write_report(desk.record, desk.engine.library.policy, desk.scenarios, tmp_path / "report")
    page.goto(drawn.as_uri())
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / "report.png", full_page=True)

    assert complaints(page) == {}


def test_the_certificate_says_who_what_and_its_code(desk, place, tmp_path: Path) -> None:  # noqa: F811
    begun(desk, place)
    code = finish(desk, place).training.certificate.removeprefix("/certificate/")
    page = pypdfium2.PdfDocument(tmp_path / "certificates" / f"{code}.pdf")[0]
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.render(scale=1.5).to_pil().save(FOLDER / "certificate.png")
    said = page.get_textpage().get_text_range()

    assert "Jo Bloggs" in said
    assert code in said
    assert "Five-minute round" in said


def test_a_certificate_is_served_under_its_code_only(page: Page, server, desk, place) -> None:  # noqa: F811
    for path in ("/certificate/AAAAA-AAAAA-AAAAA-AAAAA", "/certificate/../secret", "/certificate/x"):
        assert page.request.get(server.gateway_url + path).status == 404
