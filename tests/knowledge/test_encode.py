"""The frozen encoder and the index over it."""

import shutil

import numpy as np
import pytest

from knowledge.encode import Encoder
from knowledge.index import Index
from knowledge.weights import WrongWeights, weights_folder


def test_weights_with_another_hash_are_refused(tmp_path) -> None:
    shutil.copytree(weights_folder(), tmp_path / "model")
    file = tmp_path / "model" / "model.safetensors"
    with file.open("r+b") as stream:
        stream.seek(-1, 2)
        stream.write(b"\x01")

    with pytest.raises(WrongWeights, match="sha256"):
        Encoder(tmp_path / "model", trained=False)


def test_missing_weights_are_refused_with_the_mend(tmp_path) -> None:
    with pytest.raises(WrongWeights, match="make install"):
        Encoder(tmp_path)


def test_vectors_have_length_one() -> None:
    vectors = Encoder(trained=False).encode(["a parent added me", "my phone was stolen"])

    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_faiss_agrees_with_exact_search() -> None:
    chance = np.random.default_rng(1)
    vectors = chance.normal(size=(500, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines, rows = Index.over(vectors).search(vectors[:20], 5)
    exact = vectors[:20] @ vectors.T

    assert rows.tolist() == np.argsort(-exact, axis=1)[:, :5].tolist()
    assert cosines == pytest.approx(-np.sort(-exact, axis=1)[:, :5], abs=1e-5)
