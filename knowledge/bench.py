"""Time the engine: `make bench`. Ratios and milliseconds of one run; never part of a test."""

import statistics
import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

from knowledge.engine import load_engine
from knowledge.gold import load_gold
from knowledge.story import clean

MESSAGES = 200
WARM_UP = 20


def times(act: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Return the milliseconds that each text took, after a warm-up."""
    for text in texts[:WARM_UP]:
        act(text)
    found = []
    for text in texts:
        began = time.perf_counter()
        act(text)
        found.append((time.perf_counter() - began) * 1000)
    return found


def row(name: str, found: list[float], beside: float) -> tuple[str, str, str, str]:
    """Return a table row: median, 95th percentile, and the median beside another."""
    median = statistics.median(found)
    return name, f"{median:.1f}", f"{statistics.quantiles(found, n=20)[18]:.1f}", f"{median / beside:.2f}"


def main() -> None:
    """Time the whole engine beside its encoder alone, on messages of the tuning set."""
    engine, texts = load_engine(), [gold.text for gold in load_gold("tuning")][:MESSAGES]
    encoding = times(lambda text: engine.reader.encoder.encode([clean(text)]), texts)
    hearing = times(engine.hear, texts)
    answering = times(engine.answer, texts)
    beside = statistics.median(encoding)
    grid = Table("one message", "median ms", "p95 ms", "beside encoding alone")
    for name, found in (
        ("encoding the message", encoding),
        ("hearing it and its parts", hearing),
        ("the whole engine", answering),
    ):
        grid.add_row(*row(name, found, beside))
    Console().print(grid)


if __name__ == "__main__":
    main()
