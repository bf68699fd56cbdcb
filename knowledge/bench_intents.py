"""The engine's classifier on public intent benchmarks: `make bench-intents`. Never part of a test.

The encoder trained on a benchmark's training part as `make encoder` trains it on our wordings, the head and the words'
margins over it, and refusal below a score. The margins' weight, which encoder serves (trained or as published) and the
floor are chosen on the validation part. Published figures stand beside (the benchmarks' README). It reads a folder that
is not part of the project: WHATNOW_BENCHMARKS, or ../shared/benchmarks.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from knowledge import head, lexical
from knowledge.encode import Encoder, Vectors
from knowledge.finetune import Recipe, Trainer, train, trainer_for
from knowledge.paths import PROJECT

FOLDER = Path(os.environ.get("WHATNOW_BENCHMARKS", PROJECT.parent / "shared" / "benchmarks"))
IN_SCOPE_LOSS = 0.01  # of validation accuracy, that refusing may cost
WEIGHTS = (0.0, 0.5, 1.0, 2.0, 4.0)  # of the words' margins beside the head
MANY, FEW = Recipe(3, 2.5e-4), Recipe(25, 1.5e-4)
CLINC_BESIDE = "BERT 96.2 / 52.3, with a trained class 96.9 / 40.3; Rasa 90.9 / 31.2; frozen MiniLM 93.6 / 72.8"
BANKING_BESIDE = {"train_5": "ICDA 84.0, CPFT 80.9; frozen MiniLM 80.7", "train_10": "ICDA 89.8, CPFT 87.2; 86.4"}

Scores = NDArray[np.float64]
Encode = Callable[[list[str]], Vectors]


@dataclass(frozen=True)
class Texts:
    """Texts with their intents, in order."""

    texts: list[str]
    intents: list[str]


def trained_on(training: Texts, recipe: Recipe) -> Trainer:
    """Return the encoder trained on a training part."""
    trainer = trainer_for(training.texts, training.intents)
    train(trainer, recipe, [np.arange(len(training.texts))] * recipe.epochs)
    trainer.model.eval()
    return trainer


def vectors_of(trainer: Trainer, texts: list[str]) -> Vectors:
    """Return the trained encoder's vectors: float32, (len(texts), 384), each of length 1."""
    found = trainer.model.encode(texts, batch_size=64, normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(found, dtype=np.float32)


class Classifier:
    """The engine's encoder, head and margins, fitted on a training part and chosen on a validation part."""

    def __init__(self, published: Encoder, training: Texts, validation: Texts, recipe: Recipe) -> None:
        """Fit a head over each encoder, and the margins; keep what is best on the validation part."""
        trainer = trained_on(training, recipe)
        encoders: tuple[Encode, ...] = (partial(vectors_of, trainer), published.encode)
        heads = [head.train(encode(training.texts), training.intents) for encode in encoders]
        self.lexical = lexical.fit(training.texts, training.intents)
        self.intents = np.array(heads[0].labels)
        words = self.lexical.scores(validation.texts)
        scores = [fitted.scores(encode(validation.texts)) for encode, fitted in zip(encoders, heads, strict=True)]
        tried = {
            (which, weight): float(self.right(each + weight * words, validation.intents).mean())
            for which, each in enumerate(scores)
            for weight in WEIGHTS
        }
        which, self.weight = max(tried, key=lambda each: tried[each])
        self.encode, self.head = encoders[which], heads[which]

    def scores(self, texts: list[str]) -> Scores:
        """Return each intent's score for each text."""
        found = self.head.scores(self.encode(texts)) + self.weight * self.lexical.scores(texts)
        return np.asarray(found, dtype=np.float64)

    def right(self, scores: NDArray[np.floating], intents: list[str]) -> NDArray[np.bool_]:
        """Return where the likeliest intent is the true one."""
        return np.asarray(self.intents[scores.argmax(axis=1)] == np.array(intents))


def clinc() -> dict[str, Texts]:
    """Return CLINC150's parts by name."""
    parts = json.loads((FOLDER / "clinc150" / "data_full.json").read_text(encoding="utf8"))
    return {name: Texts([text for text, _ in pairs], [intent for _, intent in pairs]) for name, pairs in parts.items()}


def banking(part: str) -> Texts:
    """Return one part of BANKING77."""
    folder = FOLDER / "banking77" / part
    texts, intents = ((folder / name).read_text(encoding="utf8").splitlines() for name in ("seq.in", "label"))
    return Texts(texts, intents)


def floor(right: NDArray[np.bool_], highest: Scores, outside: Scores) -> float:
    """Return the score below which to refuse: the most found outside for the stated loss inside."""
    candidates = np.unique(np.concatenate([highest, outside]))
    kept = np.array([np.mean(right & (highest >= score)) for score in candidates])
    return float(candidates[kept >= right.mean() - IN_SCOPE_LOSS].max())


def score_clinc(published: Encoder) -> tuple[float, float, float]:
    """Return CLINC150's accuracy before refusing, in-scope accuracy with refusals as wrong, and out-of-scope recall."""
    parts = clinc()
    engine = Classifier(published, parts["train"], parts["val"], MANY)
    found = {name: engine.scores(parts[name].texts) for name in ("val", "test", "oos_val", "oos_test")}
    highest = {name: each.max(axis=1) for name, each in found.items()}
    right = {name: engine.right(found[name], parts[name].intents) for name in ("val", "test")}
    least = floor(right["val"], highest["val"], highest["oos_val"])
    kept = right["test"] & (highest["test"] >= least)
    return float(right["test"].mean()), float(kept.mean()), float((highest["oos_test"] < least).mean())


def score_banking(published: Encoder, part: str) -> float:
    """Return BANKING77's accuracy after so many examples an intent."""
    test = banking("test")
    engine = Classifier(published, banking(part), banking("valid"), FEW)
    return float(engine.right(engine.scores(test.texts), test.intents).mean())


def main() -> None:
    """Score, and print ours beside the published."""
    if not FOLDER.is_dir():
        sys.exit(f"{FOLDER} is missing. Mend: set WHATNOW_BENCHMARKS to the folder that holds clinc150 and banking77.")
    published, console, grid = Encoder(trained=False), Console(), Table("benchmark", "ours", "beside it")
    for part, beside in BANKING_BESIDE.items():
        ours = f"{score_banking(published, part):.1%}"
        console.print(f"{part}: {ours}")  # each as soon as it is known: the whole takes a quarter of an hour
        grid.add_row(f"BANKING77, {part.removeprefix('train_')} a label", ours, beside)
    accuracy, kept, recall = score_clinc(published)
    grid.add_row("CLINC150, in scope / out of scope found", f"{kept:.1%} / {recall:.1%}", CLINC_BESIDE)
    grid.add_row("CLINC150, in scope, nothing refused", f"{accuracy:.1%}", "")
    console.print(grid)


if __name__ == "__main__":
    main()
