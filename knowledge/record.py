"""What the YAML files may say: one pydantic model for each kind of file.

load.py reads files into these; everything above only reads them. Nothing here opens a file.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Urgency = Literal["immediate", "today", "routine"]
URGENCIES: tuple[Urgency, ...] = ("immediate", "today", "routine")


class Record(BaseModel):
    """A frozen record that refuses unknown fields, so that a typing error is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Step(Record):
    """One step or warning: the contract's code, plain words, the clause (None: general safety advice)."""

    code: str
    text: str
    clause: str | None


class Code(Record):
    """What a step's code is for: a step or a warning, and the clauses that mandate it; none for general advice."""

    kind: Literal["do", "dont"]
    clauses: tuple[str, ...]


class Procedure(Record):
    """What the policy requires in one kind of situation; `facts` tell it from others of its `topic`.

    `never`: codes of steps that would do harm here, so that no other reading brings them along.
    """

    id: str
    title: str
    kind: Literal["advice", "policy_text"]
    topic: str
    facts: dict[str, str]
    urgency: Urgency = "routine"
    critical: bool = False
    clauses: tuple[str, ...]
    lead: str
    do: tuple[Step, ...] = ()
    dont: tuple[Step, ...] = ()
    never: tuple[str, ...] = ()
    why: str = ""


class Option(Record):
    """One answer to a question, and the label that it leads to."""

    title: str
    value: str
    leads_to: str


class Question(Record):
    """The one fact to ask for when it changes the steps, and the warnings that hold until it is known."""

    id: str
    fact: str
    topic: str
    text: str
    options: tuple[Option, ...]
    meanwhile: tuple[Step, ...] = ()


class OutOfScope(Record):
    """A matter that the policy does not govern: whom to ask (a contact role) and what governs."""

    id: str
    title: str
    ask: str
    text: str
    safety: str = ""


class Emergency(Record):
    """What comes before any clause when somebody is in danger."""

    id: str
    title: str
    urgency: Urgency
    lead: str
    do: tuple[Step, ...]
    dont: tuple[Step, ...]


class Term(Record):
    """A word that staff ask about."""

    term: str
    also: tuple[str, ...]
    clause: str | None
    text: str


class Contact(Record):
    """A role at the school; an empty field has not been set."""

    title: str
    name: str = ""
    phone: str = ""
    email: str = ""


class School(Record):
    """The school's own settings."""

    contacts: dict[str, Contact]
