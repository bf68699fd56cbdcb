"""`make data-check` names file, line and mend for what is wrong."""

import shutil
from pathlib import Path

import pytest

from knowledge.check import faults
from knowledge.paths import ROOM, WORDINGS


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return Path(
        shutil.copytree(ROOM, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__", "weights"))
    )


@pytest.fixture
def wordings(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WORDINGS, tmp_path / "nlu"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf8")


def only(found: list) -> str:
    assert len(found) == 1
    return str(found[0])


def test_the_project_s_own_data_are_sound() -> None:
    assert [str(fault) for fault in faults()[0]] == []


def test_an_unknown_clause_is_named_with_file_and_line(room: Path) -> None:
    file = room / "procedures" / "password_sharing.yml"
    edit(file, 'clause: "2.4.3"', 'clause: "2.4.33"')

    assert only(faults(room)[0]).startswith(f"{file}:")
    assert "unknown clause 2.4.33" in only(faults(room)[0])


def test_a_step_on_a_clause_that_does_not_mandate_it_is_found(room: Path) -> None:
    file = room / "procedures" / "indecent_child_images.yml"
    edit(file, 'code: inform_police\n    clause: "2.7.4"', 'code: inform_police\n    clause: "2.8.5"')

    assert "inform_police cites 2.8.5, which does not mandate it. Mend: cite one of 2.7.4" in only(faults(room)[0])


def test_a_warning_among_the_steps_is_found(room: Path) -> None:
    edit(room / "procedures" / "password_sharing.yml", "code: share_password", "code: inform_police")

    assert "inform_police is no code of a warning" in only(faults(room)[0])


def test_a_changed_quote_is_found(room: Path) -> None:
    file = room / "clauses" / "2-4-protection-of-personal-information.md"
    edit(file, "Never share their", "Seldom share their")

    assert f"{file}:20: 2.4.3 differs from the source" in only(faults(room)[0])


def test_a_wording_in_two_files_is_named_with_both(wordings: Path) -> None:
    one, other = wordings / "situations" / "password_sharing.yml", wordings / "situations" / "phone_security.yml"
    line = one.read_text(encoding="utf8").splitlines()[4]
    other.write_text(other.read_text(encoding="utf8") + line + "\n", encoding="utf8")

    assert "stands in password_sharing.yml:5 too" in only(faults(wordings=wordings)[0])


def test_broken_yaml_is_named_with_its_line(room: Path) -> None:
    file = room / "procedures" / "password_sharing.yml"
    edit(file, "title: ", 'title: "')

    assert str(faults(room)[0][0]).startswith(f"{file}:")
    assert "broken YAML" in only(faults(room)[0])


def test_broken_wordings_are_named_with_their_line(wordings: Path) -> None:
    file = wordings / "situations" / "password_sharing.yml"
    edit(file, "    examples: |", "   examples: |")

    assert f"{file}:" in only(faults(wordings=wordings)[0])


def test_an_unknown_field_is_named(room: Path) -> None:
    file = room / "procedures" / "password_sharing.yml"
    edit(file, "urgency:", "urgent: yes\nurgency:")

    assert "urgent: Extra inputs" in only(faults(room)[0])


def test_a_step_without_a_clause_must_say_that_it_is_general_advice(room: Path) -> None:
    edit(room / "procedures" / "password_sharing.yml", 'clause: "2.4.3"', "clause: null")

    assert "cites no clause" in only(faults(room)[0])


def test_the_overdue_review_only_warns() -> None:
    assert faults()[1] == ["the policy's review was due by 2019-11-30 and is overdue"]
