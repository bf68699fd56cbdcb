"""Keep the place in a course, and step out of it."""

from actions.train_move import TrainMove
from knowledge.training.desk import Command


class ActionTrainPause(TrainMove):
    """Keep the place in a course, and step out of it."""

    command: Command = "pause"

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_train_pause"
