"""What the engine found in a message: the situations, and what plausible readings beside them add.

Plain records that decide.py fills and compose.py draws from. Nothing here reads or decides.
"""

from dataclasses import dataclass

from knowledge.record import Procedure, Step

INDECENT = "indecent_child_images"


@dataclass(frozen=True)
class Found:
    """A procedure found in the message, with its calibrated confidence."""

    procedure: Procedure
    confidence: float


@dataclass(frozen=True)
class Beside:
    """Steps and warnings of plausible readings, to add to those of the situations found."""

    do: tuple[Step, ...] = ()
    dont: tuple[Step, ...] = ()


NOTHING = Beside()
