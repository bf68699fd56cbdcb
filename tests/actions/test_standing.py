"""Who stands where in training, as the gateway may ask it, and nobody else."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from actions.guard import HEADER, WORD
from bot.secret import line_word, load_secret
from bot.settings import Settings
from knowledge.training.course import Progress
from knowledge.training.scenario import load_scenarios
from tests.actions.conftest import HEADERS, passed

JO = "slack:T1:U1"
SAM = "teams:tenant:object"


def standing(url: str, person: str = JO) -> dict:
    """Return a person's standing."""
    return httpx.post(f"{url}standing", json={"person": person}, headers=HEADERS).raise_for_status().json()


def due(url: str) -> list[dict]:
    """Return whose training is due."""
    return httpx.post(f"{url}due", json={}, headers=HEADERS).raise_for_status().json()


def go_to(record, progress: Progress) -> None:
    """Put a new learner where a course stands like this."""
    with record.step(record.begin("a chat", JO, "Jo Bloggs"), progress.model_dump_json()):
        pass


def test_who_was_never_in_training_stands_nowhere(asked: str) -> None:
    nowhere = {"state": "none", "until": None, "done": 0, "of": len(load_scenarios()), "paused": False, "course": None}

    assert standing(asked) == nowhere


def test_a_paused_course_is_told_with_its_kind(asked: str, record) -> None:
    go_to(record, Progress(stage="scenes", kind="full", paused=True))
    told = standing(asked)

    assert (told["state"], told["course"], told["paused"]) == ("begun", "full", True)


def test_a_passed_course_holds_for_a_year_and_is_no_course_any_more(asked: str, record) -> None:
    passed(record, JO)
    told = standing(asked)

    assert (told["state"], told["until"], told["course"]) == ("complete", "2027-04-01", None)


@pytest.mark.parametrize(("days", "state"), [(340, "due"), (366, "overdue")])
def test_a_completion_that_ends_is_told_with_its_occasion(days: int, state: str, asked: str, record, clock) -> None:
    learner = passed(record, JO)
    clock.now += timedelta(days=days)

    assert due(asked) == [{"person": JO, "state": state, "until": "2027-04-01", "occasion": f"{learner}:1"}]
    assert standing(asked)["state"] == state


def test_a_completion_that_holds_is_not_due(asked: str, record) -> None:
    passed(record, JO)

    assert due(asked) == []


def test_who_has_only_begun_is_not_due(asked: str, record, clock) -> None:
    go_to(record, Progress(stage="scenes", kind="full"))
    clock.now += timedelta(days=800)

    assert due(asked) == []


def test_one_learner_known_as_two_persons_is_due_on_one_occasion(asked: str, record, clock) -> None:
    passed(record, JO, SAM)
    clock.now += timedelta(days=340)
    told = due(asked)

    assert [each["person"] for each in told] == [JO, SAM]
    assert len({each["occasion"] for each in told}) == 1


def test_an_erased_person_is_not_due(asked: str, record, clock) -> None:
    record.erase(passed(record, JO))
    clock.now += timedelta(days=340)

    assert due(asked) == []
    assert standing(asked)["state"] == "none"


def test_only_right_and_fresh_scenarios_count_as_done(asked: str, record, clock) -> None:
    learner, names = record.begin("a chat", JO, "Jo Bloggs"), sorted(load_scenarios())
    with record.step(learner, Progress(stage="done").model_dump_json()) as open_:
        for name, verdict in zip(names, ("right", "wrong", "right"), strict=False):
            record.append(open_, learner.id, "chose", {"scenario": name, "verdict": verdict})
    fresh = standing(asked)["done"]
    clock.now += timedelta(days=366)

    assert (fresh, standing(asked)["done"]) == (2, 0)


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "another word"}, {HEADER: "wört".encode()}])
@pytest.mark.parametrize("path", ["standing", "due", "webhook", "actions"])
def test_who_does_not_know_the_word_is_refused(path: str, headers: dict, asked: str) -> None:
    assert httpx.post(asked + path, json={"person": JO}, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, HEADERS])
def test_without_a_word_set_nobody_is_answered(headers: dict, asked: str, monkeypatch) -> None:
    monkeypatch.delenv(WORD)

    assert httpx.post(f"{asked}due", json={}, headers=headers).status_code == 403


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"person": 7}', b'{"person": ""}'])
def test_a_question_about_nobody_is_refused(body: bytes, asked: str) -> None:
    assert httpx.post(f"{asked}standing", content=body, headers=HEADERS).status_code == 400


def test_a_record_that_cannot_be_read_is_said_to_be_down(asked: str, record) -> None:
    with record.engine.begin() as open_:
        open_.execute(text("DROP TABLE persons"))

    assert httpx.post(f"{asked}due", json={}, headers=HEADERS).status_code == 503


@pytest.mark.server
def test_the_action_server_as_it_is_started_answers_the_gateway_s_word(server: Settings) -> None:
    url, word = f"http://127.0.0.1:{server.actions_port}/standing", line_word(load_secret(server.state))
    answered = httpx.post(url, json={"person": "slack:T0:NOBODY"}, headers={HEADER: word}, timeout=20)

    assert answered.json()["state"] == "none"
    assert httpx.post(url, json={"person": JO}, timeout=20).status_code == 403


@pytest.mark.server
def test_another_account_on_this_machine_can_run_no_action(server: Settings) -> None:
    call = {"next_action": "action_train_start", "tracker": {"sender_id": "web-somebody", "slots": {}}, "domain": {}}
    asked = {path: httpx.post(server.actions_home + path, json=call, timeout=20) for path in ("webhook", "actions")}

    assert {path: answered.status_code for path, answered in asked.items()} == {"webhook": 403, "actions": 403}
