"""Keep vectors on disk by text, so that a changed wording is the only one encoded again.

For whoever encodes many texts more than once: build.py, the baselines, the benchmarks. It judges nothing.
"""

import json
from pathlib import Path

import numpy as np

from knowledge.encode import Encoder, Vectors


class VectorStore:
    """The vectors of one encoder, by its mark; each of width 384 and length 1."""

    def __init__(self, folder: Path, mark: str) -> None:
        """Open the encoder's store in the folder; an absent one is empty."""
        self._texts, self._file = folder / f"texts-{mark[:12]}.json", folder / f"vectors-{mark[:12]}.npy"
        texts = json.loads(self._texts.read_text(encoding="utf8")) if self._texts.exists() else []
        vectors = np.load(self._file) if texts else np.zeros((0, 384), dtype=np.float32)
        self._known: dict[str, Vectors] = dict(zip(texts, vectors, strict=True))

    def of(self, texts: list[str], encoder: Encoder) -> Vectors:
        """Return the texts' vectors, encoding those that are not yet known."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= dict(zip(new, encoder.encode(new, progress=bool(new)), strict=True))
        return np.stack([self._known[text] for text in texts])

    def save(self, texts: list[str]) -> None:
        """Keep the vectors of these texts, and no others."""
        kept = list(dict.fromkeys(texts))
        self._texts.write_text(json.dumps(kept), encoding="utf8")
        np.save(self._file, np.stack([self._known[text] for text in kept]))
