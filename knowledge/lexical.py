"""The lexical witness: which words and letter groups speak for which label.

Linear margins over TF-IDF, one label against the rest, fitted on the training wordings only. It catches the one word
that decides, where vectors blur; docs/matching.md says what each of the two is worth.
"""

from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from knowledge.facts import plain

PENALTY = 0.3
SEED = 20151


@dataclass(frozen=True)
class Lexical:
    """Vocabulary and margins; `weights` is (width, labels), in the order of `labels`."""

    words: TfidfVectorizer
    letters: TfidfVectorizer
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    labels: tuple[str, ...]

    def scores(self, texts: list[str]) -> NDArray[np.float32]:
        """Return each label's margin: (texts, labels), not calibrated."""
        return np.asarray(self._features(texts) @ self.weights + self.bias, dtype=np.float32)

    def known_share(self, text: str) -> float:
        """Return which part of the text's words stands in the vocabulary, 0 to 1; 1 where it has none."""
        found = self.words.build_tokenizer()(plain(text))
        return sum(word in self.words.vocabulary_ for word in found) / len(found) if found else 1.0

    def _features(self, texts: list[str]) -> csr_matrix:
        return csr_matrix(hstack([self.words.transform(texts), self.letters.transform(texts)], format="csr"))

    def save(self, path: Path) -> None:
        """Write it to a file of our own making (read back only by load)."""
        parts = (self.words, self.letters, self.weights.astype(np.float16), self.bias, self.labels)
        joblib.dump(parts, path)

    @classmethod
    def load(cls, path: Path) -> "Lexical":
        """Read what save() wrote."""
        words, letters, weights, bias, labels = joblib.load(path)
        return cls(words, letters, weights.astype(np.float32), bias, labels)


def fit(texts: list[str], labels: list[str]) -> Lexical:
    """Learn the vocabulary and the margins; takes about a minute at 32,766 wordings, and is repeatable."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, preprocessor=plain, dtype=np.float32)
    letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3, preprocessor=plain, dtype=np.float32
    )
    rows = csr_matrix(hstack([words.fit_transform(texts), letters.fit_transform(texts)], format="csr"))
    margins = LinearSVC(C=PENALTY, random_state=SEED).fit(rows, labels)
    names = tuple(str(name) for name in margins.classes_)
    return Lexical(words, letters, margins.coef_.T.astype(np.float32), margins.intercept_.astype(np.float32), names)
