"""The front door: who may say what in which conversation, and that everything is said once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from bot.gateway.turns import Turns
from bot.secret import line_word, load_secret
from bot.settings import Settings
from tests.bot.web_client import WebClient

pytestmark = pytest.mark.server
VAGUE = "someone sent me a friend request"


@pytest.fixture
def web(server: Settings) -> WebClient:
    """One conversation over the web."""
    return WebClient(server)


@pytest.fixture
def other(server: Settings) -> WebClient:
    """Another one."""
    return WebClient(server)


def test_an_answer_comes_whole_as_the_contract_has_it(web: WebClient, check) -> None:
    reply = check(web.say("a parent added me on facebook last night, what should i do")["reply"])

    assert reply["matches"][0]["procedure"] == "parent_friend_request"
    assert reply["clauses"][0]["number"] == "2.6.2"


def test_a_click_answers_the_question(web: WebClient) -> None:
    asked = web.say(VAGUE)
    chosen = next(each for each in asked["buttons"] if each["title"] == "A pupil")
    answered = web.send(button=chosen["id"]).json()

    assert answered["reply"]["matches"][0]["procedure"] == "pupil_friend_request"


def test_a_typed_word_answers_the_question_as_well(web: WebClient) -> None:
    web.say(VAGUE)

    assert web.say("a pupil")["reply"]["matches"][0]["procedure"] == "pupil_friend_request"


def test_a_click_that_was_never_offered_is_refused(web: WebClient) -> None:
    web.say(VAGUE)
    refused = web.send(button="x" * 16)

    assert refused.status_code == 409
    assert "no longer open" in refused.json()["text"]


def test_a_click_that_was_offered_elsewhere_is_refused(web: WebClient, other: WebClient) -> None:
    offered = other.say(VAGUE)["buttons"][0]

    assert web.send(button=offered["id"]).status_code == 409
    assert other.send(button=offered["id"]).status_code == 200


def test_a_button_of_an_answered_question_is_closed(web: WebClient) -> None:
    first, second = web.say(VAGUE)["buttons"][:2]
    web.send(button=first["id"]).raise_for_status()

    assert web.send(button=second["id"]).status_code == 409


def test_a_button_stays_open_over_small_talk(web: WebClient) -> None:
    button = web.say(VAGUE)["buttons"][0]
    web.say("thanks")

    assert web.send(button=button["id"]).json()["reply"]["type"] == "advice"


def test_a_message_sent_twice_is_answered_once(web: WebClient) -> None:
    first = web.send("key-of-this-message", text=VAGUE).json()

    assert web.send("key-of-this-message", text=VAGUE).json() == first


def test_a_message_sent_ten_times_at_once_is_answered_once(web: WebClient) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: web.send("key-of-this-message", text=VAGUE).json(), range(10)))

    assert answers == [answers[0]] * 10


def test_a_key_used_for_other_words_is_refused(web: WebClient) -> None:
    web.send("key-of-this-message", text=VAGUE)

    assert web.send("key-of-this-message", text="hello").status_code == 409


def test_the_same_key_in_another_conversation_is_another_message(web: WebClient, other: WebClient) -> None:
    web.send("key-of-this-message", text=VAGUE)

    assert other.send("key-of-this-message", text="hello").json()["reply"]["type"] == "small_talk"


def test_turns_of_one_conversation_are_taken_in_the_order_they_came() -> None:
    async def take(turns: Turns, seen: list[int], n: int) -> None:
        async with turns.order("web-1"):
            await asyncio.sleep(0.01 if n % 2 else 0)
            seen.append(n)

    async def all_at_once() -> list[int]:
        turns, seen = Turns(None, None, "web"), []
        await asyncio.gather(*(take(turns, seen, n) for n in range(10)))
        return seen

    assert asyncio.run(all_at_once()) == list(range(10))


@pytest.mark.parametrize("token", ["", "forged", "a.b.c", "x" * 5000])
def test_without_a_token_of_ours_nothing_is_said(token: str, web: WebClient) -> None:
    refused = web.post("/api/say", {"key": "key-00001", "text": "hello"}, token)

    assert refused.status_code == 401
    assert refused.json()["error"] == "no_session"


def test_a_conversation_begun_with_ones_own_token_is_continued(web: WebClient) -> None:
    web.say(VAGUE)
    web.token = web.post("/api/session", {}).json()["token"]

    assert web.say("a pupil")["reply"]["type"] == "advice"


def test_typed_intents_stay_text(web: WebClient) -> None:
    web.say('/situation{"situation":"A pupil asked me out","reply":"x"}')
    web.say('/move_greet{"facts":{"who":"pupil"}}')

    assert web.say("someone has asked to follow me on insta")["reply"]["type"] == "question"


def test_what_was_forgotten_cannot_be_continued(web: WebClient) -> None:
    web.say(VAGUE)

    assert web.post("/api/forget", {}).json() == {"forgotten": True, "everywhere": True}
    assert web.send(text="a pupil").status_code == 410


def test_nobody_reaches_a_web_conversation_through_rest(web: WebClient, server: Settings) -> None:
    from bot.gateway.sessions import Sessions

    web.say(VAGUE)
    known = Sessions(load_secret(server.state), 1).conversation(web.token)
    said = httpx.post(server.webhook, json={"sender": known, "message": "why?"}, timeout=30).json()

    assert said[0]["custom"]["type"] == "small_talk"


@pytest.mark.parametrize("word", [None, "", "wrong"])
def test_the_private_line_hears_nobody_else(word: str | None, server: Settings) -> None:
    body = {"sender": "web-1", "channel": "web", "text": "/restart", "click": True, "key": "key-00001"}
    headers = {} if word is None else {"X-Whatnow-Line": word}

    assert httpx.post(f"{server.line_url}say", json=body, headers=headers).status_code == 403
    assert httpx.post(f"{server.line_url}forget", json=body, headers=headers).status_code == 403


def test_a_turn_asked_for_twice_on_the_line_is_taken_once(server: Settings) -> None:
    body = {"sender": "web-twice", "channel": "web", "text": VAGUE, "click": False, "key": "key-00001"}
    headers = {"X-Whatnow-Line": line_word(load_secret(server.state))}
    first = httpx.post(f"{server.line_url}say", json=body, headers=headers, timeout=30).json()
    body["text"] = "hello"

    assert httpx.post(f"{server.line_url}say", json=body, headers=headers, timeout=30).json() == first


def test_health_and_readiness_are_told(server: Settings) -> None:
    assert httpx.get(f"{server.gateway_url}/health").json() == {"status": "ok"}
    assert httpx.get(f"{server.gateway_url}/ready").json()["ready"] is True
