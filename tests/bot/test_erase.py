"""After `make erase` nothing of a person is left in any file of the installation, nor in Rasa's mind."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.gateway.persons import Persons
from bot.gateway.store import connect
from bot.secret import line_word, load_secret
from bot.settings import Settings
from knowledge.training.record import Record
from knowledge.training.record import connect as connect_record
from tests.actions.conftest import passed
from tests.bot.slack_server import NUMBERS, SlackServer, event, send, settings_of, slack_server
from tests.bot.web_client import WebClient
from tests.conftest import PROJECT, environment_of, free_port, free_settings, gateway_alone

pytestmark = pytest.mark.server
REQUEST = "someone sent me a friend request"


@pytest.fixture(scope="module")
def school(server: Settings):
    """A Slack, and a gateway with it on the very state of the real servers."""
    with slack_server(free_port()) as slack:
        settings = settings_of(server, slack, server.state)
        with gateway_alone(settings):
            yield slack, settings


def run(settings: Settings, command: str, person: str) -> subprocess.CompletedProcess[str]:
    """Run what `make erase` and `make export` run."""
    return subprocess.run(
        [sys.executable, "-m", "bot.person", command, "--", person],
        cwd=PROJECT,
        env=environment_of(settings),
        capture_output=True,
        text=True,
        check=False,
    )


def traces(folder: Path, *words: str) -> set[str]:
    """Return which of these words stand anywhere in the files of a folder."""
    read = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    return {word for word in words if any(word.encode() in each for each in read)}


def says(school: tuple[SlackServer, Settings], user: str, name: str, *texts: str) -> str:
    """Have somebody say all this in Slack; return the last answer."""
    slack, settings = school
    slack.people[user] = {"real_name": name}
    for text in texts:
        before = len(slack.posted)
        send(settings.gateway_url, event(next(NUMBERS), text=text, user=user, channel=f"D{user}"))
        slack.wait(before + 1)
    return json.dumps(slack.posted[-1])


def on_the_web(server: Settings, name: str) -> WebClient:
    """Have somebody practise in the browser under a name."""
    web = WebClient(server)
    for said in ("start training", "1", name, "2", "2", "3"):
        web.say(said)
    return web


def test_nothing_of_a_person_on_slack_is_left_in_any_file(school) -> None:
    says(school, "UCANARY", "Zebulon Quirk", REQUEST, "it was a pupil", "start training", "1")
    state = school[1].state
    known = traces(state, "Zebulon Quirk", "UCANARY", "Never accept a friend request from a pupil")
    done = run(school[1], "erase", "slack:T1:UCANARY")

    assert known == {"Zebulon Quirk", "UCANARY", "Never accept a friend request from a pupil"}
    assert done.returncode == 0, done.stderr
    assert traces(state, "Zebulon Quirk", "UCANARY") == set()


def test_rasa_has_forgotten_who_is_erased_and_nobody_else(school) -> None:
    for user in ("UGONE", "UHERE"):
        says(school, user, "Jo Bloggs", REQUEST)
    run(school[1], "erase", "slack:T1:UGONE")

    assert "Never accept a friend request" not in says(school, "UGONE", "Jo Bloggs", "a pupil")
    assert "Never accept a friend request" in says(school, "UHERE", "Jo Bloggs", "a pupil")


def test_nothing_of_a_name_given_on_the_web_is_left_in_any_file(server: Settings) -> None:
    web = on_the_web(server, "Quentin Canary")
    known = traces(server.state, "Quentin Canary")
    done = run(server, "erase", "Quentin Canary")

    assert known == {"Quentin Canary"}
    assert done.returncode == 0, done.stderr
    assert traces(server.state, "Quentin Canary") == set()
    assert web.say("resume training")["reply"] == WebClient(server).say("resume training")["reply"]


def test_the_certificate_goes_with_the_name(tmp_path) -> None:
    settings, learner = with_record(tmp_path, "slack:T1:U1")
    certificates = tmp_path / "certificates"
    certificates.mkdir()
    code = json.loads(ask_record(settings, learner))[0]["certificates"][0]
    for name in (code, "another's"):
        (certificates / f"{name}.pdf").write_bytes(b"a page")
    run(settings, "erase", learner)

    assert [file.stem for file in certificates.iterdir()] == ["another's"]


def test_a_rasa_that_is_down_is_said_and_what_it_may_hold_is_named(tmp_path) -> None:
    settings, _ = with_record(tmp_path, "slack:T1:U1")
    Persons(connect(settings.database)).write("slack:T1:U1", "slack-T1-U1-D1")
    done = run(settings, "erase", "slack:T1:U1")

    assert done.returncode == 3
    assert "Rasa does not answer" in done.stderr
    assert 'make erase PERSON="slack-T1-U1-D1"' in done.stderr
    assert json.loads(ask_record(settings, "slack:T1:U1")) == []


def test_what_was_left_can_be_erased_by_its_own_name(server: Settings, tmp_path) -> None:
    settings = server.model_copy(update={"state": tmp_path})
    (tmp_path / "secret").write_bytes((server.state / "secret").read_bytes())
    Persons(connect(settings.database)).write("slack:T1:U1", "slack-T1-U1-D1")
    done = run(settings, "erase", "slack-T1-U1-D1")

    assert done.returncode == 0, done.stderr
    assert traces(tmp_path, "slack-T1-U1-D1", "slack:T1:U1") == set()


@pytest.mark.parametrize("person", ["Nobody At All", "slack:T1:UNONE", "--help", ""])
def test_who_is_not_known_is_told_plainly(person: str, tmp_path) -> None:
    done = run(free_settings(tmp_path), "erase", person)

    assert (done.returncode, done.stderr.strip()) == (1, "Nobody of that name or id is known here.")


def test_of_two_of_one_name_none_is_erased_and_both_are_named(tmp_path) -> None:
    settings, first = with_record(tmp_path, "slack:T1:U1")
    second = passed(record_of(tmp_path), "slack:T1:U2")
    done = run(settings, "erase", "Jo Bloggs")

    assert done.returncode == 2
    assert f"{first} slack:T1:U1" in done.stderr
    assert f"{second} slack:T1:U2" in done.stderr
    assert len(json.loads(ask_record(settings, "Jo Bloggs"))) == 2


def test_all_that_is_held_is_told(school) -> None:
    says(school, "UTOLD", "Ada Told", REQUEST, "start training", "1")
    told = json.loads(run(school[1], "export", "slack:T1:UTOLD").stdout)

    assert told["conversations"] == ["slack-T1-UTOLD-DUTOLD"]
    assert set(told["gateway"]) >= {"answers", "buttons", "addresses", "persons_at"}
    assert told["training"][0]["name"] == "Ada Told"
    assert any(each.get("text") == REQUEST for each in told["rasa"]["slack-T1-UTOLD-DUTOLD"]["events"])


@pytest.mark.parametrize("what", ["held", "forget"])
def test_the_private_line_tells_nobody_else(what: str, server: Settings) -> None:
    assert httpx.post(f"{server.line_url}{what}", json={"sender": "slack-T1-U1-D1"}).status_code == 403


def test_a_forgotten_answer_is_not_remembered_by_its_key(server: Settings) -> None:
    headers = {"X-Whatnow-Line": line_word(load_secret(server.state))}
    body = {"sender": "web-forgotten", "channel": "web", "click": False, "key": "key-00001"}

    def post(what: str, text: str = "") -> str:
        return httpx.post(f"{server.line_url}{what}", json={**body, "text": text}, headers=headers, timeout=30).text

    first = post("say", "a parent added me on facebook")
    post("forget")

    assert "2.6.2" in first
    assert "2.6.2" not in post("say", "hello")


def record_of(folder: Path) -> Record:
    """Return the record of a state's folder."""
    return Record(connect_record(f"sqlite:///{folder / 'training.db'}"), b"a key of thirty-two bytes, or so")


def with_record(folder: Path, person: str) -> tuple[Settings, str]:
    """Return settings of a state in which this person has passed a course, and the learner's id; nothing runs there."""
    (folder / "training.key").write_bytes(b"a key of thirty-two bytes, or so")
    return free_settings(folder), passed(record_of(folder), person)


def ask_record(settings: Settings, person: str) -> str:
    """Return what the record tells of who a person is."""
    command = [sys.executable, "-m", "knowledge.training.known", person]
    return subprocess.run(
        command, cwd=PROJECT, env=environment_of(settings), capture_output=True, text=True, check=True
    ).stdout
