"""What Rasa tells an action: the slots and the latest message, not the whole conversation.

Rasa sends every event of the conversation with every call, so a turn costs more the longer one talks. No action here
reads them. The form of a call stays Rasa's own.
"""

from typing import Any, Dict

import rasa
from rasa.core.actions import action
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

LONGEST_SECONDS = 5


def call_of(remote: RemoteAction, tracker: DialogueStateTracker, _: Domain) -> Dict[str, Any]:
    """Return the call of an action, without events and without the domain."""
    return {
        "next_action": remote.name(),
        "sender_id": tracker.sender_id,
        "tracker": {**tracker.current_state(EventVerbosity.NONE), "events": []},
        "domain": {},
        "version": rasa.__version__,
    }


def install() -> None:
    """Put this in the place of Rasa's own, and wait for an action no longer than somebody waits for an answer.

    Rasa waits five minutes, and as long nothing else is heard in that conversation.
    """
    action.DEFAULT_REQUEST_TIMEOUT = LONGEST_SECONDS
    RemoteAction._action_call_format = call_of  # noqa: SLF001
