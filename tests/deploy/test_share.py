"""Processes are held to a share of a core while something is measured; where that cannot be, it is said plainly."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import psutil
import pytest

from bot.process import stop
from bot.share import GROUPS, held, limit

FIFTH, LEAST, MOST = 0.2, 0.05, 0.35  # a busy process that is not held has a core or, beside others, half of one
BUSY = "while :; do :; done"
STARTS_ONE = f"read go; ({BUSY}) & wait"
ALLOWED = any(os.access(GROUPS / each, os.W_OK) for each in ("cpu/cgroup.procs", "cgroup.subtree_control"))


def told() -> AbstractContextManager[object]:
    """On a machine that does not allow it, expect the plain refusal instead of what stands inside."""
    return nullcontext() if ALLOWED else pytest.raises(RuntimeError, match="share of a core")


@contextmanager
def running(script: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A shell that runs this, with whatever it starts, until the test is over."""
    process = subprocess.Popen(["sh", "-c", script], stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield process
    finally:
        stop([process])


def let_go(process: "subprocess.Popen[bytes]") -> None:
    """Let a shell start what it is to start; return once that runs."""
    assert process.stdin
    process.stdin.write(b"go\n")
    process.stdin.flush()
    until = time.monotonic() + 10
    while not psutil.Process(process.pid).children():
        assert time.monotonic() < until
        time.sleep(0.01)


def cores(process: "subprocess.Popen[bytes]") -> float:
    """Return how much of a core a process and those that it has started use, over a second."""
    top = psutil.Process(process.pid)
    whole, began = [top, *top.children()], time.monotonic()
    before = sum(sum(each.cpu_times()[:2]) for each in whole)
    time.sleep(1)
    return (sum(sum(each.cpu_times()[:2]) for each in whole) - before) / (time.monotonic() - began)


def groups_of(process: "subprocess.Popen[bytes]") -> str:
    """Return all groups that a process is in."""
    return Path(f"/proc/{process.pid}/cgroup").read_text(encoding="utf8")


def ours() -> list[Path]:
    """Return the groups that this process has made."""
    return list(GROUPS.glob(f"**/whatnow-{os.getpid()}-*"))


def test_a_busy_process_held_to_a_fifth_of_a_core_gets_about_that() -> None:
    with running(BUSY) as busy, told(), held([busy.pid], FIFTH):
        assert LEAST < cores(busy) < MOST


def test_two_processes_held_together_share_it() -> None:
    with running(BUSY) as first, running(BUSY) as second, told(), held([first.pid, second.pid], FIFTH):
        assert cores(first) < MOST / 2 + LEAST
        assert cores(second) < MOST / 2 + LEAST


def test_what_a_process_had_started_before_is_held_too() -> None:
    with running(STARTS_ONE) as shell, told():
        let_go(shell)
        with held([shell.pid], FIFTH):
            assert LEAST < cores(shell) < MOST


def test_what_a_process_starts_while_it_is_held_is_held_too() -> None:
    with running(STARTS_ONE) as shell, told(), held([shell.pid], FIFTH):
        let_go(shell)

        assert LEAST < cores(shell) < MOST


def test_afterwards_the_process_runs_on_unheld_and_the_group_is_gone() -> None:
    with running(BUSY) as busy:
        before = groups_of(busy)
        with told(), held([busy.pid], FIFTH):
            assert groups_of(busy) != before
            assert len(ours()) == 1

        assert (groups_of(busy), busy.poll(), ours()) == (before, None, [])


def test_the_group_is_gone_after_an_error_as_well() -> None:
    with running(BUSY) as busy:
        before = groups_of(busy)
        with pytest.raises((KeyError, RuntimeError)), held([busy.pid], FIFTH):
            raise KeyError

        assert (groups_of(busy), ours()) == (before, [])


def test_a_process_that_ends_while_it_is_held_leaves_no_group_behind() -> None:
    with running(BUSY) as busy, told(), held([busy.pid], FIFTH):
        stop([busy])

    assert ours() == []


def test_a_machine_without_control_groups_is_told_plainly(tmp_path: Path) -> None:
    with (
        running(BUSY) as busy,
        pytest.raises(RuntimeError, match=r"no control groups in .* held to a share of a core"),
        held([busy.pid], FIFTH, tmp_path),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_groups_of_version_two_are_told_share_and_period_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").write_text("cpuset cpu io memory\n", encoding="utf8")
    group = tmp_path / "group"
    group.mkdir()
    limit(group, FIFTH)

    assert (group / "cpu.max").read_text(encoding="utf8") == "4000 20000"
