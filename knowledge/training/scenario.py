"""A scenario's form, and what makes one sound: every scene reached, every path ends, every choice answered for.

The files stand in knowledge/scenarios/, one a story; this module reads and checks them, and plays none.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Literal

from pydantic import Field

from knowledge.fault import Fault
from knowledge.load import Library, line_of, read_folder
from knowledge.paths import ROOM
from knowledge.record import Record

SCENARIOS = ROOM / "scenarios"
FEWEST_SCENES, MOST_SCENES = 2, 6
MOST_RIGHT = 2
RUN = 6  # words
Verdict = Literal["right", "partly", "wrong", "harmful"]
Area = Literal["2.3", "2.4", "2.5", "2.6", "2.7", "2.8"]


class Choice(Record):
    """What a trainee may do: how good it is, codes it fulfils or breaks, the clause that says so, what follows."""

    id: str
    text: str
    verdict: Verdict
    codes: tuple[str, ...] = ()
    clause: str
    feedback: str
    next: str


class Scene(Record):
    """One decision: the story so far, the question, and the procedure that holds the right answer."""

    story: str
    ask: str
    procedure: str
    worse: bool = False
    choices: tuple[Choice, ...]

    def choice(self, which: str) -> Choice:
        """Return a choice by its id."""
        return next(each for each in self.choices if each.id == which)


class Scenario(Record):
    """A short school story with decisions that branch; `endings` are its last words."""

    id: str
    title: str
    area: Area
    for_: Literal["everyone", "managers"] = Field(alias="for")
    critical: bool = False
    practises: tuple[str, ...]
    start: str
    scenes: dict[str, Scene]
    endings: dict[str, str]

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that its choices stand on."""
        return tuple(dict.fromkeys(each.clause for scene in self.scenes.values() for each in scene.choices))


@cache
def load_scenarios(folder: Path = SCENARIOS) -> dict[str, Scenario]:
    """Return the scenarios by id.

    Raises:
        Fault: a broken file.
    """
    return read_folder(folder, Scenario)


def scenario_faults(library: Library, gold: Sequence[str] = (), folder: Path = SCENARIOS) -> Iterator[Fault]:
    """Yield what is unsound in the scenarios, procedures that none practises, and words of a gold message."""
    try:
        scenarios = read_folder(folder, Scenario)
    except Fault as fault:
        yield fault
        return
    practised: set[str] = set()
    taken = set().union(*map(runs, gold))
    for each in scenarios.values():
        file = folder / f"{each.id}.yml"
        practised |= {scene.procedure for scene in each.scenes.values()}
        yield from graph_faults(each, file)
        yield from cite_faults(each, file, library)
        yield from repeated(each, file, taken)
    for missing in sorted(set(library.procedures) - practised):
        yield Fault(folder, 1, f"no scene practises {missing}", "write one, with it as its procedure")


def runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of six words of a text."""
    words = re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))
    return {tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}


def repeated(scenario: Scenario, file: Path, taken: set[tuple[str, ...]]) -> Iterator[Fault]:
    """Yield scenes that repeat six words of a message by which the engine is measured."""
    for name, scene in scenario.scenes.items():
        for text in (scene.story, *(each.text for each in scene.choices)):
            if shared := runs(text) & taken:
                words = " ".join(min(shared))
                yield Fault(file, line_of(file, name), f"{name} repeats a gold message: {words}", "say it otherwise")


def graph_faults(scenario: Scenario, file: Path) -> Iterator[Fault]:
    """Yield scenes that cannot be reached, that lead nowhere or round in a circle, and too few or too many of them."""
    places = {*scenario.scenes, *scenario.endings}
    if not FEWEST_SCENES <= len(scenario.scenes) <= MOST_SCENES:
        yield Fault(file, line_of(file, "scenes"), f"{len(scenario.scenes)} scenes", "write two to six")
    if set(scenario.scenes) & set(scenario.endings) or scenario.start not in scenario.scenes:
        yield Fault(file, line_of(file, "start"), "start is no scene, or a name stands twice", "name a scene")
        return
    for name, scene in scenario.scenes.items():
        for each in scene.choices:
            if each.next not in places:
                yield Fault(file, line_of(file, name), f"{name}/{each.id} leads to unknown {each.next}", "name a scene")
                return
    if loop := circle(scenario):
        yield Fault(file, line_of(file, loop), f"a circle goes through {loop}", "lead on, not back")
        return
    for name in sorted(places - reached(scenario)):
        yield Fault(file, line_of(file, name), f"{name} cannot be reached", "lead a choice there, or take it out")


def circle(scenario: Scenario) -> str | None:
    """Return a scene that a path comes back to, where there is one."""
    done: set[str] = set()

    def goes_round(name: str, path: tuple[str, ...]) -> str | None:
        if name in path:
            return name
        if name in done or name in scenario.endings:
            return None
        found = (goes_round(each.next, (*path, name)) for each in scenario.scenes[name].choices)
        loop = next((each for each in found if each), None)
        done.add(name)
        return loop

    return goes_round(scenario.start, ())


def reached(scenario: Scenario) -> set[str]:
    """Return the scenes and endings that a path reaches."""
    found, waiting = set[str](), [scenario.start]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [each.next for each in scenario.scenes[name].choices] if name in scenario.scenes else []
    return found


def cite_faults(scenario: Scenario, file: Path, library: Library) -> Iterator[Fault]:
    """Yield unknown procedures, codes and clauses, and choices that say nothing or whose verdict their codes deny."""
    for name, scene in scenario.scenes.items():
        line = line_of(file, name)
        if scene.procedure not in library.procedures:
            yield Fault(file, line, f"{name}: unknown procedure {scene.procedure}", "name one of knowledge/procedures")
            continue
        right = sum(each.verdict == "right" for each in scene.choices)
        if not 1 <= right <= MOST_RIGHT or len(scene.choices) < MOST_RIGHT:
            yield Fault(
                file, line, f"{name}: {right} right choices of {len(scene.choices)}", "one or two of two to four"
            )
        if len({each.id for each in scene.choices} | {each.text for each in scene.choices}) < 2 * len(scene.choices):
            yield Fault(file, line, f"{name}: two choices are the same", "give each its own id and text")
        for each in scene.choices:
            yield from choice_faults(f"{name}/{each.id}", each, partial(Fault, file, line), library)


def choice_faults(name: str, choice: Choice, fault: Callable[[str, str], Fault], library: Library) -> Iterator[Fault]:
    """Yield what is unsound in one choice."""
    if choice.clause not in library.policy.clauses:
        yield fault(f"{name}: unknown clause {choice.clause}", "cite one of knowledge/clauses")
    if not choice.feedback.strip() or not choice.text.strip():
        yield fault(f"{name}: no feedback or no text", "say what follows, and why")
    for code in choice.codes:
        if code not in library.codes:
            yield fault(f"{name}: unknown code {code}", "take one of knowledge/codes.yml")
    breaks = any(library.codes[code].kind == "dont" for code in choice.codes if code in library.codes)
    if choice.verdict == "right" and breaks:
        yield fault(f"{name}: right, but breaks a warning", "harmful, or other codes")
