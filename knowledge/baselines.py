"""What the engine is measured beside: BM25, the nearest clause text, the nearest wording.

Each returns clause numbers only, best first; none reads facts, splits stories, asks or refuses. Nothing here answers
anybody.
"""

from collections.abc import Callable, Sequence

import bm25s

from knowledge.encode import Encoder
from knowledge.engine import Engine
from knowledge.evaluate import Share
from knowledge.gold import Scenario
from knowledge.index import Index
from knowledge.paths import BUILT
from knowledge.vectors import VectorStore
from knowledge.wordings import load_wordings

Ranker = Callable[[list[str]], list[list[str]]]


def bm25(engine: Engine) -> Ranker:
    """Rank clause texts by BM25."""
    clauses = list(engine.library.policy.clauses.values())
    index = bm25s.BM25()
    index.index(bm25s.tokenize([clause.quote for clause in clauses], show_progress=False), show_progress=False)

    def rank(texts: list[str]) -> list[list[str]]:
        found, _ = index.retrieve(bm25s.tokenize(texts, show_progress=False), k=2, show_progress=False)
        return [[clauses[row].number for row in rows] for rows in found]

    return rank


def nearest_clause(engine: Engine) -> Ranker:
    """Rank clause texts by the frozen encoder's cosine."""
    clauses, encoder = list(engine.library.policy.clauses.values()), Encoder(trained=False)
    index = Index.over(encoder.encode([clause.quote for clause in clauses]))

    def rank(texts: list[str]) -> list[list[str]]:
        _, rows = index.search(encoder.encode(texts), 2)
        return [[clauses[row].number for row in each] for each in rows]

    return rank


def nearest_wording(engine: Engine) -> Ranker:
    """Take the mandating clauses of the two nearest wordings' procedures, by the frozen encoder."""
    rules, wordings, encoder = engine.library.procedures, load_wordings(), Encoder(trained=False)
    store, texts = VectorStore(BUILT, encoder.mark), [wording.text for wording in wordings]
    index = Index.over(store.of(texts, encoder))
    store.save(texts)

    def rank(texts: list[str]) -> list[list[str]]:
        _, rows = index.search(encoder.encode(texts), 2)
        labels = [[wordings[row].label for row in each] for each in rows]
        return [[rules[label].clauses[0] for label in each if label in rules] for each in labels]

    return rank


BASELINES: dict[str, Callable[[Engine], Ranker]] = {
    "BM25 over clause texts": bm25,
    "nearest clause text (frozen encoder)": nearest_clause,
    "nearest wording (frozen encoder)": nearest_wording,
}


def clause_in_two(rank: Ranker, golds: Sequence[Scenario]) -> Share:
    """Return how often a gold clause is among the first two, where advice or policy text is wanted."""
    wanted = [gold for gold in golds if gold.clauses and {"advice", "policy_text"} & set(gold.kind)]
    found = rank([gold.text for gold in wanted])
    return Share(
        sum(bool(set(gold.clauses) & set(each)) for gold, each in zip(wanted, found, strict=True)), len(wanted)
    )
