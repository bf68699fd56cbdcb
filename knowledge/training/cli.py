"""The record at a plain prompt: verify, report, export, erase. `make training-...` calls it."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from knowledge.load import load_library
from knowledge.training.certificate import find, withdraw
from knowledge.training.known import known_as
from knowledge.training.record import Broken, Record, connect, load_key
from knowledge.training.report import write_report
from knowledge.training.scenario import load_scenarios

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)
console = Console(highlight=False, soft_wrap=True)


def opened() -> Record:
    """Return the installation's record; says plainly where its database cannot be reached."""
    try:
        return Record(connect(), load_key())
    except SQLAlchemyError as error:
        console.print(f"The training database cannot be reached: {type(error).__name__}.")
        raise typer.Exit(2) from error


@app.command()
def verify(code: Annotated[str, typer.Option(help="A certificate's code.")] = "") -> None:
    """Say whether the record is as it was written; with a code, what the certificate proves."""
    record = opened()
    try:
        console.print(f"The record is intact: {record.verify()} entries.")
    except Broken as error:
        console.print(f"The record is NOT intact: {error}.")
        raise typer.Exit(1) from error
    if not code:
        return
    proved = find(record, code)
    if proved is None:
        console.print("No passed course has this code.")
        raise typer.Exit(1)
    data = proved.entry.data
    who = proved.name or "(erased)"
    console.print(
        f"Genuine: {who}, {data['course']}, {data['share']:.0%}, {proved.entry.at[:10]}, policy {data['policy']}."
    )


@app.command()
def report(folder: Annotated[Path, typer.Option(help="Where to write.")] = Path("training-report")) -> None:
    """Write who is complete, due and overdue, and what is got wrong, as a page and a table."""
    written = write_report(opened(), load_library().policy, load_scenarios(), folder)
    console.print(f"Written: {', '.join(str(each) for each in written)}")


@app.command()
def export(
    person: Annotated[
        str, typer.Argument(help="A name as it was given, a learner's id, or a person's (slack:TEAM:USER).")
    ],
) -> None:
    """Write all that the record holds of a person, as JSON."""
    record = opened()
    for learner in who_is(record, person):
        entries = [each._asdict() for each in record.entries(learner)]
        persons = [each for each, own in record.persons().items() if own == learner]
        found = {"learner": learner, "name": record.names().get(learner), "persons": persons, "entries": entries}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))


@app.command()
def erase(
    person: Annotated[
        str, typer.Argument(help="A name as it was given, a learner's id, or a person's (slack:TEAM:USER).")
    ],
) -> None:
    """Erase who a person was, certificates too; what was done stays, under an id that leads to nobody."""
    record = opened()
    for learner in who_is(record, person):
        withdraw(record, learner)
        tombstone = record.erase(learner)
        console.print(f"Erased; the tombstone is entry {tombstone.n}.")


def who_is(record: Record, person: str) -> list[str]:
    """Return the learners of a name, or of an id; says so where there is none."""
    found = [str(each["learner"]) for each in known_as(record, person)]
    if not found:
        console.print("Nobody of that name or id is in the record.")
        raise typer.Exit(1)
    return found


if __name__ == "__main__":
    app()
