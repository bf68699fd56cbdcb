"""One learner on every channel: by a code taken up elsewhere, kept hashed, and gone when they are erased."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from knowledge.training.cli import app
from knowledge.training.desk import CODE, Place
from knowledge.training.tables import LEARNERS, PERSONS, PLACES
from tests.training.conftest import begun, choice, finish

SLACK = Place("slack-T1-U1-D1", "slack:T1:U1", "Jo Bloggs")
OTHER_ROOM = Place("slack-T1-U1-C9", "slack:T1:U1", "Jo Bloggs")
TEAMS = Place("teams-7", "teams:tenant:object", "Jo Bloggs")
ELSEWHERE = Place("web-2")


def code_on_the_web(desk, place) -> str:
    """Begin a course on the web; return the code that is told."""
    desk.command(place, "start")
    desk.turn(place, "1")
    return CODE.search(desk.turn(place, "Jo Bloggs").text).group(1)


def code_in(desk, place) -> str:
    """Begin a course where the channel says who somebody is; return the code that is told."""
    desk.command(place, "start")
    return CODE.search(desk.turn(place, "1").text).group(1)


def rows(record, table) -> list:
    """Return all that a table holds."""
    with record.engine.connect() as open_:
        return open_.execute(select(table)).all()


@pytest.mark.parametrize("chat", [SLACK, TEAMS])
def test_a_code_from_the_web_gives_the_same_progress_in_a_chat(chat: Place, desk, place) -> None:
    desk.turn(chat, f"resume {code_on_the_web(desk, place)}")

    assert desk.where(chat) == desk.where(place)


def test_what_is_done_in_a_chat_is_done_on_the_web(desk, place) -> None:
    desk.turn(SLACK, f"resume {code_on_the_web(desk, place)}")
    for said in ("2", "2", "3"):
        desk.turn(SLACK, said)
    desk.turn(SLACK, choice(desk, SLACK, "right"))

    assert len(desk.where(place)[1].taken) == 1


def test_the_person_is_bound_and_not_only_the_room(desk, place) -> None:
    desk.turn(SLACK, f"resume {code_on_the_web(desk, place)}")

    assert desk.where(OTHER_ROOM) == desk.where(place)


def test_somebody_else_in_the_same_chat_is_somebody_else(desk, place) -> None:
    desk.turn(SLACK, f"resume {code_on_the_web(desk, place)}")

    assert desk.where(Place(SLACK.conversation, "slack:T1:U2")) == (None, None)


@pytest.mark.parametrize("where", [TEAMS, ELSEWHERE])
def test_a_code_from_slack_is_taken_up_elsewhere(where: Place, desk) -> None:
    desk.turn(where, f"resume {code_in(desk, SLACK)}")

    assert desk.where(where)[0] == desk.where(SLACK)[0]
    assert desk.where(where)[1].stage == "before"


def test_the_code_is_told_once(desk) -> None:
    code_in(desk, SLACK)
    desk.command(SLACK, "start")
    told = desk.turn(SLACK, "full").text

    assert desk.where(SLACK)[1].kind == "full"
    assert CODE.search(told) is None


def test_who_came_with_a_code_is_told_no_other(desk, place) -> None:
    desk.turn(SLACK, f"resume {code_on_the_web(desk, place)}")
    desk.command(SLACK, "start")
    told = desk.turn(SLACK, "full").text

    assert desk.where(SLACK)[1].kind == "full"
    assert CODE.search(told) is None


def test_a_code_that_was_told_on_one_of_two_devices_at_once_is_the_one_that_opens(desk) -> None:
    desk.command(SLACK, "start")
    learner, progress = desk.where(SLACK)
    code = CODE.search(desk.choose_course(learner, progress, "1").text).group(1)
    late = desk.safely(SLACK, lambda: desk.choose_course(learner, progress, "1"))

    assert CODE.search(late.text) is None
    assert desk.record.take_up("teams-7", TEAMS.person, code).id == learner.id


def test_a_code_is_nowhere_kept_as_it_is(desk, record, tmp_path) -> None:
    code = code_in(desk, SLACK)
    record.engine.dispose()
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("training.db*"))

    assert code.encode() not in kept
    assert record.hidden(code).encode() in kept


def test_a_person_who_takes_up_another_record_is_bound_to_that_one_only(desk, place, record) -> None:
    code_in(desk, SLACK)
    desk.turn(SLACK, f"resume {code_on_the_web(desk, place)}")

    assert [tuple(row) for row in rows(record, PERSONS)] == [(SLACK.person, desk.where(place)[0].id)]


def test_a_record_without_an_open_course_is_taken_up_too(desk, place) -> None:
    begun(desk, place)
    finish(desk, place)
    learner = desk.where(place)[0]
    with desk.record.engine.begin() as open_:
        code = desk.record.give_code(open_, learner)
    told = desk.turn(SLACK, f"resume {code}")

    assert "same here as elsewhere" in told.text
    assert desk.where(SLACK) == desk.where(place)


def test_a_made_up_code_binds_nobody(desk) -> None:
    assert "opens nothing" in desk.turn(SLACK, "resume AAAA-AAAA-AAAA").text
    assert desk.where(SLACK) == (None, None)


def test_an_erased_learner_is_gone_from_every_channel(desk, place, record) -> None:
    code = code_on_the_web(desk, place)
    for chat in (SLACK, TEAMS):
        desk.turn(chat, f"resume {code}")
    record.erase(desk.where(place)[0].id)

    assert [desk.where(each) for each in (place, SLACK, TEAMS)] == [(None, None)] * 3
    assert [rows(record, table) for table in (LEARNERS, PLACES, PERSONS)] == [[], [], []]
    assert "opens nothing" in desk.turn(TEAMS, f"resume {code}").text


@pytest.mark.parametrize("command", ["export", "erase"])
def test_a_person_can_be_named_at_the_prompt(command: str, desk, place, record, monkeypatch) -> None:
    desk.turn(SLACK, f"resume {code_on_the_web(desk, place)}")
    monkeypatch.setenv("WHATNOW_TRAINING_URL", str(record.engine.url))
    told = CliRunner().invoke(app, [command, SLACK.person])

    assert told.exit_code == 0
    assert (SLACK.person in told.output) is (desk.where(SLACK)[0] is not None) is (command == "export")


def test_a_person_who_begins_twice_at_once_is_one_learner(record) -> None:
    def begin(_: int) -> bool:
        try:
            record.begin("slack-1", SLACK.person, "Jo Bloggs")
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        begun_ones = list(pool.map(begin, range(4)))

    assert begun_ones.count(True) == 1
    assert len(rows(record, LEARNERS)) == len(rows(record, PERSONS)) == 1
