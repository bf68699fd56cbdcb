"""Pictures of an evaluation: the reliability diagram and the confusion map, written to docs/pictures/.

`make evaluate` draws them from the scored replies; they add nothing to the figures.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

from knowledge.evaluate import BINS, confidences
from knowledge.gold import Scenario, judge
from knowledge.paths import PROJECT

mpl.use("Agg")
import matplotlib.pyplot as plt  # the backend comes first

FOLDER = PROJECT / "docs" / "pictures"
DPI = 120


def reliability(golds: Sequence[Scenario], replies: Sequence[Mapping[str, Any]], file: Path) -> None:
    """Draw how often advice was right against how sure the engine said it was; bars carry their counts."""
    pairs = confidences([(gold, reply, judge(gold, reply)) for gold, reply in zip(golds, replies, strict=True)])
    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", label="perfectly calibrated")
    for n in range(BINS):
        inside = [right for share, right in pairs if min(int(share * BINS), BINS - 1) == n]
        if inside:
            height = float(np.mean(inside))
            axes.bar((n + 0.5) / BINS, height, width=0.9 / BINS, color="#1d70b8")
            axes.annotate(str(len(inside)), ((n + 0.5) / BINS, height), ha="center", va="bottom", fontsize=8)
    axes.set(xlim=(0, 1), ylim=(0, 1.05), xlabel="confidence said", ylabel="share right")
    axes.set_title("Advice: confidence and truth")
    axes.legend()
    save(figure, file)


def place(clauses: Sequence[str], kind: str) -> str:
    """Return where an answer belongs: the section of its first clause, or its kind where it cites none."""
    if not clauses or kind not in ("advice", "policy_text"):
        return kind.replace("_", " ")
    section = ".".join(clauses[0].split(".")[:2])
    return {"A": "Acts", "P": "Principles"}.get(section[0], section)


def confusion(golds: Sequence[Scenario], replies: Sequence[Mapping[str, Any]], file: Path) -> None:
    """Draw which section or kind was wanted, and which was given."""
    pairs: Counter[tuple[str, str]] = Counter()
    for gold, reply in zip(golds, replies, strict=True):
        given = [clause["number"] for clause in reply.get("clauses") or ()]
        right = judge(gold, reply)
        wanted = place(gold.clauses, gold.kind[0])
        got = place(given, str(reply["type"]))
        pairs[wanted, wanted if right["kind"] and right["clause"] is not False else got] += 1
    names = sorted({name for pair in pairs for name in pair})
    counts = np.array([[pairs[wanted, got] for got in names] for wanted in names])
    figure, axes = plt.subplots(figsize=(9, 8))
    axes.imshow(counts / counts.sum(axis=1, keepdims=True).clip(1), cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(counts):
        colour = "white" if counts[row, column] > counts[row].sum() / 2 else "black"
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=7, color=colour)
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set(
        xlabel="given", ylabel="wanted", title="Sections and kinds: wanted and given (right answers on the diagonal)"
    )
    save(figure, file)


def save(figure: Any, file: Path) -> None:
    """Write a figure and close it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(file, dpi=DPI, metadata={"Software": None})
    plt.close(figure)
