"""Who may continue a conversation."""

import time

import pytest
from itsdangerous import URLSafeTimedSerializer

from bot.gateway.refusal import Refusal
from bot.gateway.sessions import Sessions
from bot.secret import line_word, load_secret

DAY = 86_400
SECRET = b"one school's secret, thirty-two b"


def refused(sessions: Sessions, token: str) -> str:
    """Return why a token is refused."""
    with pytest.raises(Refusal) as found:
        sessions.conversation(token)
    return found.value.name


def test_a_token_opens_the_conversation_it_was_made_for() -> None:
    sessions = Sessions(SECRET, 1)
    token = sessions.issue()

    assert sessions.conversation(sessions.renew(sessions.conversation(token))) == sessions.conversation(token)


def test_a_conversation_has_128_random_bits() -> None:
    sessions = Sessions(SECRET, 1)
    found = {sessions.conversation(sessions.issue()) for _ in range(1000)}

    assert len(found) == 1000
    assert {len(bytes.fromhex(each.removeprefix("web-"))) for each in found} == {16}


def test_a_token_of_another_installation_is_refused() -> None:
    assert refused(Sessions(SECRET, 1), Sessions(b"another school", 1).issue()) == "no_session"


def test_a_token_opens_still_after_the_clock_was_set_back(monkeypatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + DAY)
    token = Sessions(SECRET, 1).issue()
    monkeypatch.undo()

    assert Sessions(SECRET, 1).conversation(token).startswith("web-")


def test_an_expired_token_is_refused() -> None:
    assert refused(Sessions(SECRET, -1 / 3600), Sessions(SECRET, 1).issue()) == "expired"


def test_a_known_conversation_id_is_no_token() -> None:
    sessions = Sessions(SECRET, 1)

    assert refused(sessions, sessions.conversation(sessions.issue())) == "no_session"


@pytest.mark.parametrize("place", [0, 10, 30, -2, -10])  # the last letter of all holds spare bits
def test_a_token_with_one_letter_changed_is_refused(place: int) -> None:
    token = list(Sessions(SECRET, 1).issue())
    token[place] = "A" if token[place] != "A" else "B"

    assert refused(Sessions(SECRET, 1), "".join(token)) == "no_session"


def test_a_signature_made_for_something_else_is_refused() -> None:
    token = URLSafeTimedSerializer(SECRET, salt="a reset of passwords").dumps(f"web-{'0' * 32}")

    assert refused(Sessions(SECRET, 1), str(token)) == "no_session"


@pytest.mark.parametrize("held", ["slack-U1", "web-", "../x", {"a": 1}, None, 7], ids=repr)
def test_a_signed_token_that_names_no_web_conversation_is_refused(held: object) -> None:
    token = URLSafeTimedSerializer(SECRET, salt="a web session").dumps(held)

    assert refused(Sessions(SECRET, 1), str(token)) == "no_session"


@pytest.mark.parametrize(
    "token", ["", ".", "...", "é", "x" * 100_000, "a.b.c"], ids=["", ".", "...", "é", "long", "abc"]
)
def test_what_is_no_token_is_refused(token: str) -> None:
    assert refused(Sessions(SECRET, 1), token) == "no_session"


def test_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path) -> None:
    first = load_secret(tmp_path)

    assert load_secret(tmp_path) == first
    assert len(first) == 32
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_the_word_of_the_line_does_not_show_the_secret() -> None:
    assert SECRET.hex() not in line_word(SECRET)
    assert line_word(SECRET) != line_word(b"another")
