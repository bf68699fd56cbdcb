"""The clause record and its reading from Markdown.

The bottom of the room: every quote that staff see comes from here, and goes through unchanged.
It never rewrites a clause; it only finds where one begins and ends.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from knowledge.fault import Fault
from knowledge.paths import CLAUSES

HEADING = re.compile(r"^## (?P<heading>.+) \| (?P<number>\S+)$", re.MULTILINE)
FRONT_MATTER = re.compile(r"\A---\n(?P<front>.*?)\n---\n", re.DOTALL)
DATES = ("version", "effective", "last_reviewed", "review_due", "policy")


@dataclass(frozen=True)
class Clause:
    """One clause of the policy, in its own words.

    Attributes:
        number: permanent id, as the reply contract reads it (2.2.3a, P.1, A.ripa).
        heading: the project's own short title; not part of the policy.
        quote: the policy's words, verbatim.
        file: the Markdown file it stands in.
    """

    number: str
    heading: str
    quote: str
    file: Path

    @property
    def mark(self) -> str:
        """A short hash of the words, by which a record tells that they have changed."""
        return hashlib.sha256(fold(self.quote).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Policy:
    """The policy: its dates and its clauses in printed order."""

    title: str
    version: str
    effective: date
    last_reviewed: date
    review_due: date
    clauses: dict[str, Clause]

    def overdue(self, today: date) -> bool:
        """Say whether the review date has passed on that day."""
        return today > self.review_due


def fold(text: str) -> str:
    """Return the text with every run of white space folded to one blank."""
    return " ".join(text.split())


def read_file(path: Path) -> tuple[dict[str, object], list[Clause]]:
    """Return one section file's front matter and clauses.

    Raises:
        Fault: no front matter, or no clause under a heading.
    """
    text = path.read_text(encoding="utf8")
    front = FRONT_MATTER.match(text)
    if not front:
        raise Fault(path, 1, "no front matter between two lines of ---", "copy it from another section")
    heads = list(HEADING.finditer(text))
    if not heads:
        raise Fault(path, 1, "no clause", "write each as '## heading | number', then its text")
    ends = [head.start() for head in heads[1:]] + [len(text)]
    clauses = [
        Clause(head["number"], head["heading"], text[head.end() : end].strip(), path)
        for head, end in zip(heads, ends, strict=True)
    ]
    return yaml.safe_load(front["front"]), clauses


def load_policy(folder: Path = CLAUSES) -> Policy:
    """Load every section file of the policy.

    Raises:
        Fault: a number that stands twice, or sections of different versions.
    """
    found: dict[str, Clause] = {}
    fronts: list[dict[str, object]] = []
    for path in sorted(folder.glob("*.md")):
        front, clauses = read_file(path)
        fronts.append({key: front.get(key) for key in DATES})
        if fronts[0] != fronts[-1]:
            raise Fault(path, 2, "its dates or version differ from the other sections'", "make them the same")
        for clause in clauses:
            if clause.number in found:
                raise Fault(path, 1, f"clause {clause.number} stands twice", f"see {found[clause.number].file}")
            found[clause.number] = clause
    front = fronts[0]
    return Policy(
        str(front["policy"]),
        str(front["version"]),
        front["effective"],  # type: ignore[arg-type]
        front["last_reviewed"],  # type: ignore[arg-type]
        front["review_due"],  # type: ignore[arg-type]
        dict(sorted(found.items(), key=lambda item: order(item[0]))),
    )


def order(number: str) -> tuple[object, ...]:
    """Return a key that sorts clause numbers as the policy prints them: sections, then Acts."""
    parts = re.findall(r"\d+|[a-z]+", number)
    if number.startswith("P."):
        return (0, 1, 9, int(parts[0]))
    if number.startswith("A."):
        return (1, number)
    return (0, *(int(part) if part.isdigit() else ord(part) for part in parts))
