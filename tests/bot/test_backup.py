"""A back-up made while Whatnow writes brings all of it back; a damaged one, or a state in use, is refused in words."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.backup import Unusable, restore, save
from bot.gateway.answer import Answer
from bot.gateway.store import Store
from bot.gateway.store import connect as open_answers
from bot.secret import load_secret
from knowledge.training import certificate
from knowledge.training.desk import Desk, Place
from knowledge.training.opened import reports
from knowledge.training.record import Record, connect, load_key
from knowledge.training.spoken import Spoken
from tests.conftest import PROJECT, free_settings, gateway_alone
from tests.training.conftest import begun, finish

KEPT = Answer.of([{"custom": {"type": "advice", "text": "x"}}])


def record_in(state: Path) -> Record:
    """Return the record of a state's folder."""
    return Record(connect(f"sqlite:///{state / 'training.db'}"), load_key(state))


def answers_in(state: Path) -> Store:
    """Return the gateway's answers of a state's folder."""
    return Store(open_answers(f"sqlite:///{state / 'gateway.db'}"))


@pytest.fixture(scope="module")
def used(engine, tmp_path_factory) -> tuple[Path, str]:
    """A state with all that there is to lose, a certificate among it; and the certificate's code."""
    state = tmp_path_factory.mktemp("used") / "state"
    load_secret(state)
    answers_in(state).keep("web-1", "key-0001", "hash", KEPT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certificate, "FOLDER", state / "certificates")
        desk, place = Desk(engine, Spoken(engine.reader.encoder, reports(engine)), record_in(state)), Place("web-1")
        begun(desk, place)
        ended = finish(desk, place)
    return state, ended.training.certificate.removeprefix("/certificate/")


@pytest.fixture
def state(used, tmp_path) -> Path:
    """A copy of it, for one test."""
    return Path(shutil.copytree(used[0], tmp_path / "state"))


@pytest.fixture(scope="module")
def restored(used, tmp_path_factory) -> tuple[Path, int, int]:
    """A state backed up while entries were being added, and restored; how many there were before, and after."""
    folder, state = tmp_path_factory.mktemp("restored"), used[0]
    going, writing, writer = threading.Event(), threading.Event(), record_in(state)

    def write() -> None:
        while not going.is_set():
            with writer.engine.begin() as open_:
                writer.append(open_, "somebody", "begun", {"course": "1"})
            writing.set()
            going.wait(0.005)  # who writes without a pause lets nobody else in: SQLite's waiters are in no order

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert writing.wait(30)
        before = len(record_in(state).entries())
        save(state, folder / "saved")
        writing.clear()
        assert writing.wait(30)
    finally:
        going.set()
        thread.join()
    restore(folder / "saved", folder / "state", replace=False)
    return folder / "state", before, len(record_in(state).entries())


def test_what_was_backed_up_while_it_was_written_to_is_intact(restored) -> None:
    state, before, after = restored

    assert before <= record_in(state).verify() < after


def test_training_verify_says_so_and_the_certificate_is_genuine(restored, used) -> None:
    command = [sys.executable, "-m", "knowledge.training.cli", "verify", "--code", used[1]]
    environment = {**os.environ, "WHATNOW_STATE": str(restored[0])}
    said = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True).stdout

    assert "The record is intact" in said
    assert "Genuine: Jo Bloggs" in said


def test_the_certificate_itself_is_there(restored, used) -> None:
    pdf = restored[0] / "certificates" / f"{used[1]}.pdf"

    assert pdf.read_bytes() == (used[0] / "certificates" / f"{used[1]}.pdf").read_bytes()


def test_a_kept_answer_is_known_again_by_its_key(restored) -> None:
    assert answers_in(restored[0]).known("web-1", "key-0001", "").answered == ("hash", KEPT.as_json())


def test_sessions_go_on_because_the_secret_is_the_same(restored, used) -> None:
    assert load_secret(restored[0]) == load_secret(used[0])


def test_nobody_else_can_read_the_keys_in_a_back_up(state: Path, tmp_path) -> None:
    save(state, tmp_path / "saved")
    modes = [(tmp_path / "saved" / name).stat().st_mode & 0o777 for name in ("", "secret", "training.key")]

    assert modes == [0o700, 0o600, 0o600]


