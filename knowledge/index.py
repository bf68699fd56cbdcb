"""Search vectors: the nearest wordings and the nearest clause texts, by FAISS.

Exact inner-product search; at this size nothing faster is needed (docs/decisions). It knows nothing of meaning: rows
in, row numbers and cosines out.
"""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.encode import Vectors


class Index:
    """Unit vectors under FAISS; rows are found by cosine."""

    def __init__(self, found: faiss.Index) -> None:
        """Stand on a FAISS index; see over() and load()."""
        self._faiss = found

    @classmethod
    def over(cls, vectors: Vectors) -> "Index":
        """Index the vectors: float32, (rows, width), each of length 1."""
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(np.ascontiguousarray(vectors))
        return cls(flat)

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._faiss.ntotal)

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
