"""Build what the engine runs on: the clauses' index, the words' margins and the head.

`make build` calls it; it rebuilds only what changed, known by the hash of what went in. Everything lands in .built/,
from the repository alone and with a fixed seed. The head that is committed was fitted on the committed wordings
(`make head`) and is taken as it is; where a wording differs, all are encoded and a new one is fitted here.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from knowledge import head, lexical
from knowledge.encode import Encoder
from knowledge.head import Head
from knowledge.index import Index
from knowledge.lexical import Lexical
from knowledge.load import Library
from knowledge.paths import BUILT
from knowledge.vectors import VectorStore
from knowledge.weights import HEAD, HEAD_STAMP
from knowledge.wordings import Wording, load_wordings


@dataclass(frozen=True)
class Built:
    """All that was built; `numbers` gives each clause's number, in the rows of `clauses`."""

    clauses: Index
    numbers: tuple[str, ...]
    lexical: Lexical
    head: Head


def stamp(*parts: object) -> str:
    """Return a hash of what a built part depends on."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def said(wordings: list[Wording]) -> list[tuple[str, str]]:
    """Return the wordings as texts and labels."""
    return [(wording.text, wording.label) for wording in wordings]


def code(module_file: str | None) -> str:
    """Return a module's own text, so that a changed recipe is a changed source."""
    return Path(str(module_file)).read_text(encoding="utf8")


def head_stamp(wordings: list[Wording], encoder: Encoder) -> str:
    """Return what the head depends on."""
    return stamp(encoder.mark, code(head.__file__), said(wordings))


def build(library: Library, encoder: Encoder, folder: Path = BUILT) -> Built:
    """Return the built parts, each made anew where its sources have changed."""
    folder.mkdir(exist_ok=True)
    wordings = load_wordings()
    make_clauses(library, encoder, folder)
    make_lexical(wordings, folder)
    make_head(wordings, encoder, folder)
    return Built(
        clauses=Index.load(folder / "clauses.faiss"),
        numbers=tuple(library.policy.clauses),
        lexical=Lexical.load(folder / "lexical.joblib"),
        head=Head.load(folder / "head.npz"),
    )


def stale(part: Path, now: str) -> bool:
    """Say whether a part is missing or was built from other sources."""
    mark = part.with_suffix(".stamp")
    return not part.exists() or not mark.exists() or mark.read_text(encoding="utf8") != now


def fresh(part: Path, now: str) -> None:
    """Note what a part was built from."""
    part.with_suffix(".stamp").write_text(now, encoding="utf8")


def make_clauses(library: Library, encoder: Encoder, folder: Path) -> None:
    """Index the clauses' texts."""
    part, quotes = folder / "clauses.faiss", [clause.quote for clause in library.policy.clauses.values()]
    if stale(part, now := stamp(encoder.mark, list(library.policy.clauses), quotes)):
        Index.over(encoder.encode(quotes)).save(part)
        fresh(part, now)


def make_lexical(wordings: list[Wording], folder: Path) -> None:
    """Fit the words' margins."""
    part = folder / "lexical.joblib"
    if stale(part, now := stamp(code(lexical.__file__), said(wordings))):
        Console(stderr=True).print(f"Fitting the words of {len(wordings)} wordings to labels ...")
        lexical.fit([each.text for each in wordings], [each.label for each in wordings]).save(part)
        fresh(part, now)


def make_head(wordings: list[Wording], encoder: Encoder, folder: Path) -> None:
    """Take the committed head where it was fitted on these wordings, or fit one."""
    part = folder / "head.npz"
    if not stale(part, now := head_stamp(wordings, encoder)):
        return
    if HEAD_STAMP.exists() and HEAD_STAMP.read_text(encoding="utf8").strip() == now:
        part.write_bytes(HEAD.read_bytes())
    else:
        fit_head(wordings, encoder, folder).save(part)
    fresh(part, now)


def fit_head(wordings: list[Wording], encoder: Encoder, folder: Path = BUILT) -> Head:
    """Encode the wordings, only new ones anew, and train the head on them; says so, for it takes minutes."""
    Console(stderr=True).print(f"Encoding {len(wordings)} wordings (only new ones) ...")
    store, texts = VectorStore(folder, encoder.mark), [wording.text for wording in wordings]
    vectors = store.of(texts, encoder)
    store.save(texts)
    return head.train(vectors, [wording.label for wording in wordings])


def main() -> None:
    """Fit the head that is committed: `make head`."""
    wordings, encoder = load_wordings(), Encoder()
    fit_head(wordings, encoder).save(HEAD)
    HEAD_STAMP.write_text(head_stamp(wordings, encoder) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
