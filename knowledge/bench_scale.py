"""Time the index as it grows: `make bench-scale`. Sizes and milliseconds of one run; never part of a test.

The vectors are those of the real wordings, drawn at random and perturbed so that each lies at a cosine of about 0.9
from the wording it came from; queries are made the same way from other draws. Exact search stands beside each size.
"""

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from rich.console import Console
from rich.table import Table

from knowledge.encode import Encoder, Vectors
from knowledge.index import Index, kind
from knowledge.wordings import load_wordings

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUERIES = 300
DRAWN = 10_000  # real wordings
MOST = 10
NOISE = 0.48  # length of the noise beside a unit vector: a cosine of about 0.9
SEED = 20151
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Run:
    """Milliseconds of each query, and the rows that each found."""

    times: list[float]
    rows: list[list[int]]


def grown(real: Vectors, rows: int, chance: np.random.Generator) -> Vectors:
    """Return so many perturbed draws of the real vectors: float32, (rows, width), each of length 1."""
    drawn = real[chance.integers(0, len(real), rows)]
    noise = chance.standard_normal(drawn.shape, dtype=np.float32)
    drawn = drawn + noise * np.float32(NOISE / np.sqrt(drawn.shape[1]))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def run(index: Index, queries: Vectors) -> Run:
    """Search for one query at a time, as messages come."""
    times, rows = [], []
    for n in range(len(queries)):
        began = time.perf_counter()
        _, found = index.search(queries[n : n + 1], MOST)
        times.append((time.perf_counter() - began) * 1000)
        rows.append([int(row) for row in found[0]])
    return Run(times, rows)


def recall(found: Run, exact: Run) -> float:
    """Return which part of the exact nearest rows was found."""
    hits = sum(len(set(one) & set(other)) for one, other in zip(found.rows, exact.rows, strict=True))
    return hits / sum(len(each) for each in exact.rows)


def megabytes(index: Index) -> float:
    """Return the size of an index as it is written."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "index"
        index.save(file)
        return file.stat().st_size / MEGABYTE


def exactly(vectors: Vectors) -> Index:
    """Return exact search over the vectors."""
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    return Index(flat)


def main() -> None:
    """Grow, build, search, compare."""
    console = Console()
    texts = [wording.text for wording in load_wordings()]
    drawn = np.random.default_rng(SEED).permutation(len(texts))[:DRAWN]
    real = Encoder().encode([texts[row] for row in drawn], progress=True)
    grid = Table("rows", "kind", "build s", "MB", "p50 ms", "p95 ms", "exact p50 ms", "times as fast", "recall@10")
    for size in SIZES:
        chance = np.random.default_rng(SEED)
        with console.status(f"{size:,} rows ..."):
            vectors, queries = grown(real, size, chance), grown(real, QUERIES, chance)
            began = time.perf_counter()
            index = Index.over(vectors)
            took = time.perf_counter() - began
            found, exact = run(index, queries), run(exactly(vectors), queries)
        fast, slow = statistics.median(found.times), statistics.median(exact.times)
        grid.add_row(
            f"{size:,}",
            kind(size),
            f"{took:.1f}",
            f"{megabytes(index):.0f}",
            f"{fast:.2f}",
            f"{statistics.quantiles(found.times, n=20)[18]:.2f}",
            f"{slow:.2f}",
            f"{slow / fast:.1f}",
            f"{recall(found, exact):.4f}",
        )
    console.print(grid)


if __name__ == "__main__":
    main()
