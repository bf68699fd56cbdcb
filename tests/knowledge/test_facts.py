"""Facts are read from words, and change what is advised."""

import pytest

from knowledge.facts import read, suspects
from knowledge.follow import chosen
from knowledge.load import Library


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("it's a parent, sorry", "parent"),
        ("and if she left last year?", "former_pupil"),
        ("one of my Year 9s", "pupil"),
        ("no, a former pupil", "former_pupil"),
        ("he is a colleague of mine", "colleague"),
        ("his mum", "parent"),
        ("tomorrow at ten", None),
    ],
)
def test_who_it_is_about_is_read(text: str, who: str | None) -> None:
    assert read(text, "who") == who


@pytest.mark.parametrize(
    ("text", "value"),
    [("a child, I think", "child"), ("can't tell", "unsure"), ("only adults", "adult"), ("1", "child")],
)
def test_an_answer_about_images_is_read(text: str, value: str, library: Library) -> None:
    assert chosen(library.questions["ask_what_images_show"], text) == value


def test_a_long_message_is_no_answer_to_a_question(library: Library) -> None:
    story = (
        "Actually something else: my phone was stolen from my coat in the staff room and the parent helper saw nothing"
    )

    assert chosen(library.questions["ask_who_connect"], story) is None


def test_a_suspected_manager_is_noticed() -> None:
    assert suspects("My line manager has posted racist jokes on Facebook") == {"line_manager"}


def test_a_suspected_manager_is_not_among_those_to_tell(engine) -> None:
    reply = engine.answer("My line manager has posted racist jokes about our families on Facebook")

    assert "line_manager" not in {person.role for person in reply.contacts}
    assert "somebody other than the person it is about" in reply.text
