"""One person's way through a course."""

from datetime import timedelta

import pytest

from knowledge.training.desk import Desk, Place
from tests.training.conftest import begun, choice, finish, play

ELSEWHERE = Place("web-2")


def test_who_is_not_in_training_is_left_alone(desk, place) -> None:
    assert desk.turn(place, "a parent added me on facebook") is None


def test_a_round_has_four_stories_of_four_areas(desk, place, scenarios) -> None:
    begun(desk, place)
    order = desk.where(place)[1].order

    assert len({scenarios[each].area for each in order}) == 4


def test_the_full_course_holds_every_story(desk, place, scenarios) -> None:
    begun(desk, place, "2")

    assert set(desk.where(place)[1].order) == set(scenarios)


def test_every_scene_shows_where_one_is(desk, place) -> None:
    desk.command(place, "start")
    replies = [desk.turn(place, said) for said in ("1", "Jo Bloggs", "2", "2", "3")]

    assert (replies[-1].training.at, replies[-1].training.of) == (1, 4)
    assert "Story 1 of 4" in replies[-1].text


def test_a_choice_gets_its_clause_word_for_word(desk, place, library) -> None:
    begun(desk, place)
    reply = desk.turn(place, choice(desk, place, "right"))
    number = reply.training.feedback.clause

    assert reply.clauses[0].quote == library.policy.clauses[number].quote
    assert reply.clauses[0].quote in reply.text


def test_a_choice_by_its_number_is_the_same_choice(desk, place) -> None:
    begun(desk, place)
    desk.turn(place, "1")
    taken = desk.where(place)[1].taken[-1]

    assert taken.choice == desk.scenarios[taken.scenario].scenes[taken.scene].choices[0].id


def test_all_right_choices_pass_and_bring_a_certificate(desk, place, tmp_path) -> None:
    begun(desk, place)
    ended = finish(desk, place)
    code = ended.training.certificate.removeprefix("/certificate/")

    assert (ended.type, ended.training.passed, ended.training.percent) == ("record", True, 100)
    assert (tmp_path / "certificates" / f"{code}.pdf").read_bytes().startswith(b"%PDF")


def test_wrong_choices_do_not_pass(desk, place) -> None:
    begun(desk, place)
    ended = finish(desk, place, "wrong", "harmful", "partly")

    assert ended.training.passed is False
    assert ended.training.certificate is None


def test_one_harmful_choice_in_a_critical_story_is_enough_to_fail(desk, place) -> None:
    begun(desk, place, "2")
    done = False
    while (progress := desk.where(place)[1]).stage == "scenes":
        harm = choice(desk, place, "harmful") if not done and desk.scenarios[progress.now].critical else None
        done = done or harm is not None
        desk.turn(place, harm or choice(desk, place, "right"))
    ended = [desk.turn(place, "4") for _ in range(3)][-1]

    assert done
    assert ended.training.percent >= 80
    assert ended.training.passed is False


def test_a_course_with_a_skipped_story_is_not_passed(desk, place) -> None:
    begun(desk, place)
    desk.command(place, "skip")

    assert finish(desk, place).training.passed is False


def test_an_answer_in_own_words_names_steps_and_is_judged(desk, place, scenarios) -> None:
    begun(desk, place, "2")
    while desk.where(place)[1].now != "the_football_captain":
        desk.turn(place, choice(desk, place, "right"))
    reply = desk.turn(place, "I wouldn't accept it, I'd ignore the request and tell my line manager about it on Monday")
    given = reply.training.feedback

    assert given.verdict == "right"
    assert set(given.named) == {"decline_request", "inform_manager"}


def test_harm_in_own_words_is_seen(desk, place) -> None:
    begun(desk, place, "2")
    while desk.where(place)[1].now != "the_football_captain":
        desk.turn(place, choice(desk, place, "right"))
    given = desk.turn(place, "I'd accept her request, it would be rude not to, and tell my manager").training.feedback

    assert given.verdict == "harmful"
    assert "accept_request" in given.harm


def test_words_without_a_step_do_not_count(desk, place) -> None:
    begun(desk, place)
    desk.turn(place, "bananas are yellow")

    assert desk.where(place)[1].taken == ()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("actually this is really happening to me, a pupil sent me a nude last night", "advice"),
        ("a child is being hurt right now, this is real", "emergency"),
    ],
)
def test_real_life_comes_first_and_training_is_kept(said: str, kind: str, desk, place) -> None:
    begun(desk, place)
    before = desk.where(place)[1]
    reply = desk.turn(place, said)

    assert (reply.type, reply.real) == (kind, True)
    assert reply.text.startswith("THIS IS REAL ADVICE")
    assert desk.turn(place, "thanks") is None
    assert desk.command(place, "resume").training.story == desk.scenarios[before.now].scenes[before.scene].story


