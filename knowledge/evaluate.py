"""Score replies against gold scenarios: the figures that docs and issues quote.

Takes replies as JSON, so the engine alone and the running server are scored by the same code. It makes no replies.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.gold import CHECKS, Scenario, fully_right, judge, safe

Json = Mapping[str, Any]
BINS = 10


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    hits: int
    of: int

    def __str__(self) -> str:
        """Return the share and its counts."""
        return f"{self.hits / self.of:.3f} ({self.hits}/{self.of})" if self.of else "none"


@dataclass(frozen=True)
class Scores:
    """Every figure of one run."""

    checks: dict[str, Share]
    fully: Share
    unsafe: tuple[str, ...]
    critical: int
    refused: Share
    refused_near: Share
    false_refusals: Share
    asked: Share
    over_asked: Share
    swallowed: Share
    calibration_error: float
    confusions: list[tuple[tuple[str, str], int]]


def score(golds: Sequence[Scenario], replies: Sequence[Json]) -> Scores:
    """Return the scores of replies, in the order of their scenarios."""
    judged = [(gold, reply, judge(gold, reply)) for gold, reply in zip(golds, replies, strict=True)]
    out = [(gold, reply) for gold, reply, _ in judged if gold.kind[0] == "out_of_scope"]
    within = [(gold, reply) for gold, reply, _ in judged if "out_of_scope" not in gold.kind]
    asking = [(gold, reply) for gold, reply, _ in judged if gold.kind[0] == "question"]
    telling = [(gold, reply) for gold, reply, _ in judged if "question" not in gold.kind]
    near = [(gold, reply) for gold, reply in out if "near_miss" in gold.tags]
    return Scores(
        checks={name: _held(checks[name] for _, _, checks in judged) for name in CHECKS},
        fully=Share(sum(fully_right(checks) for _, _, checks in judged), len(judged)),
        unsafe=tuple(gold.id for gold, _, checks in judged if gold.critical and not safe(checks)),
        critical=sum(gold.critical for gold in golds),
        refused=_of_type(out, "out_of_scope"),
        refused_near=_of_type(near, "out_of_scope"),
        false_refusals=_of_type(within, "out_of_scope"),
        asked=_of_type(asking, "question"),
        over_asked=_of_type(telling, "question"),
        swallowed=_of_type([(gold, reply) for gold, reply, _ in judged if "small_talk" not in gold.kind], "small_talk"),
        calibration_error=calibration_error(confidences(judged)),
        confusions=confusions(judged),
    )


def _held(results: Any) -> Share:
    """Return how many of the checks that apply have held."""
    applying = [held for held in results if held is not None]
    return Share(sum(applying), len(applying))


def _of_type(pairs: Sequence[tuple[Scenario, Json]], kind: str) -> Share:
    """Return how many of the replies are of that type."""
    return Share(sum(reply.get("type") == kind for _, reply in pairs), len(pairs))


def confidences(judged: Sequence[tuple[Scenario, Json, Mapping[str, bool | None]]]) -> list[tuple[float, bool]]:
    """Return each piece of advice's confidence, and whether its first procedure's mandating clause is gold."""
    found = []
    for gold, reply, _ in judged:
        if matches := reply.get("matches"):
            right = "advice" in gold.kind and bool({*matches[0]["clauses"][:2]} & {*gold.clauses})
            found.append((float(matches[0]["confidence"]), right))
    return found


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error over ten equal bins, 0 to 1."""
    if not pairs:
        return 0.0
    error = 0.0
    for n in range(BINS):
        inside = [(p, right) for p, right in pairs if min(int(p * BINS), BINS - 1) == n]
        if inside:
            mean = sum(p for p, _ in inside) / len(inside)
            error += abs(mean - sum(right for _, right in inside) / len(inside)) * len(inside)
    return error / len(pairs)


def confusions(judged: Sequence[tuple[Scenario, Json, Mapping[str, bool | None]]]) -> list[tuple[tuple[str, str], int]]:
    """Return (wanted, got) pairs that were confused, most often first."""
    pairs: Counter[tuple[str, str]] = Counter()
    for gold, reply, checks in judged:
        if checks["clause"] is False or not checks["kind"]:
            wanted = gold.clauses[0] if gold.clauses else gold.kind[0]
            pairs[wanted, str(reply.get("label") or reply.get("type"))] += 1
    return pairs.most_common()
