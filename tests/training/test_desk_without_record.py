"""Training while its record cannot be written or read: nothing counts that is not kept, and real advice comes first."""

from sqlalchemy import text

from tests.training.conftest import begun, choice


def test_a_record_that_cannot_be_written_says_so_and_loses_nothing(desk, place, record) -> None:
    begun(desk, place)
    before, count = desk.where(place)[1], len(record.entries())
    with record.engine.begin() as open_:
        open_.execute(text("CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"))
    reply = desk.turn(place, choice(desk, place, "right"))
    assert "has not counted" in reply.text
    assert desk.where(place)[1] == before
    with record.engine.begin() as open_:
        open_.execute(text("DROP TRIGGER full"))
    desk.turn(place, choice(desk, place, "right"))

    assert len(record.entries()) == count + 1


def test_real_advice_comes_even_where_the_record_is_gone(desk, place, record, monkeypatch) -> None:
    begun(desk, place)
    with record.engine.begin() as open_:
        open_.execute(text("CREATE TRIGGER full BEFORE UPDATE ON learners BEGIN SELECT RAISE(ABORT, 'gone'); END"))

    assert desk.turn(place, "this is really happening, a child is being hurt right now").type == "emergency"


def unreadable(record) -> None:
    """Take away the table by which learners are known."""
    with record.engine.begin() as open_:
        open_.execute(text("ALTER TABLE places RENAME TO elsewhere"))


def test_advice_needs_no_record_that_can_be_read(desk, place, record) -> None:
    unreadable(record)

    assert desk.turn(place, "a parent added me on facebook last night") is None


def test_an_answer_to_a_real_question_needs_none_either(desk, place, record) -> None:
    unreadable(record)

    assert desk.turn(place, "a pupil", asked=True) is None


def test_an_answer_to_a_scene_has_not_counted_where_the_record_cannot_be_read(desk, place, record) -> None:
    begun(desk, place)
    unreadable(record)

    assert "has not counted" in desk.turn(place, "2").text


def test_a_command_says_so_where_the_record_cannot_be_read(desk, place, record) -> None:
    unreadable(record)

    assert desk.is_command(place, "start training")
    assert "has not counted" in desk.command(place, "start").text


def test_somebody_who_writes_keeps_nobody_from_being_known(desk, place, record) -> None:
    begun(desk, place)
    with record.engine.begin():  # as another action server holds it
        learner, _ = desk.where(place)

    assert learner is not None
