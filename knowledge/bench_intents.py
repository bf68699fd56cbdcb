"""The engine's classifier on public intent benchmarks: `make bench-intents`. Never part of a test.

The encoder as published, the trained head and the words' margins, joined with the engine's own weights, and refusal
below a share of belief chosen on the benchmarks' validation parts. Published figures stand beside (the benchmarks'
README). It reads a folder that is not part of the project: WHATNOW_BENCHMARKS, or ../shared/benchmarks.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from knowledge import head, lexical
from knowledge.encode import Encoder
from knowledge.paths import PROJECT
from knowledge.thresholds import load_thresholds
from knowledge.weigh import softmax

FOLDER = Path(os.environ.get("WHATNOW_BENCHMARKS", PROJECT.parent / "shared" / "benchmarks"))
IN_SCOPE_LOSS = 0.005  # of validation accuracy, that refusing may cost
CLINC_BESIDE = "BERT 96.2 / 52.3, with a trained class 96.9 / 40.3; Rasa 90.9 / 31.2; frozen MiniLM 93.6 / 72.8"
BANKING_BESIDE = {"train_5": "ICDA 84.0, CPFT 80.9; frozen MiniLM 80.7", "train_10": "ICDA 89.8, CPFT 87.2; 86.4"}


@dataclass(frozen=True)
class Texts:
    """Texts with their intents, in order."""

    texts: list[str]
    intents: list[str]


class Classifier:
    """The engine's encoder, head and margins, fitted on one benchmark's training part."""

    def __init__(self, encoder: Encoder, training: Texts) -> None:
        """Fit both parts."""
        self.encoder, self.weight = encoder, load_thresholds().lexical
        self.head = head.train(encoder.encode(training.texts, progress=True), training.intents)
        self.lexical = lexical.fit(training.texts, training.intents)

    def beliefs(self, texts: list[str]) -> NDArray[np.float64]:
        """Return each intent's share for each text."""
        found = self.head.scores(self.encoder.encode(texts, progress=True))
        return softmax(found + self.weight * self.lexical.scores(texts))

    def answers(self, beliefs: NDArray[np.float64]) -> NDArray[np.str_]:
        """Return the likeliest intent of each row."""
        return np.asarray(np.array(self.head.labels)[beliefs.argmax(axis=1)], dtype=np.str_)


def clinc() -> dict[str, Texts]:
    """Return CLINC150's parts by name."""
    parts = json.loads((FOLDER / "clinc150" / "data_full.json").read_text(encoding="utf8"))
    return {name: Texts([text for text, _ in pairs], [intent for _, intent in pairs]) for name, pairs in parts.items()}


def banking(part: str) -> Texts:
    """Return one part of BANKING77."""
    folder = FOLDER / "banking77" / part
    texts, intents = ((folder / name).read_text(encoding="utf8").splitlines() for name in ("seq.in", "label"))
    return Texts(texts, intents)


def floor(right: NDArray[np.bool_], shares: NDArray[np.float64], outside: NDArray[np.float64]) -> float:
    """Return the share below which to refuse: the most found outside for the stated loss inside."""
    candidates = np.unique(np.concatenate([shares, outside]))
    kept = np.array([np.mean(right & (shares >= share)) for share in candidates])
    return float(candidates[kept >= right.mean() - IN_SCOPE_LOSS].max())


def score_clinc(encoder: Encoder) -> tuple[float, float]:
    """Return CLINC150's in-scope accuracy and out-of-scope recall, refusals counted as wrong in scope."""
    parts = clinc()
    engine = Classifier(encoder, parts["train"])
    inside = {name: engine.beliefs(parts[name].texts) for name in ("val", "test")}
    outside = {name: engine.beliefs(parts[f"oos_{name}"].texts).max(axis=1) for name in ("val", "test")}
    right = {name: engine.answers(inside[name]) == np.array(parts[name].intents) for name in inside}
    share = floor(right["val"], inside["val"].max(axis=1), outside["val"])
    kept = right["test"] & (inside["test"].max(axis=1) >= share)
    return float(kept.mean()), float((outside["test"] < share).mean())


def score_banking(encoder: Encoder, part: str) -> float:
    """Return BANKING77's accuracy after so many examples an intent."""
    engine, test = Classifier(encoder, banking(part)), banking("test")
    return float(np.mean(engine.answers(engine.beliefs(test.texts)) == np.array(test.intents)))


def main() -> None:
    """Score, and print ours beside the published."""
    if not FOLDER.is_dir():
        sys.exit(f"{FOLDER} is missing. Mend: set WHATNOW_BENCHMARKS to the folder that holds clinc150 and banking77.")
    encoder, grid = Encoder(trained=False), Table("benchmark", "ours", "beside it")
    accuracy, recall = score_clinc(encoder)
    grid.add_row("CLINC150, in scope / out of scope found", f"{accuracy:.1%} / {recall:.1%}", CLINC_BESIDE)
    for part, beside in BANKING_BESIDE.items():
        grid.add_row(f"BANKING77, {part.removeprefix('train_')} a label", f"{score_banking(encoder, part):.1%}", beside)
    Console().print(grid)


if __name__ == "__main__":
    main()
