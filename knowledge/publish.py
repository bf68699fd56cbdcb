"""Write the whole policy as data for a page that shows it: .built/policy.json. Called by whoever starts Whatnow.

It draws nothing: number, heading and the policy's own words, section by section, in the order of the document.
"""

import json
from itertools import groupby
from typing import Any

from knowledge.clause import Clause, Policy, load_policy, read_file
from knowledge.paths import BUILT

PUBLISHED = BUILT / "policy.json"


def published(policy: Policy) -> dict[str, Any]:
    """Return the policy with its dates as ISO dates and each clause under its section."""
    return {
        "title": policy.title,
        "version": policy.version,
        "last_reviewed": policy.last_reviewed.isoformat(),
        "review_due": policy.review_due.isoformat(),
        "sections": [
            {"title": read_file(file)[0]["section"], "clauses": [as_data(each) for each in clauses]}
            for file, clauses in groupby(policy.clauses.values(), key=lambda clause: clause.file)
        ],
    }


def as_data(clause: Clause) -> dict[str, str]:
    """Return one clause; its quote to the letter."""
    return {"number": clause.number, "heading": clause.heading, "quote": clause.quote}


def main() -> None:
    """Write the policy."""
    BUILT.mkdir(exist_ok=True)
    fresh = PUBLISHED.with_suffix(".new")
    fresh.write_text(json.dumps(published(load_policy()), ensure_ascii=False, indent=1), encoding="utf8")
    fresh.replace(PUBLISHED)


if __name__ == "__main__":
    main()
