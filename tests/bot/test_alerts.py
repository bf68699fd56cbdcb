"""The example alerts read metrics that there are, and are explained where whoever runs it looks."""

import re
from collections.abc import Iterator
from pathlib import Path

import promql_parser
import yaml

from bot.gateway.metrics import Metrics
from bot.gateway.store import connect
from tests.conftest import PROJECT


def rules() -> list[dict]:
    """Return the alert rules."""
    groups = yaml.safe_load((PROJECT / "deploy/alerts.yml").read_text(encoding="utf8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def selectors(part: promql_parser.Expr) -> Iterator[promql_parser.VectorSelector]:
    """Yield every metric that an expression reads."""
    if isinstance(part, promql_parser.VectorSelector):
        yield part
    inside = [getattr(part, name, None) for name in ("expr", "lhs", "rhs", "vector_selector")]
    for each in [*inside, *getattr(part, "args", [])]:
        if isinstance(each, promql_parser.Expr):
            yield from selectors(each)


def known_names(folder: Path) -> set[str]:
    """Return the names of all that a gateway can tell."""
    metrics = Metrics()
    metrics.follow(connect(f"sqlite:///{folder / 'gateway.db'}"), ["slack"])
    ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    return {family.name + end for family in metrics.registry.collect() for end in ends[family.type]}


def test_every_alert_reads_metrics_that_there_are(tmp_path) -> None:
    read_ones = {each.name for rule in rules() for each in selectors(promql_parser.parse(rule["expr"]))}

    assert read_ones - known_names(tmp_path) == {"up"}  # Prometheus' own


def test_every_metric_of_ours_that_operations_names_is_there(tmp_path) -> None:
    named = re.findall(r"`(whatnow_\w+|process_\w+)", (PROJECT / "docs/operations.md").read_text(encoding="utf8"))
    known = known_names(tmp_path)
    families = {name.removesuffix("_bucket") for name in known if name.endswith("_bucket")}

    assert set(named) - known - families == set()
    assert len(named) > len(rules())


def test_every_alert_is_explained_in_operations() -> None:
    page = (PROJECT / "docs/operations.md").read_text(encoding="utf8")

    assert [rule["alert"] for rule in rules() if f"`{rule['alert']}`" not in page] == []
    assert len(rules()) >= 5
