"""Begin a course, and choose which."""

from actions.train_move import TrainMove
from knowledge.training.desk import Command


class ActionTrainStart(TrainMove):
    """Begin a course, and choose which."""

    command: Command = "start"

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_train_start"
