"""For the school's lead: who is complete, due or overdue, which clauses are got wrong, and what the courses changed.

A page with pictures (Jinja, matplotlib) and a table (CSV), from the record alone. It judges nobody and sends nothing.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from knowledge.clause import Policy
from knowledge.training.record import Entry, Record
from knowledge.training.scenario import Scenario
from knowledge.training.standing import Standing, by_learner, standing

TEMPLATES = Path(__file__).parent
MOST_CLAUSES = 12
COLUMNS = ("name", "state", "passed", "until", "score", "course", "decisions", "harmful")


@dataclass(frozen=True)
class Row:
    """One person's line in the report."""

    name: str
    state: str
    passed: str
    until: str
    score: str
    course: str
    decisions: int
    harmful: int


def write_report(record: Record, policy: Policy, scenarios: Mapping[str, Scenario], folder: Path) -> list[Path]:
    """Write the page and the table; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = record.entries()
    rows = people(record, entries, policy, scenarios)
    page, table = folder / "report.html", folder / "report.csv"
    wrong = got_wrong(entries)
    jinja = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(), undefined=StrictUndefined)
    drawn = jinja.get_template("report.html").render(
        made=record.now().date().isoformat(),
        policy=policy,
        rows=rows,
        states=Counter(each.state for each in rows),
        wrong=[
            (number, policy.clauses[number].heading, *counts) for number, counts in wrong if number in policy.clauses
        ],
        wrong_picture=bars([number for number, _ in wrong], [counts[0] / counts[1] for _, counts in wrong]),
        sure=sureness(entries),
    )
    page.write_text(drawn, encoding="utf8")
    with table.open("w", encoding="utf8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([safe(getattr(each, column)) for column in COLUMNS] for each in rows)
    return [page, table]


def safe(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: a name is typed by a stranger."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def people(record: Record, entries: Sequence[Entry], policy: Policy, scenarios: Mapping[str, Scenario]) -> list[Row]:
    """Return a line for everybody who has a name in the record, the overdue first."""
    own = by_learner(entries)
    found = [
        row(name, own.get(learner, []), standing(own.get(learner, []), scenarios, policy, record.now()))
        for learner, name in record.names().items()
    ]
    order = ("overdue", "due", "begun", "complete")
    return sorted(found, key=lambda each: (order.index(each.state), each.name.casefold()))


def row(name: str, entries: Sequence[Entry], stands: Standing) -> Row:
    """Return one person's line."""
    chosen = [each for each in entries if each.kind == "chose"]
    passed = stands.passed
    return Row(
        name=name,
        state=stands.state,
        passed=passed.at[:10] if passed else "",
        until=stands.until.date().isoformat() if stands.until else "",
        score=f"{passed.data['share']:.0%}" if passed else "",
        course=passed.data["course"] if passed else "",
        decisions=len(chosen),
        harmful=sum(each.data["verdict"] == "harmful" for each in chosen),
    )


def got_wrong(entries: Sequence[Entry]) -> list[tuple[str, tuple[int, int]]]:
    """Return the clauses most often got wrong: number, (wrong, asked)."""
    asked, wrong = Counter[str](), Counter[str]()
    for each in entries:
        if each.kind == "chose":
            asked[each.data["clause"]] += 1
            wrong[each.data["clause"]] += each.data["verdict"] != "right"
    found = [(number, (wrong[number], asked[number])) for number in asked if wrong[number]]
    return sorted(found, key=lambda each: (-each[1][0] / each[1][1], -each[1][0]))[:MOST_CLAUSES]


def sureness(entries: Sequence[Entry]) -> tuple[float, float, int] | None:
    """Return how sure people felt before and after, 1 to 5 on average, and over how many ended courses."""
    ended = [each.data for each in entries if each.kind == "ended" and each.data["before"] and each.data["after"]]
    if not ended:
        return None
    return mean(mean(each["before"]) for each in ended), mean(mean(each["after"]) for each in ended), len(ended)


def bars(names: Sequence[str], shares: Sequence[float]) -> Markup | None:
    """Return a picture of the shares as SVG that a page can hold; None where there is nothing to draw."""
    if not names:
        return None
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 0.6 + 0.35 * len(names)), layout="constrained")
    axes = figure.add_subplot()
    axes.barh(list(names)[::-1], [100 * share for share in shares][::-1], color="#1d4f91")
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of decisions on this clause not right")
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg")
    whole = drawn.getvalue()
    return Markup(whole[whole.index("<svg") :])  # noqa: S704  (our own drawing of clause numbers)
