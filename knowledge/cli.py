"""The command line: ask, ask-lines, build, evaluate, data-check. The engine at a plain prompt, without Rasa."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer
from rich.console import Console

from knowledge.engine import Engine, load_engine

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)


def read_line(line: str) -> tuple[str, dict[str, Any]]:
    """Return the text and the facts of one input line: plain text, or a JSON object with `text` and maybe `facts`.

    Raises:
        ValueError: a JSON object of another form.
    """
    if not line.lstrip().startswith("{"):
        return line, {}
    try:
        item = json.loads(line)
    except json.JSONDecodeError:
        return line, {}  # somebody typed a brace: it is text
    if not isinstance(item.get("text"), str):
        raise ValueError("a JSON line needs a string 'text'")
    facts = item.get("facts") or {}
    if not isinstance(facts, dict):
        raise ValueError("'facts' must be an object")
    return item["text"], facts


def replies(engine: Engine, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yield one reply object a line, in order; an unreadable line gets an error object."""
    for line in lines:
        try:
            text, facts = read_line(line.decode("utf8").rstrip("\r\n"))
            yield engine.answer(text, facts).as_json()
        except (ValueError, UnicodeDecodeError) as error:
            yield {"type": "error", "error": str(error)}


@app.command()
def ask(text: Annotated[str, typer.Argument(help="What has happened, in your own words.")]) -> None:
    """Answer one message, in plain text."""
    Console(highlight=False, soft_wrap=True).print(load_engine().answer(text).text, markup=False)


@app.command()
def ask_lines() -> None:
    """Read one message a line, write one reply object a line, and nothing else."""
    for reply in replies(load_engine(), sys.stdin.buffer):
        sys.stdout.write(json.dumps(reply, ensure_ascii=False) + "\n")
        sys.stdout.flush()


@app.command()
def build() -> None:
    """Build the index and the trained head where their sources have changed."""
    load_engine()


@app.command()
def evaluate(
    gold: Annotated[str, typer.Option(help="'test' (frozen) or 'tuning'.")] = "test",
    url: Annotated[str, typer.Option(help="Ask this REST channel as well.")] = "",
) -> None:
    """Score the engine, and the running server where a URL is given, beside the baselines."""
    from knowledge.report import report  # baselines and tables, only here

    report(load_engine(), gold, url)


@app.command()
def data_check() -> None:
    """Check clauses, procedures and wordings against the source and each other; name file, line and mend."""
    from knowledge.check import faults
    from knowledge.gold import load_gold
    from knowledge.load import load_library
    from knowledge.training.scenario import scenario_faults

    found, warnings = faults()
    if not found:  # scenarios stand on the procedures: these must be sound first
        gold = [each.text for name in ("test", "tuning") for each in load_gold(name)]
        found = list(scenario_faults(load_library(), gold))
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for warning in warnings:
        console.print(f"warning: {warning}", markup=False)
    for fault in found:
        console.print(f"{fault}", markup=False)
    if found:
        raise typer.Exit(1)
    console.print("The data are sound.")


if __name__ == "__main__":
    app()
