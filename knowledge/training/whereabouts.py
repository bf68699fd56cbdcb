"""Where a person known by a channel stands in training, and whose training is due: what others may ask the record.

It answers with standings only: no choice, no score and no name leaves here. It writes nothing and reminds nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.clause import Policy
from knowledge.training.course import Progress
from knowledge.training.learners import Learner
from knowledge.training.record import Record
from knowledge.training.scenario import Scenario
from knowledge.training.standing import by_learner, standing

ASKED = ("due", "overdue")


@dataclass(frozen=True)
class Whereabouts:
    """Reads standings from the record, as of its clock."""

    record: Record
    scenarios: Mapping[str, Scenario]
    policy: Policy

    def of(self, person: str) -> dict[str, Any]:
        """Return one person's standing, state `none` where they have never been in training."""
        learner = self.record.learner_at("", person)
        if learner is None:
            return self.told("none", None, 0, None)
        stands = standing(self.record.entries(learner.id), self.scenarios, self.policy, self.record.now())
        until = stands.until.date().isoformat() if stands.until else None
        return self.told(stands.state, until, len(stands.done.difference(stands.stale)), progress_of(learner))

    def told(self, state: str, until: str | None, done: int, progress: Progress | None) -> dict[str, Any]:
        """Return a standing as it is told; a course counts only while it goes on."""
        going = progress if progress and progress.stage != "done" else Progress()
        return {
            "state": state,
            "until": until,
            "done": done,
            "of": len(self.scenarios),
            "paused": going.paused,
            "course": going.kind,
        }

    def due(self) -> list[dict[str, str]]:
        """Return every person whose last completion is due or overdue; `occasion` names that completion."""
        own, now, found = by_learner(self.record.entries()), self.record.now(), []
        for person, learner in self.record.persons().items():
            stands = standing(own.get(learner, ()), self.scenarios, self.policy, now)
            if stands.passed and stands.until and stands.state in ASKED:
                occasion, until = f"{learner}:{stands.passed.n}", stands.until.date().isoformat()
                found.append({"person": person, "state": stands.state, "until": until, "occasion": occasion})
        return found


def progress_of(learner: Learner) -> Progress | None:
    """Return where a learner is in a course."""
    return Progress.model_validate_json(learner.progress) if learner.progress else None
