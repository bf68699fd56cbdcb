"""Hold sentence encoders side by side: `make bench-encoders FOLDERS="a b"`. Never part of a test.

Each is taken frozen, as published, from a folder in sentence-transformers' form. A head is fitted over its vectors of
the same random part of the training wordings, and its two likeliest labels are held against the tuning set; beside it
stand the milliseconds that one message takes and the megabytes of its weights.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sentence_transformers import SentenceTransformer

from knowledge import head
from knowledge.encode import Vectors
from knowledge.gold import Scenario, load_gold
from knowledge.load import Library, load_library
from knowledge.weights import weights_folder
from knowledge.wordings import load_wordings

PART = 6_000  # wordings
MESSAGES = 60  # timed, one at a time
SEED = 20151
MEGABYTE = 1024 * 1024


def vectors_of(model: SentenceTransformer, texts: list[str]) -> Vectors:
    """Return a model's vectors: float32, (len(texts), width), each of length 1."""
    found = model.encode(texts, batch_size=16, normalize_embeddings=True, show_progress_bar=True)
    return np.asarray(found, dtype=np.float32)


def right(label: str, gold: Scenario, library: Library) -> bool:
    """Say whether a label's mandating clause, or its kind where it has none, is gold."""
    if rule := library.procedures.get(label):
        return rule.clauses[0] in gold.clauses
    kinds = {"ask_": "question", "oos_": "out_of_scope", "move": "small_talk", "emer": "emergency"}
    return kinds[label[:4]] in gold.kind


def milliseconds(model: SentenceTransformer, texts: list[str]) -> float:
    """Return the median time of one message."""
    found = []
    for text in texts:
        began = time.perf_counter()
        model.encode([text], show_progress_bar=False)
        found.append((time.perf_counter() - began) * 1000)
    return statistics.median(found)


def row(folder: Path, library: Library) -> list[str]:
    """Return an encoder's row of the table."""
    wordings, golds = load_wordings(), load_gold("tuning")
    part = np.random.default_rng(SEED).permutation(len(wordings))[:PART]
    texts, labels = ([getattr(wordings[row], field) for row in part] for field in ("text", "label"))
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    fitted = head.train(vectors_of(model, texts), labels)
    scores = fitted.scores(vectors_of(model, [gold.text for gold in golds]))
    likeliest = np.array(fitted.labels)[np.argsort(-scores, axis=1)[:, :2]]
    hits = [[right(str(label), gold, library) for label in two] for gold, two in zip(golds, likeliest, strict=True)]
    first, two = np.mean([each[0] for each in hits]), np.mean([any(each) for each in hits])
    size = (folder / "model.safetensors").stat().st_size / MEGABYTE
    took = milliseconds(model, [gold.text for gold in golds[:MESSAGES]])
    return [folder.name, f"{first:.3f}", f"{two:.3f}", f"{took:.1f}", f"{size:.0f}"]


def main() -> None:
    """Compare the encoder in use with those named."""
    folders = [weights_folder(), *(Path(each) for each in sys.argv[1:])]
    grid = Table(
        "encoder, frozen", "first label right", "one of first two", "ms a message", "MB", title=f"{PART} wordings"
    )
    for folder in folders:
        grid.add_row(*row(folder, load_library()))
    Console().print(grid)


if __name__ == "__main__":
    main()
