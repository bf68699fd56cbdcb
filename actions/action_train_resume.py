"""Go on with a course where it was left."""

from actions.train_move import TrainMove
from knowledge.training.desk import Command


class ActionTrainResume(TrainMove):
    """Go on with a course where it was left."""

    command: Command = "resume"

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_train_resume"
