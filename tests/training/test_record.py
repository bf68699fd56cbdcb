"""The record: append-only, bound, erasable without a break."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from knowledge.training import certificate
from knowledge.training.known import known_as
from knowledge.training.record import Broken
from knowledge.training.report import safe, write_report
from knowledge.training.standing import standing
from tests.training.conftest import begun, choice, finish

CHANGES = {
    "UPDATE entries SET data = replace(data, 'right', 'righT') WHERE n = 3": "entry 3",
    "UPDATE entries SET at = '2027-01-01' WHERE n = 2": "entry 2",
    "UPDATE entries SET learner = 'somebody' WHERE n = 4": "entry 4",
    "DELETE FROM entries WHERE n = 3": "entry 3 is missing",
    "DELETE FROM entries WHERE n = (SELECT max(n) FROM entries)": "are missing",
    "UPDATE entries SET hash = before WHERE n = 2": "entry 2",
}


@pytest.fixture
def done(desk, place, record):
    """A record with one course passed."""
    begun(desk, place)
    finish(desk, place)
    return record


def test_an_untouched_record_is_intact(done) -> None:
    assert done.verify() == len(done.entries()) > 5


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_found_and_its_row_named(change: str, done) -> None:
    with done.engine.begin() as open_:
        open_.execute(text(change))

    with pytest.raises(Broken, match=CHANGES[change]):
        done.verify()


def test_one_byte_changed_in_the_file_is_found(done, tmp_path: Path) -> None:
    done.engine.dispose()
    file = tmp_path / "training.db"
    whole = file.read_bytes()
    where = whole.rindex(b'"verdict": "right"') + len(b'"verdict": "')
    file.write_bytes(whole[:where] + b"R" + whole[where + 1 :])

    with pytest.raises(Broken, match="is not as it was written"):
        done.verify()


def test_every_choice_stands_there_with_clause_time_and_policy_version(done, library) -> None:
    chosen = [each for each in done.entries() if each.kind == "chose"]

    assert all(each.data["clause"] in library.policy.clauses for each in chosen)
    assert {each.data["policy"] for each in chosen} == {library.policy.version}
    assert all(each.at.startswith("2026-04-01T09:") for each in chosen)


def test_the_record_holds_no_name_and_no_words_of_anyone(done, place, desk) -> None:
    assert "Bloggs" not in str(done.entries())


def test_an_erased_person_leaves_a_tombstone_and_an_unbroken_chain(done) -> None:
    learner = next(iter(done.names()))
    done.erase(learner)

    assert done.names() == {}
    assert done.entries()[-1].kind == "erased"
    assert done.verify() == len(done.entries())


def test_a_certificate_that_is_withdrawn_is_gone_and_no_other(done) -> None:
    (certificate.FOLDER / "ANOTHER.pdf").write_bytes(b"somebody else's")
    certificate.withdraw(done, next(iter(done.names())))

    assert [each.name for each in certificate.FOLDER.iterdir()] == ["ANOTHER.pdf"]


def test_who_gave_no_name_is_found_by_none(done) -> None:
    nameless = done.begin("elsewhere", "slack:T1:U1", None)

    assert known_as(done, "(no name)") == []
    assert [each["learner"] for each in known_as(done, "slack:T1:U1")] == [nameless.id]


def test_a_certificate_is_proved_by_its_code_and_by_no_other(done) -> None:
    ended = done.entries()[-1]
    code = certificate.code_of(done, ended)

    assert certificate.find(done, code.lower()).name == "Jo Bloggs"
    assert certificate.find(done, code[:-1] + ("A" if code[-1] != "A" else "B")) is None


def test_a_completion_holds_for_a_year(done, scenarios, library, clock) -> None:
    def state_in(days: int) -> str:
        now = clock.now + timedelta(days=days)
        return standing(done.entries(), scenarios, library.policy, now).state

    assert [state_in(days) for days in (1, 334, 340, 366)] == ["complete", "complete", "due", "overdue"]


def test_a_completion_ends_when_a_clause_it_covers_changes(done, scenarios, library, clock) -> None:
    from dataclasses import replace

    covered = next(iter(done.entries()[-1].data["clauses"]))
    policy = library.policy
    changed = replace(policy.clauses[covered], quote="Something new.")
    now = replace(policy, clauses={**policy.clauses, covered: changed})

    assert standing(done.entries(), scenarios, now, clock.now).state == "overdue"


def test_the_report_names_who_is_complete_and_what_was_got_wrong(desk, place, record, library, tmp_path) -> None:
    begun(desk, place)
    desk.turn(place, choice(desk, place, "wrong", "harmful", "partly"))
    wrong = desk.where(place)[1].taken[0].clause
    finish(desk, place)
    page, table = write_report(record, library.policy, desk.scenarios, tmp_path / "report")
    drawn = page.read_text(encoding="utf8")

    assert "Jo Bloggs" in drawn
    assert f">{wrong}<" in drawn
    assert "<svg" in drawn
    assert table.read_text(encoding="utf8").splitlines()[1].startswith("Jo Bloggs,")


def test_how_sure_people_feel_is_told_before_and_after(done, library, scenarios, tmp_path) -> None:
    page, _ = write_report(done, library.policy, scenarios, tmp_path / "report")

    assert "<strong>2.3</strong> before, <strong>4.0</strong> after" in page.read_text(encoding="utf8")


def test_a_name_in_the_report_is_text(record, library, scenarios, tmp_path) -> None:
    learner = record.begin("web-1", "slack:1", "<script>alert(1)</script>")
    page, _ = write_report(record, library.policy, scenarios, tmp_path / "report")

    assert learner.recorded
    assert "<script>" not in page.read_text(encoding="utf8")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"
