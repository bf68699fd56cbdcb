"""Turn text into vectors with the sentence encoder.

Runs the ONNX file that export.py writes to .built/ on the first start; the published weights' hash is checked at
every start all the same. Called by the index and the head; it trains nothing and never reaches the network. Batches run
side by side, one thread each: at a message's size that is quicker than many threads for one batch.
"""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from rich.progress import track
from tokenizers import Tokenizer

from knowledge.paths import BUILT
from knowledge.weights import OFFICIAL, UPPER_HASH, check_weights, hash_of, weights_folder

Vectors = NDArray[np.float32]

WIDTH = 384
MOST_TOKENS = 256
EXPORT = Path(__file__).with_name("export.py")
BATCH = 16
THREADS = min(4, os.cpu_count() or 1)


class Encoder:
    """Texts in, one unit vector each out: by the published encoder, or by the one with trained upper layers."""

    def __init__(self, folder: Path | None = None, name: str = "all-MiniLM-L6-v2", *, trained: bool = True) -> None:
        """Check the weights, then open them, written out first where they have not been.

        Raises:
            WrongWeights: a hash differs from the one that is written down.
        """
        folder = folder or weights_folder()
        check_weights(folder / "model.safetensors", OFFICIAL[name])
        self.name = f"{name}, upper layers trained" if trained else f"{name}, as published"
        self.mark = mark_of(UPPER_HASH.read_text(encoding="utf8").strip() if trained else OFFICIAL[name])
        self._session = open_session(folder, self.mark, trained=trained)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding()
        self._pool = ThreadPoolExecutor(THREADS, "encoder")

    def encode(self, texts: list[str], *, progress: bool = False) -> Vectors:
        """Return the texts' vectors: float32, (len(texts), 384), each of length 1."""
        found = np.zeros((len(texts), WIDTH), dtype=np.float32)
        batches = batched(texts)
        encoded = self._pool.map(lambda rows: self._encode([texts[row] for row in rows]), batches)
        for rows, vectors in zip(track(batches, "encoding", disable=not progress), encoded, strict=True):
            found[rows] = vectors
        return found

    def _encode(self, texts: list[str]) -> Vectors:
        read = self._tokenizer.encode_batch(texts)
        ids, mask = (np.array([getattr(each, name) for each in read]) for name in ("ids", "attention_mask"))
        (tokens,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        kept = mask[:, :, None].astype(np.float32)
        mean = (tokens * kept).sum(axis=1) / kept.sum(axis=1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)


def batched(texts: list[str]) -> list[NDArray[np.int64]]:
    """Return row numbers in batches of like lengths, so that little is padded; one a thread at least."""
    order = np.argsort([len(text) for text in texts], kind="stable")
    size = min(BATCH, max(1, len(texts) // THREADS))
    return [order[start : start + size] for start in range(0, len(order), size)]


def mark_of(weights: str) -> str:
    """Return what tells one encoder's vectors from another's: a hash of its weights and of how they are written out."""
    return hashlib.sha256(weights.encode() + EXPORT.read_bytes()).hexdigest()


def open_session(folder: Path, mark: str, *, trained: bool) -> onnxruntime.InferenceSession:
    """Return the running encoder of that mark; its file is written where it is missing, and checked where it is not.

    Raises:
        WrongWeights: the file is not the one that was written.
    """
    file = BUILT / f"encoder-{mark[:12]}.onnx"
    written = file.with_suffix(".sha256")
    if not written.exists():
        from knowledge.export import export  # torch takes seconds to import, and is only needed here

        export(folder, file, trained=trained)
        written.write_text(hash_of(file), encoding="utf8")
    check_weights(file, written.read_text(encoding="utf8"), f"delete {file} and run make build")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
