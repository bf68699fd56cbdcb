"""Read what people say from data/nlu: Rasa's files are the engine's source too.

An intent's name gives the label: `situation/<procedure>`, `ask/<question>`, `out_of_scope/<topic>`, `emergency`,
or a conversation move. Never writes; never reads the tuning or the test set.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.fault import Fault
from knowledge.parse import parse
from knowledge.paths import WORDINGS

SCENES = "scenes"  # the folder of wordings that tell one decisive fact as staff tell it


@dataclass(frozen=True)
class Wording:
    """One thing that staff say, the label it stands under, and where it is written."""

    text: str
    label: str
    file: Path
    line: int


def label_of(intent: str) -> str:
    """Return the engine's label for a Rasa intent: the part behind the slash, or the whole."""
    return intent.rpartition("/")[2]


def read_file(path: Path) -> Iterator[Wording]:
    """Yield a Rasa NLU file's wordings, with their lines.

    Raises:
        Fault: broken YAML, or not Rasa's form.
    """
    text = path.read_text(encoding="utf8")
    try:
        blocks = parse(text)["nlu"]  # type: ignore[index]  # a TypeError is a fault of form, below
        intents = [block["intent"] for block in blocks]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Fault(path, mark.line + 1 if mark else 1, "broken YAML", "check the indents there") from error
    except (TypeError, KeyError) as error:
        raise Fault(path, 1, "not in Rasa's NLU form", "copy the form of a neighbouring file") from error
    label = label_of(intents[0])
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("  - intent: "):
            label = label_of(line.removeprefix("  - intent: ").strip())
        elif line.startswith("      - "):
            yield Wording(line.removeprefix("      - ").strip(), label, path, number)


def load_wordings(folder: Path = WORDINGS) -> list[Wording]:
    """Return every wording under the folder, in file order.

    Raises:
        Fault: the first fault found.
    """
    return [wording for path in sorted(folder.rglob("*.yml")) for wording in read_file(path)]
