"""Check an action's reply with a validator that is built once.

Rasa builds its schema and a validator anew for every action call, which is most of an action turn's time. The schema,
the verdict and the error stay Rasa's own: what does not pass here goes through Rasa's own check, to be refused there.
"""

from functools import cache
from typing import Any, Dict

from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction

STOCK = RemoteAction._validate_action_result  # noqa: SLF001  (the one place that replaces it)


@cache
def validator() -> Validator:
    """Return the validator of Rasa's own schema."""
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def check(action: RemoteAction, result: Dict[str, Any]) -> bool:
    """Return True where the reply has the right form.

    Raises:
        ValidationError: it has not; raised by Rasa's own check.
    """
    return validator().is_valid(result) or STOCK(action, result)


def install() -> None:
    """Put this check in the place of Rasa's own."""
    RemoteAction._validate_action_result = check  # noqa: SLF001