@pytest.mark.parametrize("name", ["training.db", "training.key", "secret"])
def test_a_changed_file_is_refused_and_named(state: Path, tmp_path, name: str) -> None:
    save(state, tmp_path / "saved")
    whole = bytearray((tmp_path / "saved" / name).read_bytes())
    whole[-1] ^= 1
    (tmp_path / "saved" / name).write_bytes(whole)

    with pytest.raises(Unusable, match=f"damaged: {name} is not as it was saved"):
        restore(tmp_path / "saved", tmp_path / "new", replace=False)
    assert not (tmp_path / "new").exists()


def test_a_missing_file_is_refused_and_named(state: Path, tmp_path) -> None:
    save(state, tmp_path / "saved")
    (tmp_path / "saved" / "training.db").unlink()

    with pytest.raises(Unusable, match=r"damaged: training\.db is missing"):
        restore(tmp_path / "saved", tmp_path / "new", replace=False)


def test_a_file_that_was_put_in_is_refused_and_named(state: Path, tmp_path) -> None:
    save(state, tmp_path / "saved")
    (tmp_path / "saved" / "more").write_text("x", encoding="utf8")

    with pytest.raises(Unusable, match="damaged: more is not in its list"):
        restore(tmp_path / "saved", tmp_path / "new", replace=False)


@pytest.mark.parametrize("said", ["", "[]", '{"form": 1, "files": 7}', '{"form": 9, "files": {}}'])
def test_a_list_that_is_none_is_refused(state: Path, tmp_path, said: str) -> None:
    save(state, tmp_path / "saved")
    (tmp_path / "saved" / "manifest.json").write_text(said, encoding="utf8")

    with pytest.raises(Unusable, match="The back-up is"):
        restore(tmp_path / "saved", tmp_path / "new", replace=False)


def test_a_back_up_that_never_ended_is_none(state: Path, tmp_path) -> None:
    save(state, tmp_path / "saved")
    (tmp_path / "saved" / "manifest.json").unlink()

    with pytest.raises(Unusable, match="never came to its end"):
        restore(tmp_path / "saved", tmp_path / "new", replace=False)


def test_a_damaged_database_is_not_backed_up_in_silence(state: Path, tmp_path) -> None:
    for name in ("training.db-wal", "training.db-shm"):
        (state / name).unlink(missing_ok=True)
    (state / "training.db").write_bytes(b"no database at all, but as long as a header of one has to be" * 100)

    with pytest.raises(Unusable, match=r"training\.db"):
        save(state, tmp_path / "saved")
    assert not (tmp_path / "saved" / "manifest.json").exists()


def test_a_state_that_is_there_is_not_replaced_unless_told(state: Path, tmp_path) -> None:
    save(state, tmp_path / "saved")

    with pytest.raises(Unusable, match="is not empty"):
        restore(tmp_path / "saved", state, replace=False)


def test_a_state_that_is_replaced_is_moved_aside_whole(state: Path, tmp_path) -> None:
    save(state, tmp_path / "saved")
    (state / "since.txt").write_text("written later", encoding="utf8")
    aside = restore(tmp_path / "saved", state, replace=True)

    assert (aside / "since.txt").read_text(encoding="utf8") == "written later"
    assert not (state / "since.txt").exists()


def test_a_back_up_is_never_written_over_another(state: Path, tmp_path) -> None:
    save(state, tmp_path / "saved")

    with pytest.raises(Unusable, match="is not empty"):
        save(state, tmp_path / "saved")


def test_a_state_in_use_is_not_replaced_even_where_told(state: Path, tmp_path) -> None:
    settings = free_settings(state)
    with gateway_alone(settings):
        save(state, tmp_path / "saved")
        with pytest.raises(Unusable, match="in use"):
            restore(tmp_path / "saved", state, replace=True)

    assert restore(tmp_path / "saved", state, replace=True)


def test_the_command_says_what_it_did_and_what_is_not_in_it(state: Path, tmp_path) -> None:
    command = [sys.executable, "-m", "bot.backup", "save", str(tmp_path / "saved")]
    elsewhere = {"WHATNOW_STATE": str(state), "WHATNOW_TRAINING_URL": "postgresql+psycopg://ada@localhost/base"}
    done = subprocess.run(
        command, cwd=PROJECT, env={**os.environ, **elsewhere}, capture_output=True, text=True, check=True
    )
    files = json.loads((tmp_path / "saved" / "manifest.json").read_text(encoding="utf8"))["files"]

    assert f"Saved: {len(files)} files" in done.stdout
    assert "Not in it: the training record" in done.stdout
