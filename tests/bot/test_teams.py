"""Teams: everything is answered once, in the person's own chat, with its clause; nothing of it stands in a room."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.settings import Settings
from tests.bot.teams_server import BOT, OBJECT, PERSONAL, ROOM, TENANT, USER, TeamsServer, activity, send, teams_server
from tests.conftest import free_port, free_settings, gateway_alone

pytestmark = pytest.mark.server
PARENT = "a parent added me on facebook last night, what should i do"


def settings_of(server: Settings, folder) -> Settings:
    """Return settings for a gateway with Teams on trial, in front of these servers and with their secret."""
    (folder / "secret").write_bytes((server.state / "secret").read_bytes())
    fresh = free_settings(folder, each_conversation="10000 per second", teams_anonymous=True, reminders=False)
    return fresh.model_copy(update={"rasa_port": server.rasa_port, "actions_port": server.actions_port})


@pytest.fixture(scope="module")
def teams_and_url(server: Settings, tmp_path_factory):
    """A Teams, and a gateway of its own that answers to it, in front of the real servers."""
    settings = settings_of(server, tmp_path_factory.mktemp("teams"))
    with teams_server(free_port()) as teams, gateway_alone(settings):
        yield teams, settings.gateway_url


@pytest.fixture
def teams(teams_and_url) -> TeamsServer:
    """The Teams, with nothing posted yet."""
    teams_and_url[0].posted.clear()
    teams_and_url[0].closed = False
    return teams_and_url[0]


@pytest.fixture
def url(teams_and_url) -> str:
    """The gateway's address."""
    return teams_and_url[1]


def say(teams: TeamsServer, url: str, text: str = "", **inside) -> int:
    """Say something; return the status that Teams gets."""
    return send(url, activity(text, service=teams.url, **inside)).status_code


def in_room(text: str, **inside) -> dict:
    """Return what a mention in a team's channel looks like."""
    mention = {"type": "mention", "text": "<at>Whatnow</at>", "mentioned": {"id": BOT, "name": "Whatnow"}}
    place = {"id": f"{ROOM};messageid=1", "conversationType": "channel", "isGroup": True}
    return {"text": f"<at>Whatnow</at> {text}", "entities": [mention], "conversation": place, **inside}


def seen(posted: dict) -> str:
    """Return all that a person can read of what was posted."""
    return json.dumps(posted["attachments"][0]["content"], ensure_ascii=False)


def card_of(posted: dict) -> dict:
    """Return the card."""
    return posted["attachments"][0]["content"]


def submits(card: dict) -> list[dict]:
    """Return a card's buttons, wherever they stand."""
    found = []

    def walk(part) -> None:
        if isinstance(part, dict):
            found.extend([part] if part.get("type") == "Action.Submit" else [])
            for each in part.values():
                walk(each)
        elif isinstance(part, list):
            for each in part:
                walk(each)

    walk(card)
    return found


def test_a_message_is_answered_by_one_card_with_its_clause(teams: TeamsServer, url: str) -> None:
    assert say(teams, url, PARENT) == 202
    posted = teams.wait(1)[0]

    assert posted["place"] == PERSONAL
    assert "Tell your manager openly" in seen(posted)
    assert "2.6.2" in seen(posted)


def test_a_choice_is_taken_by_its_button(teams: TeamsServer, url: str) -> None:
    say(teams, url, "someone sent me a friend request")
    offered = next(each for each in submits(card_of(teams.wait(1)[0])) if each["title"] == "A pupil")
    say(teams, url, value=offered["data"])

    assert "Never accept a friend request from a pupil" in seen(teams.wait(2)[1])


def test_a_choice_is_taken_by_its_number_too(teams: TeamsServer, url: str) -> None:
    say(teams, url, "someone sent me a friend request")
    titles = [each["title"] for each in submits(card_of(teams.wait(1)[0]))]
    say(teams, url, str(titles.index("A pupil") + 1))

    assert "Never accept a friend request from a pupil" in seen(teams.wait(2)[1])


@pytest.mark.parametrize(
    "value", [{"button": "never-offered"}, {"payload": "/move_restart"}, {"button": {"a": 1}}], ids=str
)
def test_a_card_value_never_offered_is_refused_in_words(value, teams: TeamsServer, url: str) -> None:
    say(teams, url, value=value)

    assert "no longer open" in seen(teams.wait(1)[0])


def test_a_click_on_an_old_card_is_refused_in_words(teams: TeamsServer, url: str) -> None:
    say(teams, url, "someone sent me a friend request")
    old = submits(card_of(teams.wait(1)[0]))[0]["data"]
    say(teams, url, PARENT)
    teams.wait(2)
    say(teams, url, value=old)

    assert "no longer open" in seen(teams.wait(3)[2])


def test_a_mention_in_a_room_is_answered_in_the_person_s_own_chat(teams: TeamsServer, url: str) -> None:
    say(teams, url, **in_room(PARENT))
    answer, note = teams.wait(2)

    assert answer["place"] == f"a:{USER}"
    assert "2.6.2" in seen(answer)
    assert "2.6.2" not in seen(note)
    assert "answered you in our own chat" in seen(note)


