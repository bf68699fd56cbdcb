"""The trained head: softmax regression from the encoder's vectors to labels.

Trained in seconds from data/nlu with a fixed seed; it stands on the encoder, whose weights it never changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.encode import Vectors

EPOCHS = 10
FEWEST_STEPS = 1000  # few wordings are gone through more often: after twenty steps nothing has been learnt
RATE = 0.02
STRENGTH = 3.0  # of the decay, over the number of wordings: the fewer they are, the less each may say
BATCH = 256
SMOOTHING = 0.1
SCALE = 10.0  # unit vectors are too short for the rate
SEED = 20151


@dataclass(frozen=True)
class Head:
    """Weights (width, labels), one bias a label, and the labels in column order."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    labels: tuple[str, ...]

    def scores(self, vectors: Vectors) -> NDArray[np.float32]:
        """Return one score for each text and label: (texts, labels), not yet calibrated."""
        return np.asarray(vectors * SCALE @ self.weights + self.bias, dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write the head as plain arrays."""
        np.savez(path, weights=self.weights, bias=self.bias, labels=np.array(self.labels))

    @classmethod
    def load(cls, path: Path) -> "Head":
        """Read what save() wrote."""
        with np.load(path, allow_pickle=False) as saved:
            return cls(saved["weights"], saved["bias"], tuple(str(label) for label in saved["labels"]))


def epochs(count: int) -> int:
    """Return how often so many wordings are gone through."""
    return max(EPOCHS, FEWEST_STEPS // -(-count // BATCH))


def batches(count: int) -> Iterator[NDArray[np.int64]]:
    """Yield row numbers in batches, each epoch in a new order; the same orders at every run."""
    chance = np.random.default_rng(SEED)
    for _ in range(epochs(count)):
        order = chance.permutation(count)
        for start in range(0, count, BATCH):
            yield order[start : start + BATCH]


def train(vectors: Vectors, labels: list[str]) -> Head:
    """Train the head on vectors (texts, 384) and one label each; takes seconds, and is repeatable."""
    import torch  # slow to import, and only needed to train

    torch.manual_seed(SEED)
    names, targets = np.unique(labels, return_inverse=True)
    rows_of = torch.from_numpy(vectors * SCALE)
    weights = torch.zeros(vectors.shape[1], len(names), requires_grad=True)
    bias = torch.zeros(len(names), requires_grad=True)
    steps = epochs(len(vectors)) * -(-len(vectors) // BATCH)
    optimiser = torch.optim.Adam([weights, bias], lr=RATE, weight_decay=STRENGTH / len(vectors))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for rows in batches(len(vectors)):
        scores = rows_of[rows] @ weights + bias
        loss = torch.nn.functional.cross_entropy(scores, torch.from_numpy(targets[rows]), label_smoothing=SMOOTHING)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    return Head(weights.detach().numpy(), bias.detach().numpy(), tuple(str(name) for name in names))
