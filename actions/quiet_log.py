"""What the action server's log holds: who says it, what its author wrote, an error's kind and place; no message ever.

rasa_sdk writes a failed call with the error's own words, and those may quote what a person typed. Nothing is kept.
"""

import logging
import sys
import threading
import traceback
from types import TracebackType


class Quiet(logging.Formatter):
    """Leaves out of a record what was filled in, and the words of errors."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's own name)
        """Return the record's first line, as its author wrote it; of an error that was logged as it is, its kind."""
        words = record.msg.partition("\n")[0] if isinstance(record.msg, str) else type(record.msg).__qualname__
        return f"{self.formatTime(record)} {record.levelname} {record.name}: {words}"

    def formatException(self, ei: object) -> str:  # noqa: N802
        """Return the error's kind and the lines of code it came through."""
        return placed(ei[1]) if isinstance(ei, tuple) else ""


def placed(error: BaseException | None) -> str:
    """Return an error's kind and place, and those of what caused it."""
    lines: list[str] = []
    while error is not None:
        lines.append(type(error).__qualname__)
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        error = error.__cause__ or error.__context__
    return "\n".join(lines)


def install() -> None:
    """Have this process write its log so."""
    handler = logging.StreamHandler()
    handler.setFormatter(Quiet())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = say
    threading.excepthook = lambda args: say(args.exc_type, args.exc_value, args.exc_traceback)


def say(_: type[BaseException], error: BaseException | None, __: TracebackType | None) -> None:
    """Say where an error that nobody caught came from."""
    print(placed(error), file=sys.stderr)  # noqa: T201
