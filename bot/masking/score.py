"""Score the masking on a set of tests/gold: `python -m bot.masking.score tuning`. Prints totals, never a message.

A span is recalled where every character of it is masked.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Tuple

from bot.masking.mask import spans

GOLD = Path(__file__).parents[2] / "tests" / "gold"


def load(which: str) -> List[Dict[str, Any]]:
    """Return the marked messages of a set."""
    lines = (GOLD / f"masking-{which}.jsonl").read_text(encoding="utf8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def inside(places: List[Tuple[int, int]], length: int) -> List[bool]:
    """Return for each character whether it stands in one of the places."""
    out = [False] * length
    for start, end in places:
        out[start:end] = [True] * (end - start)
    return out


def score(marked: List[Dict[str, Any]]) -> Dict[str, float]:
    """Return recall of names and of contact details, precision by characters, and messages rightly left alone."""
    count: Counter[str] = Counter()
    for each in marked:
        text, wanted = each["text"], each["spans"]
        masked = inside([span[:2] for span in spans(text)], len(text))
        right = inside([(span["start"], span["end"]) for span in wanted], len(text))
        for span in wanted:
            kind = "name" if span["kind"] == "name" else "contact"
            count[kind] += 1
            count[f"{kind} masked"] += all(masked[span["start"] : span["end"]])
        count["masked"] += sum(masked)
        count["masked right"] += sum(a and b for a, b in zip(masked, right, strict=True))
        count["clean"] += not wanted
        count["clean left"] += not wanted and not any(masked)
    return {
        "messages": len(marked),
        "names": count["name"],
        "names_recall": count["name masked"] / max(1, count["name"]),
        "contacts": count["contact"],
        "contacts_recall": count["contact masked"] / max(1, count["contact"]),
        "precision": count["masked right"] / max(1, count["masked"]),
        "clean": count["clean"],
        "clean_untouched": count["clean left"] / max(1, count["clean"]),
    }


if __name__ == "__main__":
    print(json.dumps(score(load(sys.argv[1])), indent=1))
