"""Which clause a person names in words: "2.7.4", "clause 2.3.10", "section 2.8", "P.2". It only reads numbers."""

import re

NAMED = re.compile(
    r"(?:clause|section|para(?:graph)?|point|number|no\.?|principle)?\s*"
    r"\b(?P<number>[1-4]\.\d{1,2}(?:\.\d{1,2}[ab]?)?|P\.?[1-3])(?![\d.]*\d)",
    re.IGNORECASE,
)


def clause_number(text: str) -> str | None:
    """Return the first clause or section number in the text, as the policy's data writes it."""
    found = NAMED.search(text)
    if found is None:
        return None
    number = found["number"]
    return f"P.{number[-1]}" if number[0] in "Pp" else number.lower()
