"""The web page says what every other channel says (tests/bot/test_same_everywhere.py), drawn in a real browser."""

import pytest
from playwright.sync_api import Page

from tests.bot.drawn import Held, held

pytestmark = pytest.mark.server
DRAW = """async (replies) => {
  const { card } = await import("/static/card.js");
  const ticks = { get: () => false, set: () => {} };
  const rows = (drawn, rows, words) => [...drawn.querySelectorAll(rows)].map((row) => {
    const cite = row.querySelector("a.cite");
    const text = words ? row.querySelector(words).textContent : row.firstChild.textContent;
    return [text, cite && cite.textContent.replace("clause ", "")];
  });
  const clause = (each) => [
    each.querySelector("summary").textContent.split(" ")[0], each.querySelector("blockquote").textContent,
  ];
  return replies.map((reply) => {
    const drawn = card({ reply, buttons: [] }, ticks, () => {});
    return {
      do: rows(drawn, ".steps > li", ".text"),
      dont: rows(drawn, ".never > li"),
      clauses: [...drawn.querySelectorAll(".quotes > details")].map(clause),
    };
  });
}"""


def read(page: Page, replies) -> list[Held]:
    """Return what stands in the page's card of each reply."""
    return [
        {part: [(first, second) for first, second in rows] for part, rows in drawn.items()}
        for drawn in page.evaluate(DRAW, replies)
    ]


def test_the_page_says_of_every_procedure_what_the_other_channels_say(page: Page, engine, library) -> None:
    replies = [engine.advise(each).as_json() for each in library.procedures]
    drawn = zip(replies, read(page, replies), strict=True)

    assert [reply["label"] for reply, found in drawn if found != held(reply)] == []


def test_the_page_says_of_a_question_and_an_emergency_what_the_other_channels_say(page: Page, engine) -> None:
    messages = ("someone sent me a friend request", "somebody has a knife, what do i do")
    replies = [engine.answer(each).as_json() for each in messages]

    assert [reply["type"] for reply in replies] == ["question", "emergency"]
    assert read(page, replies) == [held(reply) for reply in replies]


@pytest.mark.parametrize("part", ["do", "dont", "clauses"])
def test_a_page_that_left_something_out_would_be_found(part: str, page: Page, engine) -> None:
    reply = engine.advise("indecent_child_images").as_json()

    assert read(page, [{**reply, part: reply[part][:-1]}]) != [held(reply)]
