"""Train the encoder's upper layers on the wordings: `make encoder`, about an hour on two cores.

Two stages. The first learns from all wordings but the scenes; the second, at a lower rate, from the scenes (data/nlu/
scenes: one decisive fact each, told as staff tell it) and as many others, drawn anew each epoch. The first stage's end
is kept in .built/ and taken up again where its wordings have not changed. Embeddings and lower layers stay as
published; the upper ones are written in half precision to knowledge/weights/, with their hash, and the head after
them. Fixed seed; training wordings only. The classifier that trains the layers is thrown away: build.py fits its own.
"""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from torch import nn

from knowledge.build import main as make_head
from knowledge.build import said, stamp
from knowledge.export import inner, load_model
from knowledge.paths import BUILT
from knowledge.weights import UPPER, UPPER_HASH, weights_folder
from knowledge.wordings import SCENES, Wording, load_wordings

FROZEN_LAYERS = 2
BATCH = 32
SMOOTHING = 0.1
LONGEST = 96  # tokens: longer wordings are cut in training only
SEED = 7
LENGTH_NOISE = 40
STAGE = BUILT / "encoder-stage-1.pt"


@dataclass(frozen=True)
class Recipe:
    """How long and how fast a stage learns; its classifier ten times as fast."""

    epochs: int
    rate: float


FIRST, SECOND = Recipe(2, 2.5e-4), Recipe(3, 1.2e-4)


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
        return nn.functional.cross_entropy(self.head(pooled), self.targets[rows], label_smoothing=SMOOTHING)

    def trained(self) -> dict[str, nn.Parameter]:
        """Return the parameters that are trained, by name."""
        return {name: each for name, each in inner(self.model).named_parameters() if is_upper(name)}

    def state(self) -> dict[str, torch.Tensor]:
        """Return all that has been learnt."""
        return {**self.trained(), **{f"head.{name}": each for name, each in self.head.named_parameters()}}

    def take(self, state: dict[str, torch.Tensor]) -> None:
        """Take up what an earlier run has learnt."""
        own = self.state()
        with torch.no_grad():
            for name, each in own.items():
                each.copy_(state[name])


def trainer_for(texts: list[str], labels: list[str]) -> Trainer:
    """Return the published encoder under a new classifier, its lower layers held still."""
    torch.manual_seed(SEED)
    names, targets = np.unique(labels, return_inverse=True)
    model = load_model(weights_folder())
    model.max_seq_length = LONGEST
    model.train()
    for name, each in inner(model).named_parameters():
        each.requires_grad = is_upper(name)
    for name, module in inner(model).named_modules():  # no noise where nothing is learnt, and none on attention: slow
        if name == "embeddings" or (name.startswith("encoder.layer.") and not is_upper(name)):
            module.eval()
        if name.endswith("attention.self"):
            module.dropout.p = 0.0
    head = nn.Linear(model.get_sentence_embedding_dimension() or 0, len(names))
    nn.init.normal_(head.weight, std=0.02)
    nn.init.zeros_(head.bias)
    return Trainer(model, head, texts, torch.from_numpy(targets))


def is_upper(name: str) -> bool:
    """Say whether a parameter or a layer belongs to those that are trained."""
    return name.startswith("encoder.layer.") and int(name.split(".")[2]) >= FROZEN_LAYERS


def batches(lengths: NDArray[np.int64], chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Yield rows in batches of like length, in a new order."""
    order = np.argsort(lengths + chance.integers(0, LENGTH_NOISE, len(lengths)))
    groups = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    chance.shuffle(groups)
    yield from groups


def train(trainer: Trainer, recipe: Recipe, epochs: Sequence[NDArray[np.int64]]) -> None:
    """Train the upper layers: `epochs` holds the rows of each, as many as the recipe says."""
    chance, lengths = np.random.default_rng(SEED), np.array([len(text) for text in trainer.texts])
    upper = list(trainer.trained().values())
    groups = [{"params": upper}, {"params": list(trainer.head.parameters())}]
    optimiser, rates = torch.optim.AdamW(groups, weight_decay=0.01), [recipe.rate, 10 * recipe.rate]
    steps = sum(math.ceil(len(rows) / BATCH) for rows in epochs)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps, pct_start=0.1)
    for epoch, rows in enumerate(epochs, 1):
        for batch in track(list(batches(lengths[rows], chance)), f"epoch {epoch} of {len(epochs)}"):
            loss = trainer.loss(rows[batch])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(upper, 1.0)
            optimiser.step()
            schedule.step()


def first_stage(trainer: Trainer, wordings: list[Wording]) -> None:
    """Learn from all wordings but the scenes, or take up what was learnt from the same ones."""
    rows = np.array([n for n, each in enumerate(wordings) if SCENES not in each.file.parts])
    now = stamp(said([wordings[row] for row in rows]), FIRST.epochs, FIRST.rate, len(trainer.head.bias))
    if STAGE.exists() and (kept := torch.load(STAGE, weights_only=True))["stamp"] == now:
        Console(stderr=True).print("First stage: taken up from .built/")
        trainer.take(kept["state"])
        return
    train(trainer, FIRST, [rows] * FIRST.epochs)
    torch.save({"stamp": now, "state": trainer.state()}, STAGE)


def second_stage(trainer: Trainer, wordings: list[Wording]) -> None:
    """Learn from the scenes, and from as many others, drawn anew each epoch."""
    told = np.array([SCENES in each.file.parts for each in wordings])
    scenes, others = np.flatnonzero(told), np.flatnonzero(~told)
    chance = np.random.default_rng(SEED)
    drawn = [chance.choice(others, min(len(scenes), len(others)), replace=False) for _ in range(SECOND.epochs)]
    train(trainer, SECOND, [np.concatenate([scenes, each]) for each in drawn])


def main() -> None:
    """Train, and write the upper layers and the head."""
    wordings = load_wordings()
    trainer = trainer_for([each.text for each in wordings], [each.label for each in wordings])
    first_stage(trainer, wordings)
    second_stage(trainer, wordings)
    UPPER.parent.mkdir(exist_ok=True)
    save_file({name: each.detach().half().contiguous() for name, each in trainer.trained().items()}, str(UPPER))
    UPPER_HASH.write_text(hashlib.sha256(UPPER.read_bytes()).hexdigest() + "\n", encoding="utf8")
    make_head()


if __name__ == "__main__":
    main()
