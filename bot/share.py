"""Hold processes to a share of one core for a while, as a container's `cpus: 0.4` does, to measure what that costs.

Linux's control groups do it, of version 1 or 2, where whoever runs this may make one. It starts and ends no process.
"""

import os
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Set

import psutil

GROUPS = Path("/sys/fs/cgroup")
PERIOD = 20_000  # microseconds: whoever has used up a share stands still for less than that
PATIENCE = 5.0
PROCESSES = "cgroup.procs"


@contextmanager
def held(pids: Sequence[int], share: float, groups: Path = GROUPS) -> Iterator[None]:
    """Hold these processes together, with all that they have started or start, to such a share of one core.

    Raises:
        RuntimeError: this machine does not allow it.
    """
    homes: Dict[int, Path] = {}
    with told_plainly():
        group = make(groups)
    try:
        with told_plainly():
            limit(group, share)
            gather(group, pids, homes)
        yield
    finally:
        dissolve(group, homes)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Say in plain words what the system refuses.

    Raises:
        RuntimeError: it refuses something.
    """
    try:
        yield
    except OSError as error:
        raise RuntimeError(f"this machine does not let us hold processes to a share of a core ({error})") from error


def make(groups: Path) -> Path:
    """Make a group of our own, right at the top: a group that has processes may have none below it in version 2.

    Raises:
        RuntimeError: there are no groups here.
    """
    top = groups if second_version(groups) else groups / "cpu"
    if second_version(top):
        (top / "cgroup.subtree_control").write_text("+cpu", encoding="utf8")
    elif not (top / PROCESSES).exists():
        raise RuntimeError(f"there are no control groups in {groups}, so no process can be held to a share of a core")
    return Path(tempfile.mkdtemp(prefix=f"whatnow-{os.getpid()}-", dir=top))


def second_version(top: Path) -> bool:
    """Say whether these are groups of version 2 that share out the processor."""
    controllers = top / "cgroup.controllers"
    return controllers.exists() and "cpu" in controllers.read_text(encoding="utf8").split()


def limit(group: Path, share: float) -> None:
    """Give a group so much of each period."""
    quota = round(share * PERIOD)
    if second_version(group.parent):
        (group / "cpu.max").write_text(f"{quota} {PERIOD}", encoding="utf8")
    else:
        (group / "cpu.cfs_period_us").write_text(str(PERIOD), encoding="utf8")
        (group / "cpu.cfs_quota_us").write_text(str(quota), encoding="utf8")


def gather(group: Path, pids: Sequence[int], homes: Dict[int, Path]) -> None:
    """Move the processes and what they have started, until none is left outside; note where each was."""
    while outside := family(pids) - set(members(group)):
        for pid in outside:
            with suppress(ProcessLookupError, FileNotFoundError):  # it has just ended
                homes[pid] = home_of(pid, group.parent)
                move(pid, group)


def family(pids: Sequence[int]) -> Set[int]:
    """Return the processes and all that they have started, as far as they run."""
    found = set(pids)
    for pid in pids:
        for each in psutil.Process(pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if each.status() != psutil.STATUS_ZOMBIE:
                    found.add(each.pid)
    return found


def home_of(pid: int, top: Path) -> Path:
    """Return the group that a process is in, the topmost where its own cannot be seen from here."""
    wanted = "" if second_version(top) else "cpu"
    for line in Path(f"/proc/{pid}/cgroup").read_text(encoding="utf8").splitlines():
        _, controllers, path = line.split(":", 2)
        home = top / path.lstrip("/")
        if wanted in controllers.split(",") and ".." not in home.parts and home.is_dir():
            return home
    return top


def members(group: Path) -> List[int]:
    """Return the processes in a group."""
    return [int(each) for each in (group / PROCESSES).read_text(encoding="utf8").split()]


def move(pid: int, group: Path) -> None:
    """Move a process, with all its threads."""
    (group / PROCESSES).write_text(str(pid), encoding="utf8")


def dissolve(group: Path, homes: Dict[int, Path]) -> None:
    """Move every process back, those begun meanwhile to where the first was, and remove the group."""
    usual, until = next(iter(homes.values()), group.parent), time.monotonic() + PATIENCE
    while group.exists():
        for pid in members(group):
            with suppress(ProcessLookupError):
                move(pid, homes.get(pid, usual))
        try:
            group.rmdir()
        except OSError:  # one is just being started, or has not quite ended
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
