"""Print the figures of `make evaluate`: the engine alone, the running server, and the baselines, side by side."""

from collections.abc import Sequence
from typing import Any

import httpx
from rich.console import Console
from rich.progress import track
from rich.table import Table

from knowledge.baselines import BASELINES, clause_in_two
from knowledge.engine import Engine
from knowledge.evaluate import Scores, score
from knowledge.gold import Scenario, load_gold
from knowledge.pictures import FOLDER, confusion, reliability

MOST_CONFUSIONS = 25
HELD = {
    "clause": "clause in first two",
    "kind": "kind",
    "must_do": "steps",
    "must_dont": "warnings",
    "harmless": "harmless",
    "urgency": "urgency",
    "fact": "fact asked for",
}


def ask_engine(engine: Engine, golds: Sequence[Scenario]) -> list[dict[str, Any]]:
    """Return the engine's replies."""
    return [engine.answer(gold.text).as_json() for gold in track(golds, "the engine", console=Console(stderr=True))]


def ask_server(url: str, golds: Sequence[Scenario]) -> list[dict[str, Any]]:
    """Return the replies over the REST channel, each message in a conversation of its own."""
    found: list[dict[str, Any]] = []
    with httpx.Client(timeout=60) as client:
        for gold in track(golds, "the server", console=Console(stderr=True)):
            answered = client.post(url, json={"sender": f"evaluate-{gold.id}", "message": gold.text})
            answered.raise_for_status()
            found.append(next((each["custom"] for each in answered.json() if "custom" in each), {}))
    return found


def table(runs: dict[str, Scores]) -> Table:
    """Return the figures of each run in a column."""
    grid = Table("figure", *runs, title="Frozen set")
    for check, title in HELD.items():
        grid.add_row(title, *(str(each.checks[check]) for each in runs.values()))
    grid.add_row("fully right", *(str(each.fully) for each in runs.values()))
    grid.add_row("critical items unsafe", *(f"{len(each.unsafe)} of {each.critical}" for each in runs.values()))
    grid.add_row("out-of-scope recall", *(str(each.refused) for each in runs.values()))
    grid.add_row("  of near misses", *(str(each.refused_near) for each in runs.values()))
    grid.add_row("false refusals", *(str(each.false_refusals) for each in runs.values()))
    grid.add_row("asked where asking is wanted", *(str(each.asked) for each in runs.values()))
    grid.add_row("asked where it is not", *(str(each.over_asked) for each in runs.values()))
    grid.add_row("situations taken for small talk", *(str(each.swallowed) for each in runs.values()))
    grid.add_row("calibration error", *(f"{each.calibration_error:.3f}" for each in runs.values()))
    return grid


def report(engine: Engine, name: str, url: str) -> None:
    """Score and print; the confusion pairs last."""
    golds, console = load_gold(name), Console()
    alone = ask_engine(engine, golds)
    runs = {"engine alone": score(golds, alone)}
    if url:
        runs["through Rasa"] = score(golds, ask_server(url, golds))
    console.print(f"{name}: {len(golds)} scenarios")
    console.print(table(runs))
    beside = Table("beside it", "clause in first two")
    for title, make in BASELINES.items():
        beside.add_row(title, str(clause_in_two(make(engine), golds)))
    console.print(beside)
    reliability(golds, alone, FOLDER / f"reliability-{name}.png")
    confusion(golds, alone, FOLDER / f"confusion-{name}.png")
    console.print(f"Pictures of the engine alone: {FOLDER}")
    pairs = Table("wanted", "got", "times", title="Confusion pairs")
    for (wanted, got), times in next(iter(runs.values())).confusions[:MOST_CONFUSIONS]:
        pairs.add_row(wanted, got, str(times))
    console.print(pairs)
