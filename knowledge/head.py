"""The trained head: softmax regression from features to labels.

Trained in seconds from data/nlu with a fixed seed; it stands on the frozen encoder, whose weights it never changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

EPOCHS = 25
RATE = 0.02
DECAY = 1e-5
BATCH = 256
SMOOTHING = 0.05
SEED = 20151


@dataclass(frozen=True)
class Head:
    """Weights (width, labels), one bias a label, and the labels in column order."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    labels: tuple[str, ...]

    def scores(self, features: csr_matrix) -> NDArray[np.float32]:
        """Return one score for each text and label: (texts, labels), not yet calibrated."""
        return np.asarray(features @ self.weights + self.bias, dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write the head as plain arrays."""
        np.savez(path, weights=self.weights.astype(np.float16), bias=self.bias, labels=np.array(self.labels))

    @classmethod
    def load(cls, path: Path) -> "Head":
        """Read what save() wrote."""
        with np.load(path, allow_pickle=False) as saved:
            weights, bias, labels = saved["weights"].astype(np.float32), saved["bias"], saved["labels"]
        return cls(weights, bias, tuple(str(label) for label in labels))


def as_tensor(rows: csr_matrix) -> torch.Tensor:
    """Return a sparse matrix as a torch one that shares its numbers."""
    return torch.sparse_csr_tensor(
        torch.from_numpy(rows.indptr).long(),
        torch.from_numpy(rows.indices).long(),
        torch.from_numpy(rows.data),
        size=rows.shape,
        check_invariants=False,
    )


def batches(count: int, epochs: int) -> Iterator[NDArray[np.int64]]:
    """Yield row numbers in batches, each epoch in a new order; the same orders at every run."""
    chance = np.random.default_rng(SEED)
    for _ in range(epochs):
        order = chance.permutation(count)
        for start in range(0, count, BATCH):
            yield order[start : start + BATCH]


def train(features: csr_matrix, labels: list[str], epochs: int = EPOCHS) -> Head:
    """Train the head on features (texts, width) and one label each; takes seconds, and is repeatable."""
    torch.manual_seed(SEED)
    names, targets = np.unique(labels, return_inverse=True)
    weights = torch.zeros(features.shape[1], len(names), requires_grad=True)
    bias = torch.zeros(len(names), requires_grad=True)
    steps = epochs * -(-features.shape[0] // BATCH)
    optimiser = torch.optim.Adam([weights, bias], lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for rows in batches(features.shape[0], epochs):
        scores = as_tensor(features[rows]) @ weights + bias
        loss = torch.nn.functional.cross_entropy(scores, torch.from_numpy(targets[rows]), label_smoothing=SMOOTHING)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return Head(weights.detach().numpy(), bias.detach().numpy(), tuple(str(name) for name in names))
