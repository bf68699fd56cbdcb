"""Fit the tagger of names anew: `python -m bot.masking.fit`. Minutes on one core; same lesson, same weights.

Reads data/nlu and the lists in data/; writes data/weights.txt.gz. It never reads the tuning or the test set.
"""

import gzip
import random
import sys
from typing import Dict, List, Tuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.masking.invent import lessons
from bot.masking.names import WEIGHTS, after
from bot.masking.tokens import cut, described

SHARE = 0.3  # of the words that are no names and stand away from any: they are many, and alike
SEEN = 4  # times at least, to be worth a weight
STRENGTH = 0.6


def rows(seed: int = 7) -> Tuple[List[List[str]], List[bool]]:
    """Return what is to be seen of each word of the lesson, and whether it is a name."""
    dice, seen, tags = random.Random(seed), [], []  # type: random.Random, List[List[str]], List[bool]  # noqa: S311
    for lesson in lessons(seed):
        tokens = cut(lesson.text)
        marked = lesson.tags(tokens)
        for place, (token, features) in enumerate(zip(tokens, described(tokens), strict=True)):
            near = any(marked[max(0, place - 2) : place + 3])
            if token.look[0] in "xXAM" and (near or dice.random() < SHARE):
                before = "+" if place and marked[place - 1] else "-"
                seen.append([sys.intern(each) for each in (*features, *after(before, features))])
                tags.append(marked[place])
    return seen, tags


def columns(seen: List[List[str]]) -> Dict[str, int]:
    """Return a column for each thing that is seen often enough."""
    often: Dict[str, int] = {}
    for row in seen:
        for each in row:
            often[each] = often.get(each, 0) + 1
    return {each: place for place, each in enumerate(sorted(each for each in often if often[each] >= SEEN))}


def matrix(seen: List[List[str]], column: Dict[str, int]) -> csr_matrix:
    """Return the lesson as a matrix."""
    found = [[column[each] for each in row if each in column] for row in seen]
    ends = np.cumsum([0, *(len(row) for row in found)])
    places = np.fromiter((each for row in found for each in row), dtype=np.int32)
    return csr_matrix((np.ones(len(places), dtype=np.float32), places, ends), shape=(len(seen), len(column)))


def main() -> None:
    """Fit, and write the weights that are not nought."""
    seen, tags = rows()
    column = columns(seen)
    model = LogisticRegression(C=STRENGTH, penalty="l1", solver="liblinear", fit_intercept=False, random_state=7)
    model.fit(matrix(seen, column), np.array(tags))
    kept = {name: round(100 * float(model.coef_[0][place])) for name, place in column.items()}
    lines = [f"{name}\t{weight}" for name, weight in sorted(kept.items()) if weight]
    with WEIGHTS.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as out:
        out.write("\n".join(lines).encode())
    print(f"{len(tags)} words, {sum(tags)} of names; {len(lines)} of {len(column)} weights kept")


if __name__ == "__main__":
    main()
