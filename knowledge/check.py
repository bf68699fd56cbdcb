"""Check the project's data: `make data-check`.

Every quote against the source document, every cited clause and code, every label that has no wordings, every wording
that stands twice. It says what is wrong, where, and how to mend it; it mends nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from knowledge.clause import Policy, fold
from knowledge.fault import Fault
from knowledge.load import Library, line_of, load_library
from knowledge.paths import ROOM, SOURCE, WORDINGS
from knowledge.record import Step
from knowledge.wordings import Wording, load_wordings

CLAUSES = 74
FEWEST = 60
KINDS = {"do": "step", "dont": "warning"}


def faults(room: Path = ROOM, wordings: Path = WORDINGS, source: Path = SOURCE) -> tuple[list[Fault], list[str]]:
    """Return every fault found, and warnings that no build should fail on."""
    try:
        library = load_library(room)
        said = load_wordings(wordings)
    except Fault as fault:  # what cannot be read cannot be checked further
        return [fault], []
    found = [*quote_faults(library.policy, source), *cite_faults(library, room), *wording_faults(library, said)]
    policy = library.policy
    overdue = policy.overdue(date.today())
    warnings = [f"the policy's review was due by {policy.review_due} and is overdue"] if overdue else []
    return found, warnings


def quote_faults(policy: Policy, source: Path = SOURCE) -> Iterator[Fault]:
    """Yield clauses that are not in the source word for word, white space folded, and a count that is wrong."""
    whole = fold(source.read_text(encoding="utf8"))
    for clause in policy.clauses.values():
        if fold(clause.quote) not in whole:
            text = clause.file.read_text(encoding="utf8")
            line = text[: text.index(f"| {clause.number}\n")].count("\n") + 1
            yield Fault(clause.file, line, f"{clause.number} differs from the source", f"copy it from {source.name}")
    if len(policy.clauses) != CLAUSES:
        yield Fault(ROOM / "clauses", 1, f"{len(policy.clauses)} clauses, not {CLAUSES}", "restore the missing section")


def cite_faults(library: Library, room: Path = ROOM) -> Iterator[Fault]:
    """Yield unknown clauses, steps without a cite that do not say why, and options that lead nowhere."""
    labels = {*library.procedures, *library.out_of_scope, *library.questions}
    for rule in library.procedures.values():
        file = room / "procedures" / f"{rule.id}.yml"
        for number in rule.clauses:
            if number not in library.policy.clauses:
                yield Fault(file, line_of(file, "clauses"), f"unknown clause {number}", "cite one of knowledge/clauses")
        yield from step_faults(file, "do", rule.do, library)
        yield from step_faults(file, "dont", rule.dont, library)
        if rule.kind == "advice" and not (rule.do or rule.dont or rule.clauses):
            yield Fault(file, 1, "no step, no warning, no clause", "cite the clause that answers")
    for question in library.questions.values():
        file = room / "questions" / f"{question.id}.yml"
        yield from step_faults(file, "dont", question.meanwhile, library)
        for option in question.options:
            if option.leads_to not in labels:
                yield Fault(file, line_of(file, "options"), f"leads to unknown {option.leads_to}", "name a procedure")
    yield from step_faults(room / "emergency.yml", "do", library.emergency.do, library)
    yield from step_faults(room / "emergency.yml", "dont", library.emergency.dont, library)


def step_faults(file: Path, kind: str, steps: Iterable[Step], library: Library) -> Iterator[Fault]:
    """Yield steps of an unknown code or the wrong kind, that cite a clause which does not mandate them, or none."""
    for step in steps:
        line, code = line_with(file, step.text), library.codes.get(step.code)
        if code is None or code.kind != kind:
            yield Fault(file, line, f"{step.code} is no code of a {KINDS[kind]}", "take one of knowledge/codes.yml")
        elif step.clause is None and "general safety advice" not in step.text:
            yield Fault(
                file, line, f"{step.code} cites no clause", "cite one, or say 'general safety advice' in its text"
            )
        elif step.clause is not None and step.clause not in library.policy.clauses:
            yield Fault(file, line, f"{step.code} cites unknown clause {step.clause}", "cite one of knowledge/clauses")
        elif step.clause is not None and step.clause not in code.clauses:
            known = ", ".join(code.clauses) or "none"
            yield Fault(
                file, line, f"{step.code} cites {step.clause}, which does not mandate it", f"cite one of {known}"
            )


def line_with(file: Path, words: str) -> int:
    """Return the first line that holds the words, 1 where none does."""
    lines = file.read_text(encoding="utf8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if words in line), 1)


def wording_faults(library: Library, said: list[Wording]) -> Iterator[Fault]:
    """Yield wordings that stand twice, labels that nothing answers, and labels with too few wordings."""
    first: dict[str, Wording] = {}
    count: dict[str, int] = defaultdict(int)
    answered = {*library.procedures, *library.questions, *library.out_of_scope, library.emergency.id}
    for wording in said:
        key = re.sub(r"\W+", " ", wording.text.lower()).strip()
        if key in first:
            where = f"{first[key].file.name}:{first[key].line}"
            yield Fault(wording.file, wording.line, f"stands in {where} too", "keep it under one label only")
        first.setdefault(key, wording)
        count[wording.label] += 1
        if wording.label not in answered and not wording.label.startswith("move_"):
            yield Fault(wording.file, wording.line, f"no procedure {wording.label}", "name the file as its procedure")
    for label in library.procedures:
        if count[label] < FEWEST:
            file = WORDINGS / "situations" / f"{label}.yml"
            yield Fault(file, 1, f"{count[label]} wordings, fewer than {FEWEST}", "write more")