def test_who_has_no_chat_with_us_gets_no_answer_in_the_room(teams: TeamsServer, url: str) -> None:
    teams.closed = True
    say(teams, url, **in_room(PARENT))
    posted = teams.wait(1)[0]

    assert "cannot reach you there" in seen(posted)
    assert "2.6.2" not in seen(posted)


def test_what_was_said_in_private_never_stands_in_a_room(teams: TeamsServer, url: str) -> None:
    say(teams, url, PARENT)
    teams.wait(1)
    say(teams, url, **in_room("why?"))
    in_the_room = [each for each in teams.wait(3) if each["place"].startswith(ROOM)]

    assert len(in_the_room) == 1
    assert "2.6.2" not in seen(in_the_room[0])


def test_a_choice_asked_for_in_a_room_is_made_in_private(teams: TeamsServer, url: str) -> None:
    say(teams, url, **in_room("someone sent me a friend request"))
    offered = next(each for each in submits(card_of(teams.wait(2)[0])) if each["title"] == "A pupil")
    own = {"id": f"a:{USER}", "conversationType": "personal"}
    say(teams, url, value=offered["data"], conversation=own)

    assert "Never accept a friend request from a pupil" in seen(teams.wait(3)[2])


def test_another_person_s_choice_is_not_open_to_me(teams: TeamsServer, url: str) -> None:
    say(teams, url, "someone sent me a friend request")
    offered = next(each for each in submits(card_of(teams.wait(1)[0])) if each["title"] == "A pupil")
    say(teams, url, value=offered["data"], **{"from": {"id": "29:other", "aadObjectId": "another"}})

    assert "no longer open" in seen(teams.wait(2)[1])


def test_who_installs_it_is_welcomed_once(teams: TeamsServer, url: str) -> None:
    place = {"id": "a:fresh", "conversationType": "personal", "tenantId": TENANT}
    say(teams, url, type="installationUpdate", action="add", conversation=place)
    say(teams, url, type="conversationUpdate", membersAdded=[{"id": BOT}], conversation=place)
    say(teams, url, PARENT)
    posted = [each for each in teams.wait(2) if each["place"] == "a:fresh"]

    assert len(posted) == 1
    assert "call 999" in seen(posted[0])


@pytest.mark.parametrize(
    "inside",
    [
        {"from": {"id": "28:another-bot", "name": "Bot"}},
        {"from": {"id": "29:x", "role": "bot"}},
        {"type": "messageUpdate"},
        {"type": "messageDelete"},
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "typing"},
        {"type": "endOfConversation"},
        {"type": "never heard of"},
    ],
    ids=str,
)
def test_bots_and_edits_are_thanked_for_and_not_read(inside, teams: TeamsServer, url: str) -> None:
    assert say(teams, url, PARENT, **inside) == 202
    say(teams, url, "hello")

    assert "2.6.2" not in "".join(map(seen, teams.wait(1)))


def test_a_file_is_refused_with_the_reason(teams: TeamsServer, url: str) -> None:
    file = {"contentType": "image/png", "contentUrl": f"{teams.url}secret.png"}
    say(teams, url, "look at this", attachments=[file])

    assert "have not opened yours" in seen(teams.wait(1)[0])


def test_the_copy_that_teams_attaches_is_no_file(teams: TeamsServer, url: str) -> None:
    say(teams, url, PARENT, attachments=[{"contentType": "text/html", "content": f"<p>{PARENT}</p>"}])

    assert "2.6.2" in seen(teams.wait(1)[0])


def test_40_000_characters_are_refused_in_words(teams: TeamsServer, url: str) -> None:
    say(teams, url, "a " * 20_000)

    assert "at most 4000 characters" in seen(teams.wait(1)[0])


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_teams_that_asks_for_patience_gets_it_and_loses_nothing(status: int, teams: TeamsServer, url: str) -> None:
    teams.refuse = [status, status]
    say(teams, url, PARENT)

    assert len(teams.wait(1)) == 1
    assert "2.6.2" in seen(teams.posted[0])


def test_of_three_hundred_with_a_third_sent_again_each_is_answered_once(teams: TeamsServer, url: str) -> None:
    sent = [activity("hello", service=teams.url, **{"from": {"id": f"29:{n % 50}"}}) for n in range(300)]
    with ThreadPoolExecutor(16) as pool:
        statuses = set(pool.map(lambda each: send(url, each).status_code, [*sent, *sent[::3]]))
    say(teams, url, PARENT)
    posted = teams.wait(301, 120)

    assert statuses == {202}
    assert len(posted) == 301


def test_somebody_practises_under_their_own_name(teams: TeamsServer, url: str) -> None:
    say(teams, url, "start training")
    courses = submits(card_of(teams.wait(1)[0]))
    say(teams, url, value=next(each for each in courses if each["title"].startswith("Five-minute"))["data"])
    feelings = card_of(teams.wait(2)[1])

    assert [each["title"] for each in submits(feelings)] == ["1", "2", "3", "4", "5"]
    assert OBJECT not in json.dumps(feelings)


def test_an_invoke_that_was_never_offered_is_said_to_be_none(teams: TeamsServer, url: str) -> None:
    assert say(teams, url, type="invoke", name="adaptiveCard/action", value={"action": {}}) == 501
