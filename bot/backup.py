"""Copy all that must not be lost, while Whatnow runs, and put it back: `python -m bot.backup save|restore FOLDER`.

That is the state's folder: secret, databases, training key, certificates. A back-up holds keys and names, so only its
owner may read it. What stands in PostgreSQL is not in it (pg_dump), and nothing is ever overwritten: an old state is
moved aside.
"""

import argparse
import hashlib
import json
import os
import shutil
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Dict, List, Optional

from bot.settings import Settings

MANIFEST = "manifest.json"
FORM = 1
LEFT_OUT = ("-wal", "-shm", "-journal")  # a database's own, and in its copy already
NOT_OURS = ("proxy", "endpoints.yml", "databases")  # made anew at a start; PostgreSQL's own


class Unusable(Exception):
    """It cannot be backed up or restored; the message says why, for whoever runs it."""


def save(state: Path, folder: Path) -> int:
    """Copy the state into a folder that is new or empty; return how many files there are.

    Raises:
        Unusable: there is nothing to copy, no place for it, or a database is damaged.
    """
    if not is_empty(folder):
        raise Unusable(f"{folder} is not empty. A back-up goes into a folder of its own.")
    names = kept(state)
    if not names:
        raise Unusable(f"There is no state in {state}.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in names:
        copy(state / name, folder / name)
    said = {"form": FORM, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "files": sums(folder, names)}
    written = folder / MANIFEST
    written.touch(mode=0o600)
    written.write_text(json.dumps(said, indent=1), encoding="utf8")  # last: without it, it is no back-up
    return len(names)


def kept(state: Path) -> List[str]:
    """Return the names of the files to keep, databases first: so whatever file one of them speaks of is copied too."""
    found = [path.relative_to(state) for path in state.rglob("*") if path.is_file()]
    wanted = [each for each in found if each.parts[0] not in NOT_OURS and not each.name.endswith(LEFT_OUT)]
    return [str(each) for each in sorted(wanted, key=lambda each: (each.suffix != ".db", each))]


def copy(source: Path, to: Path) -> None:
    """Copy a file with its mode; a database by SQLite itself, whole, even while it is written to.

    Raises:
        Unusable: the database is damaged.
    """
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if source.suffix != ".db":
        shutil.copy2(source, to)
        return
    to.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(source, timeout=30)) as running, closing(sqlite3.connect(to)) as still:
            running.backup(still)
            sound = still.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            still.execute("PRAGMA journal_mode=DELETE")  # one file; at its next start it writes ahead again
    except sqlite3.DatabaseError as error:
        raise Unusable(f"{source} cannot be read as a database: {error}.") from error
    if not sound:
        raise Unusable(f"{source} is damaged: SQLite's own check fails.")
    shutil.copymode(source, to)


def sums(folder: Path, names: List[str]) -> Dict[str, str]:
    """Return the SHA-256 of each file."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def restore(folder: Path, state: Path, *, replace: bool) -> Optional[Path]:
    """Put a back-up in the state's place; return where the old state is, moved aside, where there was one.

    Raises:
        Unusable: the back-up is damaged, or a state is there that is in use or was not to be replaced.
    """
    names, aside = checked(folder), None
    if not is_empty(state):
        if not replace:
            raise Unusable(f"{state} is not empty. To have it moved aside, say so: --replace (make: REPLACE=1).")
        refuse_used(state)
        aside = beside(state, "before")
    fresh = beside(state, "restoring")
    fresh.mkdir(mode=0o700, parents=True)
    for name in names:
        (fresh / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy2(folder / name, fresh / name)
    if aside:
        state.rename(aside)
    elif state.exists():
        state.rmdir()
    fresh.rename(state)
    return aside


def checked(folder: Path) -> List[str]:
    """Return the names of a back-up's files, all as they were saved.

    Raises:
        Unusable: it is none, a file is missing, changed or foreign.
    """
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf8"))
        form, files = said["form"], dict(said["files"])
    except FileNotFoundError as error:
        raise Unusable(f"{folder} is no back-up, or one that never came to its end: it has no {MANIFEST}.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise Unusable(f"The back-up is damaged: {MANIFEST} cannot be read.") from error
    if form != FORM:
        raise Unusable(f"The back-up is of a form ({form}) that this version does not know.")
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    if odd := sorted(there ^ set(files)):
        raise Unusable(f"The back-up is damaged: {odd[0]} is {'not in its list' if odd[0] in there else 'missing'}.")
    now = sums(folder, list(files))
    if changed := [name for name in files if now[name] != files[name]]:
        raise Unusable(f"The back-up is damaged: {changed[0]} is not as it was saved.")
    return list(files)


def refuse_used(state: Path) -> None:
    """Make sure that nobody has the state's databases open.

    Raises:
        Unusable: somebody has.
    """
    for path in state.glob("*.db"):
        try:
            with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as alone:
                alone.execute("PRAGMA locking_mode=EXCLUSIVE")
                alone.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise Unusable(f"{state} is in use ({path.name}: {error}). Stop Whatnow first.") from error
        except sqlite3.DatabaseError:
            continue  # damaged: the more reason to replace it


def is_empty(folder: Path) -> bool:
    """Say whether there is nothing in a folder, or no folder."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def beside(state: Path, word: str) -> Path:
    """Return a new name beside the state's."""
    return state.with_name(f"{state.name}.{word}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}")


def elsewhere(settings: Settings) -> List[str]:
    """Return what stands in other databases, which a back-up does not hold."""
    said = {
        "the gateway's answers": settings.database_url,
        "the conversations": settings.tracker_url,
        "the training record": os.environ.get("WHATNOW_TRAINING_URL", ""),
    }
    return [what for what, url in said.items() if url]


def saved(settings: Settings, folder: str) -> str:
    """Save, and return what there is to say of it."""
    count = save(settings.state, Path(folder))
    return f"Saved: {count} files in {folder}. They hold keys and names: keep them safe."


def restored(settings: Settings, folder: str, replace: bool) -> str:  # noqa: FBT001  (as the command line says it)
    """Restore, and return what there is to say of it."""
    aside = restore(Path(folder), settings.state, replace=replace)
    return f"Restored: {settings.state}." + (f" The old state is in {aside}." if aside else "")


def main() -> None:
    """Save or restore."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("what", choices=("save", "restore"))
    parser.add_argument("--replace", action="store_true", help="move a state that is there aside")
    parser.add_argument("folder", help="the back-up's folder")
    asked, settings = parser.parse_args(), Settings()
    if not asked.folder:
        sys.exit("Say which folder: FOLDER=...")
    try:
        print(
            saved(settings, asked.folder) if asked.what == "save" else restored(settings, asked.folder, asked.replace)
        )
    except (Unusable, OSError) as error:
        sys.exit(str(error))
    for what in elsewhere(settings):
        print(f"Not in it: {what}, in a database of its own (pg_dump; docs/operations.md).")


if __name__ == "__main__":
    main()
