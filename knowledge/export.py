"""Write the encoder as one ONNX file, which encode.py runs without torch.

The trained upper layers are laid over the published model's own. Called once, when the file is missing, and by
finetune.py for the model itself; it takes seconds, needs torch, and never reaches the network.
"""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn
from transformers.utils.logging import disable_progress_bar

from knowledge.weights import UPPER, UPPER_HASH, WrongWeights, check_weights

EXAMPLE = ["a parent added me", "my phone was stolen on the trip to the zoo"]  # only their shapes matter
INPUTS = ["input_ids", "attention_mask"]
ONNX_VERSION = 17


class Tokens(nn.Module):
    """The transformer as plain tensors: token ids and mask in, one vector a token out."""

    def __init__(self, inner: nn.Module) -> None:
        """Stand on the transformer inside a sentence encoder."""
        super().__init__()
        self.inner = inner

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return the tokens' vectors: (texts, tokens, width)."""
        found: Tensor = self.inner(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return found


def load_model(folder: Path) -> SentenceTransformer:
    """Load the published model from the folder; offline, on the CPU."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def inner(model: SentenceTransformer) -> nn.Module:
    """Return the transformer inside a sentence encoder."""
    found = model[0].auto_model
    assert isinstance(found, nn.Module)
    return found


def lay_over(model: SentenceTransformer, upper: Path) -> None:
    """Lay trained layers over a published model's own.

    Raises:
        WrongWeights: they hold a layer that the model has not.
    """
    layers = {name: layer.float() for name, layer in load_file(str(upper)).items()}
    if unknown := inner(model).load_state_dict(layers, strict=False).unexpected_keys:
        raise WrongWeights(f"{upper} holds unknown layers {unknown[:3]}. Mend: make encoder.")


def export(folder: Path, file: Path, *, trained: bool) -> None:
    """Write the model as an ONNX file; with its trained layers in whole numbers of eight bits, else as published.

    docs/decisions/0006 says what eight bits cost and save. The published model stays in full precision: it is the
    yardstick that the engine is measured beside.
    """
    model = load_model(folder)
    if trained:
        check_weights(UPPER, UPPER_HASH.read_text(encoding="utf8").strip(), "make encoder")
        lay_over(model, UPPER)
    read = model.tokenizer(EXAMPLE, padding=True, return_tensors="pt")
    file.parent.mkdir(exist_ok=True)
    with quiet():
        torch.onnx.export(
            Tokens(inner(model).eval()),
            tuple(read[name] for name in INPUTS),
            str(file),
            input_names=INPUTS,
            output_names=["vectors"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in [*INPUTS, "vectors"]},
            opset_version=ONNX_VERSION,
            dynamo=False,
        )
        if trained:
            # Seven bits of the eight: processors without VNNI saturate on the eighth, and would not agree with others.
            quantize_dynamic(str(file), str(file), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the exporter's notes to its own developers from the person who starts Whatnow."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)
