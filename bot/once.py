"""A turn is taken once, whichever of several Rasa processes is asked for it: its key stands with its message.

Conversation and replies are written together at the end of a turn. So under the conversation's lock either the key is
there with the replies, which are said again, or the turn has not happened. Runs inside Rasa; reads no reply.
"""

from itertools import takewhile
from typing import Any, Dict, List, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


async def take_once(agent: Agent, message: UserMessage) -> None:
    """Take a turn, or put what was answered to it before into its channel."""
    async with agent.lock_store.lock(message.sender_id):
        said = answered(await agent.tracker_store.retrieve(message.sender_id), message.message_id)
        if said:
            message.output_channel.messages.extend(said)
        else:
            await agent.processor.handle_message(message)


def answered(tracker: Optional[DialogueStateTracker], key: str) -> List[Dict[str, Any]]:
    """Return the messages that answered the message of this key; none where it was not answered whole."""
    events: List[Event] = list(tracker.events) if tracker else []
    places = [n for n, each in enumerate(events) if isinstance(each, UserUttered) and each.message_id == key]
    if not places:
        return []
    after = takewhile(lambda each: not isinstance(each, UserUttered), events[places[-1] + 1 :])
    said = [{"text": each.text, **each.data} for each in after if isinstance(each, BotUttered)]
    return said if any(each.get("custom") for each in said) else []
