"""Choose the weights and thresholds on the tuning set: `make tune` writes thresholds.yml.

Coordinate search over stated grids; the witnesses are heard once, so that each trial only weighs and decides. It
never reads the test set.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import yaml
from rich.console import Console

from knowledge import facts
from knowledge.decide import decide
from knowledge.engine import Engine, load_engine
from knowledge.gold import Scenario, fully_right, judge, load_gold, safe
from knowledge.paths import ROOM
from knowledge.reading import Witnesses
from knowledge.thresholds import Thresholds

GRIDS: dict[str, Sequence[float]] = {
    "neighbours": (0.0, 0.15, 0.3, 0.5, 0.8),
    "clauses": (0.0, 1.0, 2.0, 4.0),
    "temperature": (0.4, 0.5, 0.6, 0.7, 0.85, 1.0),
    "parts": (0.0, 0.15, 0.3, 0.45),
    "ask": (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5),
    "out_of_scope": (0.2, 0.25, 0.3, 0.35, 0.4, 0.5),
    "text": (0.3, 0.4, 0.5, 0.6, 0.7),
    "emergency": (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6),
    "second": (0.3, 0.4, 0.5, 0.6, 0.7),
    "second_whole": (0.005, 0.01, 0.02, 0.05, 0.1),
    "critical_floor": (0.05, 0.08, 0.12, 0.2),
    "small_talk": (0.3, 0.4, 0.5, 0.6),
}
UNSAFE = 3.0
ROUNDS = 3


@dataclass(frozen=True)
class Trial:
    """The scenarios with what the witnesses said of each."""

    engine: Engine
    scenarios: list[Scenario]
    heard: list[Witnesses]

    def gain(self, thresholds: Thresholds) -> float:
        """Return how many answers are fully right, less three for every critical one that is unsafe."""
        total = 0.0
        for gold, heard in zip(self.scenarios, self.heard, strict=True):
            decision = decide(self.engine.reader.weigh(heard, thresholds), self.engine.library, thresholds)
            reply = self.engine.reply(decision, facts.suspects(gold.text))
            checks = judge(gold, reply.as_json())
            total += fully_right(checks) - UNSAFE * (gold.critical and not safe(checks))
        return total


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


def main() -> None:
    """Tune, and write what was chosen beside the comments that explain it."""
    console, engine = Console(stderr=True), load_engine()
    scenarios = load_gold("tuning")
    with console.status("Reading the tuning set ..."):
        heard = [engine.hear(gold.text) for gold in scenarios]
    chosen = search(Trial(engine, scenarios, heard).gain, engine.thresholds, console.print)
    path = ROOM / "thresholds.yml"
    notes = {line.split(":")[0]: line.partition("#")[2] for line in path.read_text(encoding="utf8").splitlines()}
    head = path.read_text(encoding="utf8").splitlines()[0]
    body = [f"{name}: {yaml.safe_dump(value).splitlines()[0]:<8}#{notes[name]}" for name, value in chosen]
    path.write_text("\n".join([head, *body]) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
