"""The reply object of the contract (docs/contract.md), as pydantic models.

One engine makes it; every channel only draws it. Composing is compose.py's work, wording text.py's.
"""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from knowledge.record import Step, Urgency

Kind = Literal["advice", "question", "emergency", "policy_text", "out_of_scope", "small_talk", "training", "record"]


class Part(BaseModel):
    """A frozen part of a reply."""

    model_config = ConfigDict(frozen=True)


class Match(Part):
    """One situation found in the message; confidence is calibrated, 0 to 1."""

    procedure: str
    title: str
    confidence: float
    clauses: tuple[str, ...]


class Quote(Part):
    """A clause, word for word."""

    number: str
    heading: str
    quote: str


class Choice(Part):
    """One option of a question."""

    title: str
    value: str


class Asked(Part):
    """The one fact that decides."""

    fact: str
    text: str
    options: tuple[Choice, ...]


class Person(Part):
    """Whom to tell; what the school has not set is left out."""

    role: str
    title: str
    name: str | None = None
    phone: str | None = None
    email: str | None = None


class Feedback(Part):
    """What a choice in training was worth: the codes are the contract's, the clause stands among the quotes."""

    verdict: Literal["right", "partly", "wrong", "harmful"]
    text: str
    clause: str
    named: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    harm: tuple[str, ...] = ()


class Training(Part):
    """Where a course is: story `at` of `of`, what happens now, and what came of the last choice."""

    course: str | None = None
    title: str | None = None
    at: int | None = None
    of: int | None = None
    story: str | None = None
    feedback: Feedback | None = None
    certificate: str | None = None
    percent: int | None = None
    passed: bool | None = None


class Source(Part):
    """Which policy answered, and whether its review is overdue."""

    title: str
    version: str
    review_due: date
    overdue: bool


class Reply(Part):
    """One reply.

    Fields beyond the contract: `lead`, `why`, `meanwhile`, `refer_to`, `note`, `label`, `training`, `real`.
    """

    type: Kind
    text: str = ""
    urgency: Urgency | None = None
    matches: tuple[Match, ...] | None = None
    do: tuple[Step, ...] | None = None
    dont: tuple[Step, ...] | None = None
    clauses: tuple[Quote, ...] | None = None
    question: Asked | None = None
    contacts: tuple[Person, ...] | None = None
    policy: Source | None = None
    lead: str | None = None
    why: str | None = None
    meanwhile: tuple[Step, ...] | None = None
    refer_to: Person | None = None
    note: str | None = None
    label: str | None = None
    training: Training | None = None
    real: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the contract's object: absent fields left out, `clause` of general advice kept as null."""
        whole = self.model_dump(mode="json")
        return {key: _without_unset(value, key) for key, value in whole.items() if value is not None}


def _without_unset(value: Any, key: str) -> Any:
    """Drop what is not set inside contacts; leave every other field as it is."""
    if key == "contacts":
        return [{k: v for k, v in person.items() if v is not None} for person in value]
    if key in ("refer_to", "training"):
        return {k: v for k, v in value.items() if v is not None}
    return value
