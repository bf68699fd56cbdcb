"""Write a reply object as plain text: calm, short, first what to do now.

Used by every channel that draws nothing else; the fixed words stand in phrases.yml. It adds no meaning of its own.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from knowledge.load import read_yaml
from knowledge.paths import ROOM
from knowledge.record import Step
from knowledge.reply import Person, Reply


@cache
def phrases() -> dict[str, str]:
    """Return the fixed words, by key; nested keys joined by a dot."""
    words = read_yaml(ROOM / "phrases.yml")
    assert isinstance(words, dict)
    flat = {key: value for key, value in words.items() if isinstance(value, str)}
    return flat | {f"urgency.{key}": value for key, value in words["urgency"].items()}


def write(reply: Reply, *, suspects: frozenset[str] = frozenset()) -> Reply:
    """Return the reply with its `text` written, and a note where one of those to tell may be whom it is about."""
    noted = reply.model_copy(update={"note": phrases()["not_the_person"]}) if suspects else reply
    return noted.model_copy(update={"text": "\n\n".join(block for block in _blocks(noted) if block)})


def _blocks(reply: Reply) -> Iterator[str]:
    say = phrases()
    yield "\n".join(part for part in (reply.lead, say[f"urgency.{reply.urgency}"] if reply.urgency else None) if part)
    if reply.matches and len(reply.matches) > 1:
        yield "\n".join([say["several"], *(f"- {match.title}" for match in reply.matches)])
    yield listed(say["do"], (f"{n}. {cited(step)}" for n, step in enumerate(reply.do or (), 1)))
    if reply.note:
        yield reply.note
    yield listed(say["tell"], (f"- {person(each)}" for each in reply.contacts or ()))
    yield listed(say["dont"], (f"- {cited(step)}" for step in reply.dont or ()))
    yield listed(say["meanwhile"], (f"- {cited(step)}" for step in reply.meanwhile or ()))
    if reply.question:
        yield listed(say["options"], (f"{n}. {each.title}" for n, each in enumerate(reply.question.options, 1)))
    yield listed(say["clauses"], (f'{each.number} {each.heading}\n"{each.quote}"' for each in reply.clauses or ()))
    if reply.refer_to:
        yield say["refer_to"].format(who=person(reply.refer_to))
    yield source(reply)


def listed(title: str, lines: Iterable[str]) -> str:
    """Return a title with its lines, or nothing where there are none."""
    found = list(lines)
    return "\n".join([title, *found]) if found else ""


def cited(step: Step) -> str:
    """Return a step's words with its clause."""
    return f"{step.text} ({step.clause})" if step.clause else step.text


def person(who: Person) -> str:
    """Return a contact in one line; say plainly where none is set."""
    known = [part for part in (who.name, who.phone, who.email) if part]
    return f"{who.title}: {', '.join(known)}" if known else f"{who.title}: {phrases()['unset']}"


def source(reply: Reply) -> str:
    """Return the line that names the policy, and its overdue review."""
    if reply.policy is None:
        return ""
    say, policy = phrases(), reply.policy
    line = say["policy"].format(title=policy.title, version=policy.version)
    overdue = say["overdue"].format(review_due=f"{policy.review_due:%B %Y}")
    return f"{line} {overdue}" if policy.overdue else line
