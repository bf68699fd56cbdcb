"""What is built, from what, and when it is built anew."""

from pathlib import Path

import numpy as np

from knowledge import build
from knowledge.encode import Encoder
from knowledge.head import Head
from knowledge.weights import HEAD, HEAD_STAMP
from knowledge.wordings import Wording, load_wordings

FEW = [
    Wording(text, label, Path("x.yml"), 1)
    for text, label in (
        ("a mum wants to be friends", "parent_friend_request"),
        ("a dad has sent me a request", "parent_friend_request"),
        ("my phone was stolen", "phone_security"),
        ("somebody took my phone", "phone_security"),
    )
]


def test_the_committed_head_was_fitted_on_the_committed_wordings() -> None:
    assert HEAD_STAMP.read_text(encoding="utf8").strip() == build.head_stamp(load_wordings(), Encoder())


def test_the_committed_head_is_taken_as_it_is(tmp_path) -> None:
    build.make_head(load_wordings(), Encoder(), tmp_path)

    assert (tmp_path / "head.npz").read_bytes() == HEAD.read_bytes()


def test_a_changed_wording_gets_a_head_of_its_own(tmp_path) -> None:
    encoder = Encoder()
    build.make_head(FEW, encoder, tmp_path)
    fitted = Head.load(tmp_path / "head.npz")
    scores = fitted.scores(encoder.encode(["a parent asked to be my friend"]))

    assert fitted.labels == ("parent_friend_request", "phone_security")
    assert int(np.argmax(scores)) == 0


def test_a_part_is_stale_once_its_source_has_changed(tmp_path) -> None:
    part = tmp_path / "part"
    part.touch()
    build.fresh(part, build.stamp("one"))

    assert not build.stale(part, build.stamp("one"))
    assert build.stale(part, build.stamp("two"))
