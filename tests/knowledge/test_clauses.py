"""The policy as data."""

import re
from datetime import date

from knowledge.check import quote_faults
from knowledge.clause import fold
from knowledge.load import Library
from knowledge.paths import SOURCE


def test_every_quote_is_the_source_s_own_words(library: Library) -> None:
    assert [str(fault) for fault in quote_faults(library.policy)] == []


def test_there_are_54_numbered_clauses_three_principles_and_17_acts(library: Library) -> None:
    numbers = list(library.policy.clauses)

    assert sum(number[0].isdigit() for number in numbers) == 54
    assert [number for number in numbers if number.startswith("P")] == ["P.1", "P.2", "P.3"]
    assert sum(number.startswith("A.") for number in numbers) == 17


def test_the_unnumbered_paragraph_belongs_to_2_7_4(library: Library) -> None:
    quote = library.policy.clauses["2.7.4"].quote

    assert quote.startswith("Where indecent images of children are found")
    assert "The individual should not be confronted" in quote


def test_the_two_clauses_printed_2_2_3_are_told_apart(library: Library) -> None:
    assert library.policy.clauses["2.2.3a"].quote.startswith("Organisations should also have clear policies")
    assert library.policy.clauses["2.2.3b"].quote.startswith("Adults within their work setting")


def test_no_word_of_the_numbered_sections_is_left_out(library: Library) -> None:
    source = SOURCE.read_text(encoding="utf8")
    body = fold(source[source.index("- 1.1.1") : source.index("Where to find further information")])
    kept = " ".join(fold(f"{clause.heading} {clause.quote}") for clause in library.policy.clauses.values())
    left_out = {word for word in re.findall(r"\w{6,}", body) if word not in kept}

    assert left_out <= {
        "Introduction",
        "Overview",
        "Status",
        "Principles",
        "Section",
        "Practice",
        "Protection",
        "personal",
        "Communication",
        "Appendix",
        "Relevant",
        "legislation",
        "framework",
        "currently",
        "surrounds",
        "offline",
        "online",
        "important",
        "general",
        "aware",
        "action",
        "illegal",
        "committed",
        "legislative",
        "Cyberbullying",
        "Social",
        "access",
        "policies",
    }  # section headings, and the sentence that opens the appendix


def test_the_review_is_overdue_from_december_2019(library: Library) -> None:
    assert not library.policy.overdue(date(2019, 11, 30))
    assert library.policy.overdue(date(2019, 12, 1))
