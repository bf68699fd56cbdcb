"""Build a reply object from what the engine has decided.

Takes procedures, questions and matters out of scope from the library; adds quotes, contacts and the plain text. It
decides nothing about meaning, but it keeps the rules that no decision may break: see safe_steps.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from knowledge.found import NOTHING, Beside, Found
from knowledge.load import Library
from knowledge.record import URGENCIES, Procedure, Question, Step
from knowledge.reply import Asked, Choice, Match, Person, Quote, Reply, Source
from knowledge.text import write
from knowledge.together import safe_steps

MOST_SUPPORTING = 4


class Composer:
    """Makes replies from one library, as of one day."""

    def __init__(self, library: Library, today: date) -> None:
        """Keep the library; `today` decides whether the review is overdue."""
        self.library = library
        self.today = today

    def advice(
        self,
        found: Sequence[Found],
        beside: Beside = NOTHING,
        *,
        warn: Sequence[Step] = (),
        suspects: frozenset[str] = frozenset(),
        danger: bool = False,
    ) -> Reply:
        """Return advice for one to three situations, most urgent first.

        Args:
            found: at least one procedure of kind advice.
            beside: what plausible readings add.
            warn: warnings of the critical readings that are plausible, chosen or not.
            suspects: contact roles of the person it is about; never among those to tell.
            danger: a part of the message tells of danger: 999 comes before every step.
        """
        first = self.library.emergency.do[:1] if danger else ()
        ranked = sorted(found, key=lambda each: URGENCIES.index(each.procedure.urgency))
        do, dont = safe_steps(
            [*first, *(step for each in ranked for step in each.procedure.do), *beside.do],
            [*warn, *(step for each in ranked for step in each.procedure.dont), *beside.dont],
        )
        reply = Reply(
            type="advice",
            urgency="immediate" if danger else ranked[0].procedure.urgency,
            matches=tuple(self._match(each) for each in ranked),
            do=do,
            dont=dont,
            clauses=self._quotes([each.procedure for each in ranked], (*do, *dont)),
            contacts=self._contacts(do, suspects),
            policy=self.source(),
            lead=" ".join(each.procedure.lead for each in ranked),
            why=" ".join(each.procedure.why for each in ranked if each.procedure.why),
            label=ranked[0].procedure.id,
        )
        return write(reply, suspects=suspects)

    def policy_text(self, procedure: Procedure, warn: Sequence[Step] = ()) -> Reply:
        """Return the clauses of a question about what the policy or the law says."""
        return self.quoted(procedure.lead, procedure.clauses, label=procedure.id, why=procedure.why, warn=warn)

    def quoted(
        self, lead: str, numbers: Sequence[str], *, label: str | None = None, why: str = "", warn: Sequence[Step] = ()
    ) -> Reply:
        """Return the clauses with these numbers under one line of our own."""
        quotes = tuple(self.quote(number) for number in numbers)
        reply = Reply(type="policy_text", clauses=quotes, policy=self.source(), lead=lead, label=label)
        return write(reply.model_copy(update={"why": why or None, "meanwhile": tuple(warn) or None}))

    def question(self, question: Question, warn: Sequence[Step] = ()) -> Reply:
        """Ask for the one fact, with the warnings that hold until it is known."""
        choices = tuple(Choice(title=each.title, value=each.value) for each in question.options)
        asked = Asked(fact=question.fact, text=question.text, options=choices)
        _, held = safe_steps((), (*warn, *question.meanwhile))
        return write(
            Reply(type="question", question=asked, meanwhile=held or None, lead=question.text, label=question.id)
        )

    def out_of_scope(self, topic: str, warn: Sequence[Step] = ()) -> Reply:
        """Say that the policy does not govern it, and whom to ask."""
        matter = self.library.out_of_scope[topic]
        lead = f"{matter.safety} {matter.text}".strip()
        return write(
            Reply(
                type="out_of_scope",
                lead=lead,
                refer_to=self.person(matter.ask),
                meanwhile=tuple(warn) or None,
                label=topic,
            )
        )

    def emergency(self, warn: Sequence[Step] = ()) -> Reply:
        """Put safety first; warnings of a critical reading come with it."""
        first = self.library.emergency
        do, dont = safe_steps(first.do, (*first.dont, *warn))
        return write(
            Reply(
                type="emergency",
                urgency=first.urgency,
                do=do,
                dont=dont,
                contacts=self._contacts(do, frozenset()),
                lead=first.lead,
                label=first.id,
            )
        )

    def small_talk(self, text: str, label: str) -> Reply:
        """Say something that holds no advice."""
        return write(Reply(type="small_talk", lead=text, label=label))

    def refusal(self, text: str, label: str) -> Reply:
        """Say that nothing could be looked up, and the safe static words."""
        return write(Reply(type="out_of_scope", lead=text, refer_to=self.person("line_manager"), label=label))

    def quote(self, number: str) -> Quote:
        """Return a clause as it is quoted."""
        clause = self.library.policy.clauses[number]
        return Quote(number=clause.number, heading=clause.heading, quote=clause.quote)

    def source(self) -> Source:
        """Return which policy answers, and whether its review is overdue."""
        policy = self.library.policy
        return Source(
            title=policy.title,
            version=policy.version,
            review_due=policy.review_due,
            overdue=policy.overdue(self.today),
        )

    def _match(self, found: Found) -> Match:
        procedure = found.procedure
        return Match(
            procedure=procedure.id,
            title=procedure.title,
            confidence=round(found.confidence, 3),
            clauses=procedure.clauses,
        )

    def _quotes(self, procedures: Sequence[Procedure], steps: Iterable[Step]) -> tuple[Quote, ...]:
        """Mandating clause of each match in order, then the supporting ones, then those of the steps."""
        mandating = [each.clauses[0] for each in procedures]
        supporting = [number for each in procedures for number in each.clauses[1:]]
        stepwise = [step.clause for step in steps if step.clause]
        numbers = dict.fromkeys([*mandating, *supporting[:MOST_SUPPORTING], *stepwise])
        return tuple(self.quote(number) for number in numbers)

    def _contacts(self, do: Iterable[Step], suspects: frozenset[str]) -> tuple[Person, ...]:
        roles = dict.fromkeys(role for step in do for role in self.library.roles.get(step.code, []))
        return tuple(self.person(role) for role in roles if role not in suspects)

    def person(self, role: str) -> Person:
        """Return a contact role as the school has set it."""
        contact = self.library.school.contacts[role]
        return Person(
            role=role,
            title=contact.title,
            name=contact.name or None,
            phone=contact.phone or None,
            email=contact.email or None,
        )
