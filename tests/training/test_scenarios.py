"""The scenarios are sound, and what is unsound is found and named."""

import pytest
import yaml

from knowledge.gold import load_gold
from knowledge.training.scenario import SCENARIOS, scenario_faults

STORY = "the_football_captain"


def test_every_scenario_is_sound_and_every_procedure_practised(library) -> None:
    gold = [each.text for name in ("test", "tuning") for each in load_gold(name)]

    assert [str(fault) for fault in scenario_faults(library, gold)] == []


def test_there_are_at_least_thirty_over_all_areas(scenarios) -> None:
    assert len(scenarios) >= 30
    assert {each.area for each in scenarios.values()} == {"2.3", "2.4", "2.5", "2.6", "2.7", "2.8"}
    assert any(each.for_ == "managers" for each in scenarios.values())


@pytest.fixture
def broken(tmp_path, library):
    """Break one story in one way; return what is found wrong with it, but for procedures that it leaves out."""

    def change(how) -> list[str]:
        story = yaml.safe_load((SCENARIOS / f"{STORY}.yml").read_text(encoding="utf8"))
        how(story)
        (tmp_path / f"{STORY}.yml").write_text(yaml.safe_dump(story, allow_unicode=True), encoding="utf8")
        found = [str(fault) for fault in scenario_faults(library, ["one two three four five six"], tmp_path)]
        return [fault for fault in found if "no scene practises" not in fault]

    return change


def first(story):
    """Return the first scene's choices."""
    return story["scenes"]["request"]["choices"]


CHANGES = {
    "a circle goes through": lambda s: s["scenes"]["monday"]["choices"][0].update(next="request"),
    "leads to unknown": lambda s: first(s)[0].update(next="nowhere"),
    "cannot be reached": lambda s: s["endings"].update(alone="Nobody comes here."),
    "unknown clause": lambda s: first(s)[0].update(clause="9.9.9"),
    "unknown code": lambda s: first(s)[0].update(codes=["dance"]),
    "no feedback": lambda s: first(s)[0].update(feedback=" "),
    "0 right choices": lambda s: [each.update(verdict="wrong") for each in first(s)],
    "unknown procedure": lambda s: s["scenes"]["request"].update(procedure="dancing"),
    "right, but breaks a warning": lambda s: first(s)[0].update(codes=["accept_request"]),
    "two choices are the same": lambda s: first(s)[1].update(text=first(s)[0]["text"]),
    "start is no scene": lambda s: s.update(start="nowhere"),
    "repeats a gold message": lambda s: s["scenes"]["request"].update(story="One two three four five six."),
    "Input should be": lambda s: first(s)[0].update(verdict="splendid"),
    "Extra inputs": lambda s: s.update(moral="Be good."),
}


@pytest.mark.parametrize("wrong", CHANGES)
def test_what_is_unsound_is_named(wrong: str, broken) -> None:
    assert any(wrong in fault for fault in broken(CHANGES[wrong]))


def test_the_unbroken_story_is_sound(broken) -> None:
    assert broken(lambda _: None) == []
