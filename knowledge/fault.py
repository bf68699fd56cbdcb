"""A fault in the project's data, said so that a safeguarding lead can mend it. It never mends anything."""

from pathlib import Path


class Fault(ValueError):
    """Something wrong in a data file: which file, which line, what, and how to mend it."""

    def __init__(self, file: Path, line: int, what: str, mend: str) -> None:
        """Keep the parts; the message joins them."""
        super().__init__(f"{file}:{line}: {what}. Mend: {mend}.")
        self.file, self.line, self.what, self.mend = file, line, what, mend
