"""A dialogue model is served only as it was trained: its own hash stands beside it."""

from pathlib import Path

import pytest

from bot.train import is_whole, seal, seal_of


@pytest.fixture
def model(tmp_path) -> Path:
    """A sealed model."""
    file = tmp_path / "whatnow-1.tar.gz"
    file.write_bytes(b"what Rasa has learnt")
    seal(file)
    return file


def test_a_model_as_it_was_trained_is_whole(model: Path) -> None:
    assert is_whole(model)


def test_a_model_with_one_byte_changed_is_not(model: Path) -> None:
    model.write_bytes(model.read_bytes()[:-1] + b"!")

    assert not is_whole(model)


def test_a_model_that_somebody_else_put_there_is_not(model: Path) -> None:
    seal_of(model).unlink()

    assert not is_whole(model)


def test_a_model_that_is_not_there_is_not(model: Path) -> None:
    model.unlink()

    assert not is_whole(model)
