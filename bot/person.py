"""All that is held of one person, told or erased: `make export PERSON=...`, `make erase PERSON=...`.

It asks each part that holds something: the gateway's database, Rasa over the private line, and the training record by
its own commands. What cannot be reached is named, never passed over. It holds nothing itself.
"""

import json
import os
import re
import subprocess
import sys
from typing import Any, Dict, Iterator, List, NoReturn, Optional

import httpx
import typer
from rich.console import Console
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from typing_extensions import Annotated

from bot.gateway.held import Held, Whose
from bot.gateway.line import HEADER
from bot.gateway.persons import Persons
from bot.gateway.store import connect
from bot.gateway.sweep import scrub
from bot.secret import inbox_key, line_word, load_secret
from bot.settings import PROJECT, Settings

CONVERSATION = re.compile(r"web-[0-9a-f]{32}|teams-[0-9a-f]{40}|slack-[A-Z0-9]+-[A-Z0-9]+-[A-Z0-9]+")
NOBODY, SEVERAL, LEFT = 1, 2, 3
PERSON = Annotated[
    str, typer.Argument(help="slack:TEAM:USER, teams:TENANT:OBJECT, a name or an id of the training record.")
]
app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)
console = Console(highlight=False, soft_wrap=True, stderr=True)


class Parts:
    """The parts of one installation that hold something of people."""

    def __init__(self, settings: Settings) -> None:
        secret = load_secret(settings.state)
        self.settings, self.word, self.engine = settings, line_word(secret), connect(settings.database)
        self.held, self.persons = Held(self.engine, inbox_key(secret)), Persons(self.engine)

    def find(self, person: str) -> Whose:
        """Return all that leads to a person; ends where it leads to nobody, or to more than one."""
        if CONVERSATION.fullmatch(person):
            return Whose(conversations=(person,))
        learners = known(person)
        if len(learners) > 1:
            lines = "\n  ".join(" ".join([each["learner"], *each["persons"]]) for each in learners)
            end(SEVERAL, f"The record knows several of this name. Nothing was done; name one by its id:\n  {lines}")
        persons = {each for learner in learners for each in learner["persons"]}.union([person] if ":" in person else [])
        places = {each for learner in learners for each in learner["conversations"]}
        conversations = places.union(self.persons.conversations(persons))
        ids = tuple(each["learner"] for each in learners)
        whose = Whose(tuple(sorted(persons)), tuple(sorted(conversations)), ids)
        if not whose.learners and not whose.conversations and not self.held.of(whose):
            end(NOBODY, "Nobody of that name or id is known here.")
        return whose

    def ask_rasa(self, what: str, conversation: str) -> Optional[Dict[str, Any]]:
        """Return Rasa's answer about a conversation; None where it cannot be reached."""
        try:
            with httpx.Client(headers={HEADER: self.word}, timeout=self.settings.turn_seconds, trust_env=False) as rasa:
                answer = rasa.post(self.settings.line_url + what, json={"sender": conversation})
            found: Dict[str, Any] = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError):
            return None
        return found

    def files(self) -> Iterator[Engine]:
        """Yield the SQLite databases of this installation that are there."""
        record = os.environ.get("WHATNOW_TRAINING_URL") or f"sqlite:///{self.settings.state / 'training.db'}"
        for url in {self.settings.database, self.settings.tracker_url, record} - {""}:
            place = make_url(url).database or ""
            if url.startswith("sqlite") and os.path.exists(place):  # noqa: PTH110  (a URL's own word)
                yield create_engine(url)


@app.command()
def erase(person: PERSON) -> None:
    """Erase all that is held of a person; what was done in training stays, under an id that leads to nobody."""
    parts = opened()
    whose = parts.find(person)
    parts.held.erase(whose)
    console.print("The gateway holds nothing of them any more.")
    left = [each for each in whose.conversations if parts.ask_rasa("forget", each) is None]
    parts.persons.drop([each for each in whose.conversations if each not in left])
    for learner in whose.learners:
        erase_training(learner)
    for engine in parts.files():
        if not scrub(engine):
            console.print(f"{engine.url.database} is being read: traces of what was deleted stay in it for now.")
    if left:
        end(LEFT, what_is_left(left, parts.settings))
    console.print("Rasa has forgotten them.")


@app.command()
def export(person: PERSON) -> None:
    """Write all that is held of a person, as JSON."""
    parts = opened()
    whose = parts.find(person)
    rasa = {each: parts.ask_rasa("held", each) for each in whose.conversations}
    record = [json.loads(training("cli", "export", "--", learner)) for learner in whose.learners]
    found = {**whose._asdict(), "gateway": parts.held.of(whose), "rasa": rasa, "training": record}
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    unread = [each for each, told in rasa.items() if told is None]
    if unread:
        end(LEFT, "Rasa could not be asked about these, so what it holds of them is missing:\n  " + "\n  ".join(unread))


def erase_training(learner: str) -> None:
    """Erase who a learner was, and the certificates with their name."""
    console.print(f"The training record: {training('cli', 'erase', '--', learner).strip()}")


def known(person: str) -> List[Dict[str, Any]]:
    """Return the learners that the training record knows by a name or an id, with all that leads to them."""
    found: List[Dict[str, Any]] = json.loads(training("known", person))
    return found


def opened() -> Parts:
    """Return the parts; ends where the gateway's database cannot be reached."""
    try:
        return Parts(Settings())
    except SQLAlchemyError as error:
        end(NOBODY, f"The gateway's database cannot be reached: {type(error).__name__}. Nothing was done.")


def training(module: str, *words: str) -> str:
    """Return what a command of the training record says; ends where it fails."""
    command = [sys.executable, "-m", f"knowledge.training.{module}", *words]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        end(LEFT, f"The training record: {(done.stdout + done.stderr).strip()}")
    return done.stdout


def what_is_left(left: List[str], settings: Settings) -> str:
    """Return in words what Rasa was not told to forget."""
    again = "\n".join(f'  make erase PERSON="{each}"' for each in left)
    return (
        f"Rasa does not answer at {settings.line_url}. All else is erased. Where Rasa keeps conversations in memory "
        f"and is stopped, nothing of these is left; else they go {settings.keep_hours:g} hours after their last "
        f"message, or, once Rasa runs, with:\n{again}"
    )


def end(code: int, words: str) -> NoReturn:
    """End with these words."""
    console.print(words)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
