"""Search vectors: the nearest clause texts, by FAISS.

The kind of index is chosen by the number of rows: exact search while it is quick enough, cells of like vectors above
(docs/scale.md has the figures). It knows nothing of meaning: rows in, row numbers and cosines out.
"""

import math
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.encode import Vectors

MOST_EXACT = 50_000
CELLS_PER_ROOT = 4  # cells: this many times the square root of the rows
SEARCHED = 24  # one cell in so many is searched
LEARNT_FROM = 40  # rows a cell that the cells' middles are learnt from
ROUNDS = 10


class Index:
    """Unit vectors under FAISS; rows are found by cosine."""

    def __init__(self, found: faiss.Index) -> None:
        """Stand on a FAISS index; see over() and load()."""
        self._faiss = found

    @classmethod
    def over(cls, vectors: Vectors) -> "Index":
        """Index the vectors: float32, (rows, width), each of length 1; of the kind that their number asks for."""
        found = faiss.index_factory(vectors.shape[1], kind(len(vectors)), faiss.METRIC_INNER_PRODUCT)
        rows = np.ascontiguousarray(vectors)
        if not found.is_trained:
            cells = faiss.extract_index_ivf(found)
            cells.cp.max_points_per_centroid, cells.cp.niter = LEARNT_FROM, ROUNDS
            found.train(rows)
            cells.nprobe = math.ceil(cells.nlist / SEARCHED)
        found.add(rows)
        return cls(found)

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._faiss.ntotal)

    def vectors(self) -> Vectors:
        """Return the rows as they stand in the index: (rows, width)."""
        return np.asarray(self._faiss.reconstruct_n(0, len(self)), dtype=np.float32)

    def search(self, queries: Vectors, most: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the cosines and the row numbers of the nearest rows, (queries, most), nearest first."""
        cosines, rows = self._faiss.search(np.ascontiguousarray(queries), min(most, len(self)))
        return cosines, rows

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        faiss.write_index(self._faiss, str(path))

    @classmethod
    def load(cls, path: Path) -> "Index":
        """Read an index that save() wrote."""
        return cls(faiss.read_index(str(path)))


def kind(rows: int) -> str:
    """Return FAISS's name for the kind of index that suits so many rows."""
    if rows <= MOST_EXACT:
        return "Flat"
    return f"IVF{CELLS_PER_ROOT * math.isqrt(rows)},SQfp16"
