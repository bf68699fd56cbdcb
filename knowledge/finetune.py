"""Train the encoder's upper layers on the wordings: `make encoder`, about fifty minutes on two cores.

Embeddings and lower layers stay as published; the upper ones are written in half precision to knowledge/weights/, with
their hash. Fixed seed; training wordings only. The classifier that it trains them with is thrown
away: build.py fits its own in seconds, so that a new procedure needs no new encoder.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from torch import nn

from knowledge.export import inner, load_model
from knowledge.weights import UPPER, UPPER_HASH, weights_folder
from knowledge.wordings import load_wordings

FROZEN_LAYERS = 2
EPOCHS = 3
BATCH = 32
RATE = 2.5e-4
HEAD_RATE = 10 * RATE
SMOOTHING = 0.1
LONGEST = 96  # tokens: longer wordings are cut in training only
SEED = 7
LENGTH_NOISE = 40


@dataclass
class Trainer:
    """The encoder with a passing classifier on top."""

    model: SentenceTransformer
    head: nn.Linear
    texts: list[str]
    targets: torch.Tensor

    def loss(self, rows: NDArray[np.int64]) -> torch.Tensor:
        """Return the loss on a batch of rows."""
        tokens = self.model.tokenize([self.texts[row] for row in rows])
        pooled = self.model[1](self.model[0](tokens))["sentence_embedding"]
        scores = self.head(pooled)
        return nn.functional.cross_entropy(scores, self.targets[rows], label_smoothing=SMOOTHING)

    def trained(self) -> dict[str, nn.Parameter]:
        """Return the parameters that are trained, by name."""
        return {name: each for name, each in inner(self.model).named_parameters() if is_upper(name)}


def is_upper(name: str) -> bool:
    """Say whether a parameter belongs to the layers that are trained."""
    return name.startswith("encoder.layer.") and int(name.split(".")[2]) >= FROZEN_LAYERS


def batches(lengths: NDArray[np.int64], chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Yield rows in batches of like length, in a new order."""
    order = np.argsort(lengths + chance.integers(0, LENGTH_NOISE, len(lengths)))
    groups = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    chance.shuffle(groups)
    yield from groups


def train(trainer: Trainer) -> None:
    """Train the upper layers for all epochs."""
    chance = np.random.default_rng(SEED)
    lengths = np.array([len(text) for text in trainer.texts])
    upper = list(trainer.trained().values())
    steps = EPOCHS * math.ceil(len(lengths) / BATCH)
    groups = [{"params": upper, "lr": RATE}, {"params": trainer.head.parameters(), "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [RATE, HEAD_RATE], total_steps=steps, pct_start=0.1)
    for epoch in range(1, EPOCHS + 1):
        for rows in track(list(batches(lengths, chance)), f"epoch {epoch} of {EPOCHS}"):
            loss = trainer.loss(rows)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(upper, 1.0)
            optimiser.step()
            schedule.step()


def main() -> None:
    """Train, and write the upper layers."""
    torch.manual_seed(SEED)
    wordings = load_wordings()
    names, targets = np.unique([wording.label for wording in wordings], return_inverse=True)
    model = load_model(weights_folder())
    model.max_seq_length = LONGEST
    for name, each in inner(model).named_parameters():
        each.requires_grad = is_upper(name)
    head = nn.Linear(384, len(names))
    nn.init.normal_(head.weight, std=0.02)
    nn.init.zeros_(head.bias)
    trainer = Trainer(model.train(), head, [wording.text for wording in wordings], torch.from_numpy(targets))
    train(trainer)
    UPPER.parent.mkdir(exist_ok=True)
    save_file({name: each.detach().half().contiguous() for name, each in trainer.trained().items()}, str(UPPER))
    UPPER_HASH.write_text(hashlib.sha256(UPPER.read_bytes()).hexdigest() + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
