"""Load all that the policy and the school say into one frozen object.

The engine builds it once; the data check builds it to find faults. It never guesses at a broken file: it names the
file, the line and the mend.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from knowledge.clause import Policy, load_policy
from knowledge.fault import Fault
from knowledge.parse import parse
from knowledge.paths import ROOM
from knowledge.record import Code, Emergency, OutOfScope, Procedure, Question, School, Term

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Library:
    """Everything that is read from files, by id."""

    policy: Policy
    codes: dict[str, Code]
    procedures: dict[str, Procedure]
    questions: dict[str, Question]
    out_of_scope: dict[str, OutOfScope]
    emergency: Emergency
    moves: dict[str, str]
    terms: tuple[Term, ...]
    roles: dict[str, list[str]]
    school: School


def read_yaml(path: Path) -> object:
    """Return a YAML file's content.

    Raises:
        Fault: it cannot be read as YAML.
    """
    try:
        return parse(path.read_text(encoding="utf8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise Fault(
            path, line, f"broken YAML ({getattr(error, 'problem', error)})", "check quotes and indents there"
        ) from error


def line_of(path: Path, field: str) -> int:
    """Return the line on which a field stands, 1 where it does not."""
    lines = path.read_text(encoding="utf8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.lstrip("- ").startswith(f"{field}:")), 1)


def read(path: Path, model: type[Model]) -> Model:
    """Return a YAML file as a record.

    Raises:
        Fault: broken YAML, or a field that is missing, unknown or of the wrong form.
    """
    content = read_yaml(path)
    try:
        return TypeAdapter(model).validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        field = next((str(part) for part in reversed(first["loc"]) if isinstance(part, str)), "id")
        raise Fault(path, line_of(path, field), f"{where}: {first['msg']}", "write it as in its neighbours") from error


def read_folder(folder: Path, model: type[Model]) -> dict[str, Model]:
    """Return a folder's records by id.

    Raises:
        Fault: an id that is not its file's name.
    """
    records: dict[str, Model] = {}
    for path in sorted(folder.glob("*.yml")):
        record = read(path, model)
        name = str(getattr(record, "id"))  # noqa: B009  (the bound model has no id field of its own)
        if name != path.stem:
            raise Fault(path, line_of(path, "id"), f"id {name} is not the file's name", f"write id: {path.stem}")
        records[name] = record
    return records


def load_library(room: Path = ROOM) -> Library:
    """Load the whole library; the school's file may be set elsewhere by WHATNOW_SCHOOL.

    Raises:
        Fault: the first fault found.
    """
    school = Path(os.environ.get("WHATNOW_SCHOOL", room / "school.yml"))
    terms = TypeAdapter(tuple[Term, ...]).validate_python(read_yaml(room / "terms.yml"))
    return Library(
        policy=load_policy(room / "clauses"),
        codes=TypeAdapter(dict[str, Code]).validate_python(read_yaml(room / "codes.yml")),
        procedures=read_folder(room / "procedures", Procedure),
        questions=read_folder(room / "questions", Question),
        out_of_scope=read_folder(room / "out_of_scope", OutOfScope),
        emergency=read(room / "emergency.yml", Emergency),
        moves=TypeAdapter(dict[str, str]).validate_python(read_yaml(room / "moves.yml")),
        terms=terms,
        roles=TypeAdapter(dict[str, list[str]]).validate_python(read_yaml(room / "roles.yml")),
        school=read(school, School),
    )
