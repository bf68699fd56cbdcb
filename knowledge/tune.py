"""Choose the weights and thresholds on the tuning set: `make tune` writes thresholds.yml.

Coordinate search over stated grids for the least cost (cost.py), from where it stands and from starts drawn at random
with a fixed seed, since one start alone gets stuck; then the confidence is fitted. The witnesses are heard once, so
that each trial only weighs and decides. It never reads the test set.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from sklearn.linear_model import LogisticRegression

from knowledge import facts
from knowledge.cost import cost
from knowledge.engine import Engine, load_engine
from knowledge.evaluate import confidences
from knowledge.gold import Scenario, judge, load_gold
from knowledge.paths import ROOM
from knowledge.reading import Witnesses
from knowledge.thresholds import Thresholds, log_odds

LEANINGS = (-0.3, -0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
GRIDS: dict[str, Sequence[float]] = {
    "lexical": (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0),
    "clauses": (0.0, 1.0, 2.0, 4.0),
    "temperature": (0.7, 1.0, 1.3, 1.6, 2.0, 2.5),
    "parts": (0.0, 0.1, 0.2, 0.3, 0.45),
    "lean_question": LEANINGS,
    "lean_out_of_scope": LEANINGS,
    "lean_policy_text": LEANINGS,
    "lean_emergency": LEANINGS,
    "lean_small_talk": LEANINGS,
    "emergency_part": (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    "critical": (0.0, 0.25, 0.5, 1.0, 2.0),
    "second": (0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    "second_critical": (0.2, 0.3, 0.4, 0.5, 0.6),
    "second_whole": (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2),
    "second_clear": (0.9, 0.95, 0.98, 1.1),
    "critical_floor": (0.05, 0.08, 0.12, 0.2),
    "step": (0.15, 0.2, 0.3, 0.4, 1.1),
    "warning": (0.03, 0.05, 0.1, 0.2),
}
ROUNDS = 3
STARTS = 3  # beside the present thresholds
PENALTY = 10.0
SEED = 20151


@dataclass(frozen=True)
class Trial:
    """The scenarios with what the witnesses said of each."""

    engine: Engine
    scenarios: list[Scenario]
    heard: list[Witnesses]

    def replies(self, thresholds: Thresholds) -> list[dict[str, Any]]:
        """Return the reply to each scenario under these thresholds."""
        found = []
        for gold, heard in zip(self.scenarios, self.heard, strict=True):
            decision = self.engine.judge.decide(self.engine.reader.weigh(heard, thresholds), thresholds)
            found.append(self.engine.reply(decision, facts.suspects(gold.text)).as_json())
        return found

    def gain(self, thresholds: Thresholds) -> float:
        """Return what the replies save: the less they cost, the more."""
        return -cost(self.scenarios, self.replies(thresholds))

    def with_confidence(self, thresholds: Thresholds) -> Thresholds:
        """Return the thresholds with the confidence fitted: of the answers given at 0.9, nine in ten are right."""
        plain = thresholds.model_copy(update={"sure_slope": 1.0, "sure_shift": 0.0})
        judged = [
            (gold, reply, judge(gold, reply)) for gold, reply in zip(self.scenarios, self.replies(plain), strict=True)
        ]
        shares, right = zip(*confidences(judged), strict=True)
        odds = [[log_odds(share)] for share in shares]
        fitted = LogisticRegression(C=PENALTY).fit(odds, right)
        return thresholds.model_copy(
            update={
                "sure_slope": round(float(fitted.coef_[0][0]), 3),
                "sure_shift": round(float(fitted.intercept_[0]), 3),
            }
        )


def search(gain: Callable[[Thresholds], float], start: Thresholds, say: Callable[[str], None]) -> Thresholds:
    """Return the thresholds that gain most, one moved at a time, until a round changes nothing."""
    best, most = start, gain(start)
    for _ in range(ROUNDS):
        before = best
        for name, grid in GRIDS.items():
            for value in grid:
                tried = best.model_copy(update={name: value})
                if (gained := gain(tried)) > most:
                    best, most = tried, gained
            say(f"{name}: {getattr(best, name)}  gain {most:.0f}")
        if best == before:
            break
    return best


def starts(present: Thresholds) -> list[Thresholds]:
    """Return the present thresholds, and others drawn from the grids."""
    chance = random.Random(SEED)  # noqa: S311  (not a secret)
    drawn = [{name: chance.choice(grid) for name, grid in GRIDS.items()} for _ in range(STARTS)]
    return [present, *(present.model_copy(update=each) for each in drawn)]


def main() -> None:
    """Tune, and write what was chosen beside the comments that explain it."""
    console, engine = Console(stderr=True), load_engine()
    scenarios = load_gold("tuning")
    with console.status("Reading the tuning set ..."):
        heard = [engine.hear(gold.text) for gold in scenarios]
    trial = Trial(engine, scenarios, heard)
    found = [search(trial.gain, start, console.print) for start in starts(engine.thresholds)]
    chosen = trial.with_confidence(max(found, key=trial.gain))
    path = ROOM / "thresholds.yml"
    head, *lines = path.read_text(encoding="utf8").splitlines()
    notes = {line.split(":")[0]: line.partition("#")[2] for line in lines}
    body = [f"{name}: {value}".ljust(24) + (f"#{notes[name]}" if notes[name] else "") for name, value in chosen]
    path.write_text("\n".join([head, *(line.rstrip() for line in body)]) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
