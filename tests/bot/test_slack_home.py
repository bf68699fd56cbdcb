"""Slack's App Home: what Whatnow is, how to ask, where one stands in training; and training itself, by buttons."""

import pytest
from slack_sdk.models.views import View

from bot.gateway.slack_home import command, draw
from knowledge.training.scenario import load_scenarios
from tests.bot.slack_server import DM, NUMBERS, SlackServer, event, interaction, own, press, send, slack_server
from tests.bot.test_slack_card import words
from tests.conftest import free_port, free_settings, gateway_alone

NOWHERE = {"state": "none", "until": None, "done": 0, "of": 40, "paused": False, "course": None}
BEGUN = {**NOWHERE, "state": "begun", "done": 12}
HELD = {**BEGUN, "until": "2027-03-09"}
STANDINGS = [
    (NOWHERE, "have not begun training yet"),
    (BEGUN, "12 of 40 stories"),
    ({**BEGUN, "course": "full"}, "in the middle of a course"),
    ({**BEGUN, "course": "full", "paused": True}, "course is paused, and kept"),
    ({**HELD, "state": "complete"}, "It holds until 9 March 2027"),
    ({**HELD, "state": "due"}, "until 9 March 2027"),
    ({**HELD, "state": "overdue"}, "overdue"),
    (None, "cannot be shown just now"),
]


@pytest.mark.parametrize(("standing", "told"), STANDINGS, ids=str)
def test_the_home_says_where_one_stands_and_how_to_ask(standing, told: str) -> None:
    view = draw(standing)
    View(**view).validate_json()

    assert told in words(view["blocks"])
    assert "`/whatnow`" in words(view["blocks"])


@pytest.mark.parametrize(("standing", "kinds"), [(NOWHERE, ["actions"]), (None, [])])
def test_practice_is_offered_where_it_can_be_had(standing, kinds: list[str]) -> None:
    assert [each["type"] for each in draw(standing)["blocks"] if each["type"] == "actions"] == kinds


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (None, "start training"),
        (NOWHERE, "start training"),
        ({**BEGUN, "course": "full"}, "resume training"),
        ({**BEGUN, "paused": True}, "resume training"),
    ],
    ids=str,
)
def test_the_button_begins_or_goes_on(standing, said: str) -> None:
    assert command(standing) == said


def opened(url: str, user: str) -> None:
    """Open the home."""
    send(url, event(next(NUMBERS), type="app_home_opened", tab="home", user=user))


def practise(url: str, user: str) -> None:
    """Click the home's button."""
    action = {"type": "button", "action_id": "practise", "block_id": "b"}
    said = {"type": "block_actions", "user": {"id": user}, "view": {"type": "home"}, "actions": [action]}
    send(url, interaction({**said, "trigger_id": f"t{next(NUMBERS)}"}), form=True)


def right_choice(posted: dict) -> str:
    """Return the right choice in the story that a card tells."""
    story = next(each for each in load_scenarios().values() if each.title in posted["text"])
    scene = next(each for each in story.scenes.values() if each.story in posted["text"])
    return next(each.text for each in scene.choices if each.verdict == "right")


@pytest.mark.server
def test_the_home_is_drawn_when_it_is_opened(slack: SlackServer, url: str) -> None:
    user = f"U{next(NUMBERS)}"
    opened(url, user)
    posted = slack.wait(1)[0]

    assert (posted["method"], posted["user"], posted["type"]) == ("views.publish", user, "home")
    assert "have not begun training yet" in words(posted["blocks"])


@pytest.mark.server
def test_the_messages_tab_is_no_home(slack: SlackServer, url: str) -> None:
    send(url, event(next(NUMBERS), type="app_home_opened", tab="messages"))
    send(url, event(next(NUMBERS), text="hello"))

    assert slack.wait(1)[0]["method"] == "chat.postMessage"


@pytest.mark.server
def test_the_homes_button_opens_practice_in_the_chat_and_says_so(slack: SlackServer, url: str) -> None:
    practise(url, f"U{next(NUMBERS)}")
    chat, home = slack.wait(2)

    assert (chat["method"], chat["channel"]) == ("chat.postMessage", DM)
    assert "Which course would you like?" in chat["text"]
    assert "open in the *Messages* tab" in words(home["blocks"])


@pytest.mark.server
def test_training_goes_on_by_buttons_and_the_home_shows_how_far(slack: SlackServer, url: str) -> None:
    user = f"U{next(NUMBERS)}"
    practise(url, user)
    press(url, slack.wait(1)[0], "Five-minute round (4 stories)", user)
    for n in range(3, 6):
        press(url, slack.wait(n)[-1], "3", user)
    story = slack.wait(6)[-1]
    press(url, story, right_choice(story), user)
    feedback = slack.wait(7)[-1]
    opened(url, user)

    assert "Right." in words(feedback["blocks"])
    assert "rich_text" in [each["type"] for each in feedback["blocks"]]
    assert f"of {len(load_scenarios())} stories" in words(slack.wait(8)[-1]["blocks"])
    assert "in the middle of a course" in words(slack.wait(8)[-1]["blocks"])


@pytest.mark.server
def test_where_the_action_server_is_down_the_home_says_so_and_still_tells_how_to_ask(tmp_path) -> None:
    with slack_server(free_port()) as slack, gateway_alone(free_settings(tmp_path, **own(slack))) as settings:
        opened(settings.gateway_url, "U1")
        shown = words(slack.wait(1)[0]["blocks"])

    assert "cannot be shown just now" in shown
    assert "`/whatnow`" in shown
