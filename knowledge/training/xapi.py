"""Each choice as an xAPI 1.0.3 statement, queued in the same transaction as the record's entry: none is ever lost.

The actor is the learner's random id: no name leaves the machine. sender.py takes the queue from here.
"""

import json
import os
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert

from knowledge.training.course import WORTH
from knowledge.training.record import Entry
from knowledge.training.scenario import Scenario
from knowledge.training.tables import OUTBOX

HOME = os.environ.get("WHATNOW_HOME") or "https://whatnow.invalid"  # the school's own address, as the ids begin
NAMES = uuid.UUID("6f3f0f0e-5b51-5d0e-8a4e-2c1f6f7d9a10")
ANSWERED = {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en-GB": "answered"}}
QUESTION, LESSON = "http://adlnet.gov/expapi/activities/cmi.interaction", "http://adlnet.gov/expapi/activities/lesson"
LAW = "http://adlnet.gov/expapi/activities/objective"


def queue(open_: Connection, entry: Entry, scenarios: Mapping[str, Scenario]) -> None:
    """Queue the statement of a choice, within the transaction that records it."""
    statement = json.dumps(statement_of(entry, scenarios), ensure_ascii=False)
    open_.execute(insert(OUTBOX), {"n": entry.n, "statement": statement})


def statement_of(entry: Entry, scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """Return the statement of a choice; the same entry always gives the same one, id included."""
    data = entry.data
    scenario = scenarios[data["scenario"]]
    scene = scenario.scenes[data["scene"]]
    return {
        "id": str(uuid.uuid5(NAMES, entry.hash)),
        "actor": {"objectType": "Agent", "account": {"homePage": HOME, "name": entry.learner}},
        "verb": ANSWERED,
        "object": {
            "objectType": "Activity",
            "id": f"{HOME}/scenarios/{scenario.id}/{data['scene']}",
            "definition": {
                "type": QUESTION,
                "name": {"en-GB": scenario.title},
                "description": {"en-GB": f"{scene.story} {scene.ask}"},
                "interactionType": "choice",
                "choices": [{"id": each.id, "description": {"en-GB": each.text}} for each in scene.choices],
                "correctResponsesPattern": [each.id for each in scene.choices if each.verdict == "right"],
            },
        },
        "result": {
            "score": {"scaled": WORTH[data["verdict"]]},
            "success": data["verdict"] == "right",
            "response": data["choice"],
        },
        "context": {
            "revision": data["policy"],
            "platform": "Whatnow",
            "language": "en-GB",
            "contextActivities": {
                "parent": [activity(f"scenarios/{scenario.id}", LESSON, scenario.title)],
                "grouping": [activity(f"policy#{data['clause']}", LAW, f"Clause {data['clause']}")],
            },
            "extensions": {f"{HOME}/verdict": data["verdict"], f"{HOME}/own-words": data["own_words"]},
        },
        "timestamp": entry.at,
        "version": "1.0.3",
    }


def activity(path: str, kind: str, name: str) -> dict[str, Any]:
    """Return an activity that a statement refers to."""
    return {"objectType": "Activity", "id": f"{HOME}/{path}", "definition": {"type": kind, "name": {"en-GB": name}}}
