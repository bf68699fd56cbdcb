"""What the gateway writes down: JSON lines, one a turn, a refusal, a fault; other libraries' records in the same form.

No line ever holds a text, a person or a name. A conversation stands as a short keyed hash that changes every day: one
day's lines can be joined, and lead back to nobody. Of an exception only its kind and its place are told.
"""

import hmac
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import EventDict, WrappedLogger

from bot.gateway.refusal import Refusal
from bot.gateway.watch import Seen
from bot.quiet_log import quiet
from bot.settings import PROJECT

OURS = "bot"
LETTERS, LONGEST = 8, 120
logger: BoundLogger = structlog.wrap_logger(
    logging.getLogger(f"{OURS}.gateway"),
    processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
    wrapper_class=BoundLogger,
)


class Log:
    """Writes down what is noticed; `now` gives the time."""

    def __init__(self, secret: bytes, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.secret, self.now = secret, now

    def mark(self, conversation: str) -> str:
        """Return what stands for a conversation on this day."""
        text = f"the log of the gateway\0{self.now():%Y-%m-%d}\0{conversation}"
        return hmac.new(self.secret, text.encode(), "sha256").hexdigest()[:LETTERS]

    def turn(self, seen: Seen) -> None:
        """Write a turn down."""
        logger.info(
            "turn",
            channel=seen.channel,
            kind=seen.kind,
            urgency=seen.urgency,
            ms=round(seen.seconds * 1000),
            outcome=seen.outcome,
            conversation=self.mark(seen.conversation),
        )

    def refusal(self, error: Refusal) -> None:
        """Write a refusal down."""
        logger.info("refusal", name=error.name, **placed(error))

    def fault(self, part: str, error: BaseException) -> None:
        """Write a fault down."""
        logger.warning("fault", part=part, **placed(error))

    def reminder(self, channel: str, *, arrived: bool) -> None:
        """Write a reminder down."""
        logger.info("reminder", channel=channel, arrived=arrived)


def install(stream: TextIO = sys.stderr) -> None:
    """Have every record of this process, and every error that nobody caught, written in this form."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(OURS).setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    sys.excepthook = uncaught
    threading.excepthook = lambda args: uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def formatter() -> ProcessorFormatter:
    """Return what makes a JSON line of a record."""
    return ProcessorFormatter(
        foreign_pre_chain=[foreign],
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        use_get_message=False,
        pass_foreign_args=True,
    )


def foreign(_: WrappedLogger, __: str, told: EventDict) -> EventDict:
    """Keep of another library's record what its author wrote, and none of what was filled in or raised."""
    record, filled, raised = told["_record"], told.pop("positional_args"), told.pop("exc_info", None)
    told.pop("stack_info", None)
    ours = record.name.split(".")[0] == OURS
    said = record.msg if isinstance(record.msg, str) else type(record.msg).__qualname__
    words = said % filled if ours and filled else said
    told["event"], told["logger"] = quiet(words.partition("\n")[0][:LONGEST]), record.name
    return {**told, **placed(raised[1])} if raised and raised[1] else told


def placed(error: BaseException) -> dict[str, str]:
    """Return an exception's kind, the kind of what caused it first, and the last line of ours that it came through."""
    first = error
    while before := first.__cause__ or first.__context__:
        first = before
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f"{frame.filename}:{frame.lineno}" for frame in frames if "site-packages" not in frame.filename]
    where = ours[-1].removeprefix(f"{PROJECT}/") if ours else ""
    return {"error": type(error).__qualname__, "cause": type(first).__qualname__, "where": where}


def uncaught(_: type[BaseException], error: BaseException | None, __: TracebackType | None) -> None:
    """Write down that nobody caught an error."""
    if error is not None:
        logger.critical("uncaught", **placed(error))