def test_what_was_paused_goes_on_days_later_at_a_new_desk(desk, place, clock) -> None:
    begun(desk, place)
    desk.turn(place, choice(desk, place, "right"))
    where = desk.where(place)[1]
    desk.command(place, "pause")
    clock.now += timedelta(days=9)
    resumed = Desk(desk.engine, desk.spoken, desk.record).command(place, "resume")

    assert resumed.training.story == desk.scenarios[where.now].scenes[where.scene].story


def test_starting_again_does_not_lose_a_course_that_was_begun(desk, place) -> None:
    begun(desk, place)
    desk.turn(place, choice(desk, place, "right"))
    where = desk.where(place)[1]
    desk.command(place, "start")
    desk.command(place, "start")
    desk.turn(place, "Go on with the course that I had begun")
    now = desk.where(place)[1]

    assert (now.scene, now.taken, now.order) == (where.scene, where.taken, where.order)


def test_a_code_takes_training_up_elsewhere(desk, place) -> None:
    desk.command(place, "start")
    desk.turn(place, "1")
    code = desk.turn(place, "Jo Bloggs").text.split("resume ")[1].split(".")[0]
    desk.turn(ELSEWHERE, f"resume {code}")

    assert desk.where(ELSEWHERE) == desk.where(place)


@pytest.mark.parametrize("code", ["AAAA-AAAA-AAAA", "2222-2222-2222"])
def test_a_made_up_code_opens_nothing(code: str, desk, place) -> None:
    begun(desk, place)

    assert "opens nothing" in desk.turn(ELSEWHERE, f"resume {code}").text
    assert desk.where(ELSEWHERE) == (None, None)


def test_the_same_name_in_another_browser_is_another_record(desk, place) -> None:
    begun(desk, place)
    begun(desk, ELSEWHERE)

    assert desk.where(place)[0].id != desk.where(ELSEWHERE)[0].id


def test_one_identity_has_one_progress_on_every_channel(desk) -> None:
    slack, teams = Place("slack-1", "school:jo", "Jo Bloggs"), Place("teams-7", "school:jo", "Jo Bloggs")
    desk.command(slack, "start")
    desk.turn(slack, "1")

    assert desk.where(teams)[1] == desk.where(slack)[1]


def test_without_a_name_nothing_is_recorded(desk, place, record) -> None:
    begun(desk, place, name="1")
    finish(desk, place)

    assert record.entries() == []


def test_two_devices_cannot_both_take_one_step(desk, place, record) -> None:
    begun(desk, place)
    learner, progress = desk.where(place)
    desk.turn(place, choice(desk, place, "right"))
    later = desk.safely(place, lambda: desk.move(learner, progress, kind=""))

    assert "gone on elsewhere" in later.text
    assert len([each for each in record.entries() if each.kind == "chose"]) == 1


@pytest.mark.parametrize("name", ["", "x", "<b>Jo</b>", "a" * 100, "=cmd()", "7"])
def test_what_is_no_name_is_asked_for_again(name: str, desk, place) -> None:
    desk.command(place, "start")
    desk.turn(place, "1")
    desk.turn(place, name)

    assert desk.where(place)[1].stage == "name"


def test_50_000_characters_are_refused_in_words(desk, place) -> None:
    begun(desk, place)

    assert "too long" in desk.turn(place, "tell my manager " * 3200).text
    assert desk.where(place)[1].taken == ()


def test_a_choice_of_an_earlier_scene_is_not_taken_twice(desk, place) -> None:
    begun(desk, place)
    said = choice(desk, place, "right")
    desk.turn(place, said)
    taken = desk.where(place)[1].taken
    desk.turn(place, said)

    assert desk.where(place)[1].taken[: len(taken)] == taken
    assert len({(each.scenario, each.scene) for each in desk.where(place)[1].taken}) == len(desk.where(place)[1].taken)


def test_a_refresher_holds_what_was_got_wrong(desk, place) -> None:
    begun(desk, place)
    first = desk.where(place)[1].now
    desk.turn(place, choice(desk, place, "wrong", "harmful", "partly"))
    play(desk, place)
    for said in ("4", "4", "4"):
        desk.turn(place, said)
    desk.command(place, "start")
    desk.turn(place, "3")

    assert desk.where(place)[1].order == (first,)


def test_every_reply_keeps_the_contract(desk, place, check) -> None:
    replies = [desk.command(place, "start"), *(desk.turn(place, said) for said in ("1", "Jo Bloggs", "2", "2", "3"))]
    while desk.where(place)[1].stage == "scenes":
        replies.append(desk.turn(place, choice(desk, place, "right")))
    replies += [desk.turn(place, "4") for _ in range(3)]

    assert {check(each.as_json())["type"] for each in replies} == {"training", "record"}


def test_a_turn_that_is_asked_for_again_counts_once(desk, place, record) -> None:
    begun(desk, place)
    keyed, said = Place(place.conversation, key="key-of-the-turn"), choice(desk, place, "right")
    desk.turn(keyed, said)
    count, shown = len(record.entries()), desk.where(place)[1]
    desk.turn(keyed, said)

    assert len(record.entries()) == count
    assert desk.where(place)[1] == shown
