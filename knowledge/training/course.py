"""A course as a state that moves by choices: which scenario, which scene, what was chosen, what it is worth.

Pure: no store, no clock, no engine. desk.py drives it; the same choices always give the same result.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from knowledge.record import Record
from knowledge.training.scenario import Choice, Scenario, Scene, Verdict

Kind = Literal["round", "full", "refresher"]
Stage = Literal["course", "name", "before", "scenes", "after", "done"]
ROUND = 4
PASS_MARK = 0.8
FEELINGS = 3  # questions asked before and after
WORTH: dict[Verdict, float] = {"right": 1.0, "partly": 0.5, "wrong": 0.0, "harmful": 0.0}


class Taken(Record):
    """One decision taken: by a button (its choice) or in own words; its verdict and the clause behind it."""

    scenario: str
    scene: str
    choice: str
    own_words: bool = False
    verdict: Verdict
    clause: str
    critical: bool = False


class Progress(Record):
    """Where one learner is. `step` counts turns; `held` is an unfinished course, while another is being chosen."""

    stage: Stage = "course"
    kind: Kind | None = None
    order: tuple[str, ...] = ()
    scene: str = ""
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    taken: tuple[Taken, ...] = ()
    skipped: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    paused: bool = False
    held: str = ""
    step: int = 0

    @property
    def behind(self) -> int:
        """How many scenarios are behind, played or skipped."""
        return len(self.over) + len(self.skipped)

    @property
    def now(self) -> str | None:
        """The scenario being played; none after the last."""
        return next((each for each in self.order if each not in {*self.over, *self.skipped}), None)


class Result(Record):
    """What a course came to; `share` from 0 to 1 over all decisions taken."""

    share: float
    harmful: bool
    passed: bool
    wrong: tuple[str, ...]


def chosen_order(
    kind: Kind, scenarios: Mapping[str, Scenario], stale: Collection[str], done: Collection[str], seed: str
) -> tuple[str, ...]:
    """Return the scenarios of a course, in the order they are played.

    Args:
        kind: a round of four, everything, or what needs refreshing.
        scenarios: all there are.
        stale: those last got wrong, or gone stale.
        done: those practised before.
        seed: the same seed gives the same order.
    """
    if kind == "full":
        return tuple(sorted(scenarios, key=lambda each: (scenarios[each].area, scenarios[each].for_, each)))
    if kind == "refresher" and stale:
        return tuple(sorted(stale, key=lambda each: (scenarios[each].area, each)))
    chance = random.Random(seed)  # noqa: S311  (which stories, not secrets)
    drawn = sorted(scenarios, key=lambda each: (each in done, chance.random()))
    return spread([scenarios[each] for each in drawn if scenarios[each].for_ == "everyone"])


def spread(drawn: Sequence[Scenario]) -> tuple[str, ...]:
    """Return the first four of them, of four areas where there are as many."""
    picked: list[Scenario] = []
    for each in drawn:
        if each.area not in {other.area for other in picked}:
            picked.append(each)
    return tuple(each.id for each in [*picked, *(each for each in drawn if each not in picked)][:ROUND])


def take(progress: Progress, scenario: Scenario, choice: Choice, *, own_words: bool = False) -> Progress:
    """Return the progress after a choice in the present scene."""
    taken = Taken(
        scenario=scenario.id,
        scene=progress.scene,
        choice=choice.id,
        own_words=own_words,
        verdict=choice.verdict,
        clause=choice.clause,
        critical=scenario.critical,
    )
    moved = progress.model_copy(update={"taken": (*progress.taken, taken), "scene": choice.next})
    return moved if choice.next in scenario.scenes else moved.model_copy(update={"over": (*moved.over, scenario.id)})


def skip(progress: Progress) -> Progress:
    """Return the progress without the present scenario."""
    return progress.model_copy(update={"skipped": (*progress.skipped, str(progress.now))})


def enter(progress: Progress, scenarios: Mapping[str, Scenario]) -> Progress:
    """Return the progress at the next scenario's first scene, or after the last."""
    if progress.now is None:
        return progress.model_copy(update={"stage": "after", "scene": ""})
    return progress.model_copy(update={"stage": "scenes", "scene": scenarios[progress.now].start})


def result(progress: Progress) -> Result:
    """Return what the choices came to: computed from them alone, each time."""
    worth = [WORTH[each.verdict] for each in progress.taken]
    share = sum(worth) / len(worth) if worth else 0.0
    harmful = any(each.critical and each.verdict == "harmful" for each in progress.taken)
    wrong = tuple(dict.fromkeys(each.scenario for each in progress.taken if each.verdict != "right"))
    return Result(
        share=share,
        harmful=harmful,
        passed=share >= PASS_MARK and not harmful and not progress.skipped,
        wrong=tuple(dict.fromkeys((*wrong, *progress.skipped))),
    )


def in_own_words(scene: Scene, verdict: Verdict, codes: Collection[str]) -> Choice:
    """Return the choice whose way an answer in own words goes on: of its verdict, and nearest to it in codes."""
    best = {"right": ("right",), "partly": ("partly", "right"), "wrong": ("wrong", "partly", "harmful")}
    wanted = best.get(verdict, ("harmful", "wrong", "partly"))
    found = [each for each in scene.choices if each.verdict in wanted] or list(scene.choices)
    nearest = min(found, key=lambda each: (wanted.index(each.verdict), -len(set(each.codes) & set(codes))))
    return nearest.model_copy(update={"verdict": verdict})
