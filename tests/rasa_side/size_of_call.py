"""Print how large a call of an action is after one message and after a hundred, stock's and ours. On Rasa's Python."""

import json

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.call import call_of

STOCK = RemoteAction._action_call_format  # noqa: SLF001


def size(form, messages: int) -> int:
    """Return the characters of a call after so many messages."""
    tracker, domain = DialogueStateTracker("one", []), Domain.empty()
    for _ in range(messages):
        tracker.update(UserUttered("hello", {"name": "move_greet"}, message_id="m", timestamp=1.0))
        tracker.update(ActionExecuted("action_small_talk", timestamp=1.0))
    call = form(RemoteAction("action_answer", None), tracker, domain)
    call["tracker"].pop("latest_event_time", None)
    call.pop("domain", None)
    return len(json.dumps(call))


print(json.dumps([[size(form, 1), size(form, 100)] for form in (STOCK, call_of)]))  # noqa: T201  (the test reads it)
