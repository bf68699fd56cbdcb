"""Where the room keeps its data: the one place that knows folder names. It reads nothing."""

from pathlib import Path

ROOM = Path(__file__).parent
PROJECT = ROOM.parent
SOURCE = ROOM / "source" / "social-networking-policy.txt"
CLAUSES = ROOM / "clauses"
WORDINGS = PROJECT / "data" / "nlu"
BUILT = PROJECT / ".built"
