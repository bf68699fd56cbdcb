"""Write one learner's steps: where they are now and what the record keeps of it, both or neither.

The desk decides what a step is; nothing is decided, judged or drawn here.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from knowledge.clause import Policy
from knowledge.training.course import Progress, Result
from knowledge.training.learners import Learner
from knowledge.training.record import Entry, Record
from knowledge.training.scenario import Scenario
from knowledge.training.xapi import queue


class Steps:
    """Writes the steps of one installation, under one policy. Each raises Elsewhere where it was taken elsewhere."""

    def __init__(self, record: Record, scenarios: Mapping[str, Scenario], policy: Policy) -> None:
        self.record, self.scenarios, self.policy = record, scenarios, policy

    def write(self, learner: Learner, progress: Progress, kind: str) -> Progress:
        """Write a step, and what the record keeps of it where one is kept."""
        moved = next_step(learner, progress)
        with self.record.step(learner, moved.model_dump_json()) as open_:
            if learner.recorded and kind:
                self.keep(open_, learner, moved, kind)
        return moved

    def keep(self, open_: Connection, learner: Learner, progress: Progress, kind: str) -> None:
        """Append to the record: that a course began, or a choice with its clause and policy version."""
        version = self.policy.version
        if kind == "began":
            began = {"course": progress.kind, "order": progress.order, "sure": progress.before, "policy": version}
            self.record.append(open_, learner.id, kind, began)
            return
        chosen = progress.taken[-1].model_dump()
        entry = self.record.append(open_, learner.id, kind, {**chosen, "course": progress.kind, "policy": version})
        queue(open_, entry, self.scenarios)

    def hand_code(self, learner: Learner, progress: Progress) -> tuple[Progress, str]:
        """Write a step with a new code; return both."""
        moved = next_step(learner, progress)
        with self.record.step(learner, moved.model_dump_json()) as open_:
            return moved, self.record.give_code(open_, learner)

    def end(self, learner: Learner, progress: Progress, found: Result) -> Entry:
        """Write the end of a course: what it came to, and the clauses that it covers as they stand today."""
        covered = {number for each in progress.order for number in self.scenarios[each].clauses}
        ended = {
            **found.model_dump(),
            "course": progress.kind,
            "before": progress.before,
            "after": progress.after,
            "policy": self.policy.version,
            "clauses": {number: self.policy.clauses[number].mark for number in sorted(covered)},
        }
        with self.record.step(learner, next_step(learner, progress).model_dump_json()) as open_:
            return self.record.append(open_, learner.id, "ended", ended)


def next_step(learner: Learner, progress: Progress) -> Progress:
    """Return where a learner is, one step on."""
    return progress.model_copy(update={"step": learner.step + 1})
