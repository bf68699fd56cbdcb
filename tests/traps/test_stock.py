"""What Rasa does as it comes: one hole a test. docs/traps.md says which test shows it shut here."""

import subprocess
import sys
import time

import httpx
import psutil
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.parts import RASA
from bot.process import start, stop, wait_for
from tests.bot.slack_server import NUMBERS, event
from tests.bot.teams_server import ROOM, activity, serving
from tests.conftest import PROJECT, free_port
from tests.traps.conftest import Stock

pytestmark = pytest.mark.server
LEEDS, WHERE = "i live in Leeds", "which city"


def test_callers_without_a_sender_share_one_conversation(stock: Stock) -> None:
    stock.rest(message=LEEDS)

    assert stock.rest(message=WHERE) == ["You live in Leeds."]


def test_a_caller_continues_another_s_conversation_by_naming_it(stock: Stock) -> None:
    stock.rest(sender="victim", message=LEEDS)

    assert stock.rest(sender="victim", message=WHERE) == ["You live in Leeds."]


def test_a_caller_says_which_channel_and_who_it_is(stock: Stock) -> None:
    stock.rest(sender="teller", message=LEEDS, input_channel="slack", metadata={"person": "slack:T1:U1"})
    latest = stock.tracker("teller")

    assert latest["latest_input_channel"] == "slack"
    assert latest["latest_message"]["metadata"]["person"] == "slack:T1:U1"


def test_who_knows_a_socket_session_speaks_in_it(stock: Stock) -> None:
    stock.rest(sender="session-of-a-victim", message=LEEDS)
    script = [RASA, "-W", "ignore", "-m", "tests.rasa_side.speak_on_socket"]
    subprocess.run([*script, stock.url, "session-of-a-victim", "i live in York"], cwd=PROJECT, check=True)

    assert stock.rest(sender="session-of-a-victim", message=WHERE) == ["You live in York."]


def test_a_typed_intent_fires_and_sets_a_slot(stock: Stock) -> None:
    stock.rest(sender="typist", message='/live{"city": "anything at all"}')

    assert stock.rest(sender="typist", message=WHERE) == ["You live in anything at all."]


def test_a_typed_command_resets_the_conversation(stock: Stock) -> None:
    stock.rest(sender="restarter", message=LEEDS)
    stock.rest(sender="restarter", message="/restart")

    assert stock.rest(sender="restarter", message=WHERE) == ["You live in None."]


def test_a_turn_that_fails_is_answered_with_success_and_nothing(stock: Stock) -> None:
    assert stock.rest(sender="unlucky", message="fail") == []


def test_its_api_tells_anybody_what_somebody_said(stock: Stock) -> None:
    stock.rest(sender="private", message=LEEDS)

    assert stock.tracker("private")["latest_message"]["text"] == LEEDS


def test_its_api_lets_anybody_put_another_model_in(stock: Stock) -> None:
    assert httpx.put(f"{stock.url}/model", json={"model_file": stock.model}, timeout=60).status_code == 204


def test_it_listens_on_every_address(stock: Stock) -> None:
    listening = [each for each in psutil.net_connections("tcp") if each.status == psutil.CONN_LISTEN]

    assert {each.laddr.ip for each in listening if each.laddr.port == stock.port} == {"0.0.0.0"}  # noqa: S104


def test_its_action_server_listens_on_every_address() -> None:
    port = free_port()
    process = start([sys.executable, "-m", "rasa_sdk", "--actions", "tests.empty_bot.action_hop", "--port", str(port)])
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process)
        listening = [each for each in psutil.net_connections("tcp") if each.status == psutil.CONN_LISTEN]
    finally:
        stop([process])

    assert {each.laddr.ip for each in listening if each.laddr.port == port} == {"0.0.0.0"}  # noqa: S104


def test_an_event_that_slack_sends_again_is_answered_twice(stock: Stock) -> None:
    asked = event(next(NUMBERS), text="remind", user="U7")
    stock.slack_event(asked)
    stock.slack_event(asked, **{"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_error"})

    assert [each["text"] for each in stock.slack.wait(2)] == ["Do not forget."] * 2


def test_a_reply_on_slack_comes_in_pieces(stock: Stock) -> None:
    stock.slack_event(event(next(NUMBERS), text=LEEDS, user="U8"))

    assert [each["text"] for each in stock.slack.wait(2)] == ["So you live in Leeds.", "That is kept."]


@pytest.mark.parametrize("claims", [{"iss": "https://evil.example"}, {"exp": None}, {"serviceurl": None}], ids=str)
def test_a_teams_token_of_anybody_s_or_for_ever_is_taken(claims, stock: Stock) -> None:
    asked = activity("remind", service=stock.teams.url)
    stock.teams_event(asked, stock.teams.token(**claims))

    assert [each["text"] for each in stock.teams.wait(1)] == ["Do not forget."]


def test_a_teams_token_of_another_algorithm_is_an_error_of_the_server(stock: Stock) -> None:
    token = stock.teams.token(header={"alg": "HS256"}, key="a secret of thirty-two characters")

    assert stock.teams_event(activity("remind"), token).status_code == 500


def test_the_bot_s_own_token_goes_wherever_a_teams_event_says(stock: Stock) -> None:
    shown, port = [], free_port()

    async def take(request: Request) -> Response:
        shown.append(request.headers["authorization"])
        return Response()

    stranger = Starlette(routes=[Route("/v3/conversations/{place}/activities", take, methods=["POST"])])
    with serving(stranger, port):
        stock.teams_event(activity("remind", service=f"http://127.0.0.1:{port}/"), stock.teams.token())

    assert shown == ["Bearer the-bots-own-token"]


def test_teams_buttons_come_without_what_makes_them_work(stock: Stock) -> None:
    stock.teams_event(activity("choose", service=stock.teams.url), stock.teams.token())
    buttons = stock.teams.wait(1)[0]["attachments"][0]["content"]["buttons"]

    assert [set(each) for each in buttons] == [{"title", "payload"}]


def test_a_click_in_teams_arrives_as_no_words(stock: Stock) -> None:
    clicked = activity("", service=stock.teams.url, value={"button": "which city"})
    stock.teams_event({**clicked, "from": {"id": "29:clicker"}}, stock.teams.token())

    assert stock.tracker("29:clicker")["latest_message"]["text"] is None


def test_what_is_said_to_teams_in_private_is_told_in_a_room(stock: Stock) -> None:
    stock.teams_event(activity(LEEDS, service=stock.teams.url), stock.teams.token())
    room = {"id": ROOM, "conversationType": "channel"}
    stock.teams_event(activity(WHERE, service=stock.teams.url, conversation=room), stock.teams.token())

    assert [each["text"] for each in stock.teams.wait(3) if each["place"] == ROOM] == ["You live in Leeds."]


def test_a_reminder_to_teams_reaches_nobody(stock: Stock) -> None:
    trigger = f"{stock.url}/conversations/29:somebody/trigger_intent?output_channel=botframework"
    answered = httpx.post(trigger, json={"name": "remind"}, timeout=60)
    time.sleep(1)

    assert (answered.status_code, stock.teams.posted) == (200, [])
