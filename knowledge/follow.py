"""What follows an answer: why, show me the clause, whom to tell, say that again.

Works on the last reply object (as JSON, since that is what a conversation keeps). Called by the actions; it never
reads a situation itself.
"""

from collections.abc import Mapping
from typing import Any

from knowledge.clause import order
from knowledge.compose import Composer
from knowledge.facts import plain, read
from knowledge.record import Question, Step, Term
from knowledge.reply import Person, Reply
from knowledge.text import cited, listed, person, phrases
from knowledge.wanted import clause_number

Kept = Mapping[str, Any]
SHORT_ANSWER = 14


def why(composer: Composer, last: Kept | None) -> Reply:
    """Return the reason and the clauses behind the last reply."""
    if not last or not last.get("clauses"):
        return nothing_yet(composer)
    numbers = [clause["number"] for clause in last["clauses"][:2]]
    return composer.quoted(last.get("why") or phrases()["why_none"], numbers, label="move_why")


def show_clause(composer: Composer, last: Kept | None) -> Reply:
    """Return the clauses of the last reply, word for word."""
    if not last or not last.get("clauses"):
        return nothing_yet(composer)
    numbers = [clause["number"] for clause in last["clauses"]]
    return composer.quoted(phrases()["clauses"], numbers, label="move_show_clause")


def who_to_tell(composer: Composer, last: Kept | None) -> Reply:
    """Return whom the last reply names, or the roles that this policy names at all."""
    steps = [Step.model_validate(step) for step in (last or {}).get("do") or ()]
    roles = composer.library.roles
    telling = [step for step in steps if roles.get(step.code)]
    people = [Person.model_validate(each) for each in (last or {}).get("contacts") or ()]
    if not telling and not people:
        people = [composer.person(role) for role in ("line_manager", "dsl", "designated_officer", "police")]
    said = [cited(step) for step in telling] + [f"- {person(each)}" for each in people]
    return composer.small_talk(listed(phrases()["tell"], said), "move_who_to_tell")


def repeat(composer: Composer, last: Kept | None) -> Reply:
    """Return the last reply again."""
    return Reply.model_validate(last) if last else nothing_yet(composer)


def lookup(composer: Composer, text: str) -> Reply | None:
    """Return the clause, or the section's clauses, that the words name; None where they name none."""
    number = clause_number(text)
    if number is None:
        return None
    clauses = composer.library.policy.clauses
    found = (
        [number]
        if number in clauses
        else [each for each in clauses if each.startswith((f"{number}.", f"{number}a", f"{number}b"))]
    )
    if not found:
        return composer.small_talk(phrases()["no_clause"].format(number=number), "move_lookup_clause")
    return composer.quoted(phrases()["looked_up"], sorted(found, key=order), label="move_lookup_clause")


def define(composer: Composer, text: str) -> Reply | None:
    """Return what a term means, with the clause where the policy uses it; None where no term is named."""
    term = named_term(composer.library.terms, text)
    if term is None:
        return None
    if term.clause is None:
        return composer.small_talk(term.text, "move_define_term")
    return composer.quoted(term.text, [term.clause], label="move_define_term")


def named_term(terms: tuple[Term, ...], text: str) -> Term | None:
    """Return the term that the words name: the longest name that stands in them."""
    words = f" {plain(text)} ".replace("?", " ").replace(",", " ").replace(".", " ")
    named = [(name, term) for term in terms for name in (term.term, *term.also) if f" {plain(name)} " in words]
    return max(named, key=lambda pair: len(pair[0]), default=(None, None))[1]


def chosen(question: Question, text: str) -> str | None:
    """Return the value of the option that a short answer chooses: its number, its title, or its fact in other words."""
    words = plain(text).strip().rstrip(".!")
    for number, option in enumerate(question.options, 1):
        if words in (str(number), f"{number})", plain(option.title), option.value):
            return option.value
    if len(words.split()) > SHORT_ANSWER:
        return None
    value = read(text, question.fact)
    return value if value in {option.value for option in question.options} else None


def nothing_yet(composer: Composer) -> Reply:
    """Say that there is nothing yet to refer to."""
    return composer.small_talk(composer.library.moves["no_situation"], "no_situation")
