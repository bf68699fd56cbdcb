"""Build what the engine runs on: vectors of wordings and clauses, the index, the features and the head.

`make build` calls it; it rebuilds only what changed, known by the hash of what went in. Everything lands in .built/,
from the repository alone and with a fixed seed; nothing built is ever committed.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from knowledge import head, lexical
from knowledge.encode import Encoder, Vectors
from knowledge.head import Head
from knowledge.index import Index
from knowledge.lexical import Lexical
from knowledge.load import Library
from knowledge.paths import BUILT
from knowledge.wordings import Wording, load_wordings


@dataclass(frozen=True)
class Built:
    """All that was built; `labels` gives each wording's label, in the rows of `wordings`."""

    wordings: Index
    labels: tuple[str, ...]
    clauses: Index
    numbers: tuple[str, ...]
    lexical: Lexical
    head: Head


def stamp(wordings: list[Wording], library: Library, encoder: Encoder) -> str:
    """Return a hash of all that the built files depend on."""
    code = "".join(Path(str(module.__file__)).read_text(encoding="utf8") for module in (lexical, head))
    said = [(wording.text, wording.label) for wording in wordings]
    quotes = [(clause.number, clause.quote) for clause in library.policy.clauses.values()]
    return hashlib.sha256(json.dumps([encoder.mark, code, said, quotes]).encode()).hexdigest()


class VectorStore:
    """Vectors on disk by text, so that a changed wording is the only one encoded again."""

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


def build(library: Library, encoder: Encoder, folder: Path = BUILT) -> Built:
    """Return the built parts, made anew where their sources have changed."""
    folder.mkdir(exist_ok=True)
    wordings = load_wordings()
    mark, now = folder / "stamp", stamp(wordings, library, encoder)
    if not mark.exists() or mark.read_text(encoding="utf8") != now:
        make(library, encoder, wordings, folder)
        mark.write_text(now, encoding="utf8")
    return read(library, wordings, folder)


def make(library: Library, encoder: Encoder, wordings: list[Wording], folder: Path) -> None:
    """Encode, index, fit and train; says what it does, for it takes longer than two seconds."""
    console = Console(stderr=True)
    store = VectorStore(folder, encoder.mark)
    texts = [wording.text for wording in wordings]
    quotes = [clause.quote for clause in library.policy.clauses.values()]
    console.print(f"Encoding {len(texts)} wordings and {len(quotes)} clauses (only new ones) ...")
    vectors, quoted = store.of(texts, encoder), store.of(quotes, encoder)
    store.save(texts + quotes)
    Index.over(vectors).save(folder / "wordings.faiss")
    Index.over(quoted).save(folder / "clauses.faiss")
    labels = [wording.label for wording in wordings]
    console.print("Fitting words and vectors to labels ...")
    lexical.fit(texts, labels).save(folder / "lexical.joblib")
    head.train(vectors, labels).save(folder / "head.npz")
    console.print("The engine is built.")


def read(library: Library, wordings: list[Wording], folder: Path) -> Built:
    """Read the built parts from the folder."""
    return Built(
        wordings=Index.load(folder / "wordings.faiss"),
        labels=tuple(wording.label for wording in wordings),
        clauses=Index.load(folder / "clauses.faiss"),
        numbers=tuple(library.policy.clauses),
        lexical=Lexical.load(folder / "lexical.joblib"),
        head=Head.load(folder / "head.npz"),
    )
