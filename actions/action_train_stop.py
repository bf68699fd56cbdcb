"""End a course before its end."""

from actions.train_move import TrainMove
from knowledge.training.desk import Command


class ActionTrainStop(TrainMove):
    """End a course before its end."""

    command: Command = "stop"

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_train_stop"
