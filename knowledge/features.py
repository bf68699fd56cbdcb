"""Turn texts into the features that the head reads: words, letter groups, and the encoder's vector, side by side.

Dense and lexical together beat either (docs/matching.md). Fitted on the training wordings only.
"""

from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.encode import Vectors
from knowledge.facts import plain

DENSE_WEIGHT = 2.0


@dataclass
class Features:
    """Word and letter-group TF-IDF, beside the weighted vector."""

    words: TfidfVectorizer
    letters: TfidfVectorizer

    @classmethod
    def fit(cls, texts: list[str]) -> "Features":
        """Learn the vocabulary and its weights from the texts."""
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, preprocessor=plain, dtype=np.float32)
        letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3, preprocessor=plain, dtype=np.float32
        )
        return cls(words.fit(texts), letters.fit(texts))

    def of(self, texts: list[str], vectors: Vectors) -> csr_matrix:
        """Return the features of texts whose vectors are given: (len(texts), width)."""
        parts = [self.words.transform(texts), self.letters.transform(texts), csr_matrix(vectors * DENSE_WEIGHT)]
        return csr_matrix(hstack(parts, format="csr"), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write the vocabulary to a file of our own making (read back only by load)."""
        joblib.dump((self.words, self.letters), path)

    @classmethod
    def load(cls, path: Path) -> "Features":
        """Read what save() wrote."""
        return cls(*joblib.load(path))
