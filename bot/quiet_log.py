"""What Rasa's process logs holds no message: errors say their kind and their place, quoted words are left out.

Works on every record of Python's logging, whoever writes it, before any handler sees it. Nothing is kept.
"""

import json
import logging
import re
import sys
import threading
import traceback
from types import TracebackType
from typing import Any, List, Optional, Type

from bot.masking.mask import spans

QUOTED = re.compile(r"(?<!\w)(['\"‘“])[^\n'\"]*\s[^\n]*?(['\"’”])(?!\w)")
CODE = re.compile(r"[a-z]+[A-Z]|[A-Z]+[a-z]+[A-Z]")  # a class's name is no person's
HIDDEN = ("name", "phone", "email")  # links and names with underscores are the program's own here
TELLING = ("event", "event_info", "level", "timestamp")  # what is kept of a line that structlog wrote
STOCK = logging.getLogRecordFactory()


def quiet(words: str) -> str:
    """Return a log line without quoted words, and masked; of a structured one only what names the event."""
    try:
        found = json.loads(words)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return json.dumps({key: quiet(str(found[key])) for key in TELLING if key in found})
    words = QUOTED.sub("'...'", words)
    for start, end, kind in reversed(spans(words)):
        if kind in HIDDEN and not CODE.match(words[start:end]):
            words = f"{words[:start]}[{kind}]{words[end:]}"
    return words


def placed(error: Optional[BaseException]) -> str:
    """Return an error's kind and the lines of code it came through, and those of what caused it; never its words."""
    lines: List[str] = []
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        lines.append(type(error).__qualname__)
        error = error.__cause__ or error.__context__
    return "\n".join(lines)


def record_of(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """Return a log record without words that people typed."""
    record = STOCK(*args, **kwargs)
    record.msg, record.args = quiet(record.getMessage()), ()
    if record.exc_info:
        record.exc_text, record.exc_info = placed(record.exc_info[1]), None
    return record


def say(_: Type[BaseException], error: BaseException, __: Optional[TracebackType]) -> None:
    """Say where an error that nobody caught came from."""
    print(placed(error), file=sys.stderr)


def install() -> None:
    """Put this in the place of Python's own."""
    logging.setLogRecordFactory(record_of)
    sys.excepthook = say
    threading.excepthook = lambda args: say(args.exc_type, args.exc_value, args.exc_traceback)  # type: ignore[arg-type]
