"""How accuracy grows with the number of wordings: `make curve`, on the frozen test set.

Head and margins are fitted on nested random parts of the training wordings, over the encoder as published, and joined
with the engine's weight; the likeliest two labels stand for the answer. No facts, parts, questions or thresholds.
"""

import numpy as np
from rich.console import Console
from rich.table import Table

from knowledge import head, lexical
from knowledge.encode import Encoder
from knowledge.gold import load_gold
from knowledge.load import load_library
from knowledge.paths import BUILT
from knowledge.thresholds import load_thresholds
from knowledge.vectors import VectorStore
from knowledge.wordings import load_wordings

PARTS = (0.02, 0.05, 0.1, 0.25, 0.5, 1.0)
SEED = 20151


def main() -> None:
    """Fit on each part, and print the curve."""
    encoder, wordings, rules = Encoder(trained=False), load_wordings(), load_library().procedures
    golds = [gold for gold in load_gold("test") if gold.clauses and {"advice", "policy_text"} & set(gold.kind)]
    store, texts = VectorStore(BUILT, encoder.mark), [wording.text for wording in wordings]
    vectors, asked = store.of(texts, encoder), encoder.encode([gold.text for gold in golds])
    store.save(texts)
    order, weight = np.random.default_rng(SEED).permutation(len(wordings)), load_thresholds().lexical
    grid = Table("wordings", "clause in first two", title=f"{len(golds)} scenarios, encoder as published")
    for part in PARTS:
        rows = order[: round(part * len(order))]
        labels = [wordings[row].label for row in rows]
        fitted, words = head.train(vectors[rows], labels), lexical.fit([texts[row] for row in rows], labels)
        scores = fitted.scores(asked) + weight * words.scores([gold.text for gold in golds])
        firsts = np.array(fitted.labels)[np.argsort(-scores, axis=1)[:, :2]]
        found = [
            any(label in rules and rules[label].clauses[0] in gold.clauses for label in two)
            for gold, two in zip(golds, firsts, strict=True)
        ]
        grid.add_row(f"{len(rows):,}", f"{np.mean(found):.3f}")
    Console().print(grid)


if __name__ == "__main__":
    main()
