"""Messages are cleaned and cut into the parts of a story."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.story import clean, is_latin, parts
from knowledge.wanted import clause_number


def test_two_situations_are_two_parts() -> None:
    found = parts("A Year 8 girl has sent me a friend request. Also my phone was stolen from the staff room.")

    assert found == ["A Year 8 girl has sent me a friend request.", "Also my phone was stolen from the staff room."]


def test_halves_joined_by_and_are_two_parts() -> None:
    found = parts("one mum wants my mobile for her son, and another has tagged me in nasty posts")

    assert found == ["one mum wants my mobile for her son", "another has tagged me in nasty posts"]


def test_a_list_of_three_is_three_parts_and_a_comma_alone_parts_nothing() -> None:
    listed = parts("a pupil sent me a nude, a colleague messages her at night, and I am being bullied online")

    assert listed == ["a pupil sent me a nude", "a colleague messages her at night", "I am being bullied online"]
    assert len(parts("a parent of a child in my class, the chair of governors, has messaged me")) == 1


def test_mark_up_and_control_characters_are_taken_out() -> None:
    assert clean("<b>a\x00 parent</b>&nbsp;added\u200b me") == "a parent added me"


def test_a_clause_number_is_not_read_out_of_a_longer_number() -> None:
    assert clause_number("what does 2.7.4 say") == "2.7.4"
    assert clause_number("ring 01225 2.7.45678") is None
    assert clause_number("principle 2? no, P.2") == "P.2"


def test_a_mostly_foreign_script_is_noticed() -> None:
    assert not is_latin("Ученик прислал мне сообщение")
    assert is_latin("she wrote спасибо to me")


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading(text: str) -> None:
    told = clean(text)

    assert all(part.strip() for part in parts(told))
    assert "\x00" not in told
