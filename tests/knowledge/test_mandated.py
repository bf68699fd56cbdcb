"""No step and no warning is lost by accident."""

from pathlib import Path

import pytest
import yaml

from knowledge.load import Library

MANDATED = yaml.safe_load((Path(__file__).parent / "mandated.yml").read_text(encoding="utf8"))


@pytest.mark.parametrize("name", MANDATED)
def test_a_procedure_keeps_its_steps_and_warnings_in_order(name, library: Library) -> None:
    rule = library.procedures[name]

    assert {"do": [step.code for step in rule.do], "dont": [step.code for step in rule.dont]} == MANDATED[name]


def test_every_procedure_that_advises_is_listed(library: Library) -> None:
    assert set(MANDATED) == {rule.id for rule in library.procedures.values() if rule.kind == "advice"}
