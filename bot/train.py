"""Train the dialogue model where its sources have changed: `make train`. Runs on Rasa's Python 3.10.

The model is named by the hash of what it was trained on, so an old one is never served for new data; its own hash
stands beside it, so that one which was changed is never served at all. It trains nothing of the engine's.
"""

import hashlib
import logging
import sys
import threading
import time
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import List

PROJECT = Path(__file__).parent.parent
MODELS = PROJECT / "models"
HEADER, EVERY = 4, 5  # lines above the first wording; which wordings are kept


def sources() -> List[Path]:
    """Return the files that the model depends on."""
    return [Path(__file__), PROJECT / "config.yml", PROJECT / "domain.yml", *sorted((PROJECT / "data").rglob("*.yml"))]


def wanted() -> Path:
    """Return the path of the model that the sources call for."""
    digest = hashlib.sha256()
    for source in sources():
        digest.update(str(source.relative_to(PROJECT)).encode() + source.read_bytes())
    return MODELS / f"whatnow-{digest.hexdigest()[:16]}.tar.gz"


def seal_of(model: Path) -> Path:
    """Return where a model's own hash stands."""
    return model.with_suffix(".sha256")


def seal(model: Path) -> None:
    """Write a model's own hash beside it."""
    seal_of(model).write_text(hashlib.sha256(model.read_bytes()).hexdigest(), encoding="utf8")


def is_whole(model: Path) -> bool:
    """Say whether a model is there, and as it was when it was trained."""
    if not model.exists() or not seal_of(model).exists():
        return False
    return seal_of(model).read_text(encoding="utf8") == hashlib.sha256(model.read_bytes()).hexdigest()


def thinned(folder: Path) -> str:
    """Copy the data into a folder, of what is no move only every fifth wording: Rasa need not tell situations apart.

    With all 21,000 Rasa trains for over four minutes; a message that it takes wrongly for a move is still read by the
    engine (actions/move.py).
    """
    for source in sorted((PROJECT / "data").rglob("*.yml")):
        copy = folder / source.relative_to(PROJECT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        lines = source.read_text(encoding="utf8").splitlines()
        if "nlu" in source.parts and source.parent.name != "moves":
            lines = lines[:HEADER] + lines[HEADER::EVERY]
        copy.write_text("\n".join(lines) + "\n", encoding="utf8")
    return str(folder / "data")


def train(model: Path) -> None:
    """Train the model, and remove older ones."""
    import rasa.model_training  # takes some ten seconds to import, so only where there is work
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(log_level=logging.WARNING)
    configure_structlog(logging.WARNING)
    # Sub-intents name the engine's labels; their answers come from the engine, so Rasa has none to pick from.
    warnings.filterwarnings("ignore", message=".*Your training data contains an example")
    warnings.filterwarnings("ignore", message=".*You have defined training data with examples for training a response")

    name = model.name.removesuffix(".tar.gz")
    with TemporaryDirectory() as folder:
        result = rasa.model_training.train(
            domain=str(PROJECT / "domain.yml"),
            config=str(PROJECT / "config.yml"),
            training_files=[thinned(Path(folder))],
            output=str(MODELS),
            fixed_model_name=name,
            force_training=True,
        )
    if result.code != 0 or not model.exists():
        sys.exit("Rasa could not train the dialogue model: see the lines above.")
    seal(model)
    for old in MODELS.glob("whatnow-*"):
        if old not in (model, seal_of(model)):
            old.unlink()


def tick(began: float) -> None:
    """Say every ten seconds that it is still at work."""
    while True:
        time.sleep(10)
        print(f"  still training, {time.monotonic() - began:.0f} seconds ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    if not is_whole(wanted()):
        print("Training the dialogue model ...", file=sys.stderr, flush=True)
        threading.Thread(target=tick, args=(time.monotonic(),), daemon=True).start()
        train(wanted())
    print(wanted())
