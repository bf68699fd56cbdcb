"""Leave out the present story."""

from actions.train_move import TrainMove
from knowledge.training.desk import Command


class ActionTrainSkip(TrainMove):
    """Leave out the present story."""

    command: Command = "skip"

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_train_skip"
