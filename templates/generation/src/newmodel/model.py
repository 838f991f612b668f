"""The model: a network with what is told of it, and its folder."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers

from .data import Text
from .errors import InvalidInput
from .folder import digest, file_digests, write
from .network import Network, read
from .settings import Settings
from .training import measure

DOCUMENT, WEIGHTS = "model.json", "model.safetensors"
GOLDEN_TEXTS, GOLDEN_CHARACTERS, GOLDEN_TOKENS = 4, 60, 12

_one_at_a_time = threading.Lock()
"""PyTorch has one generator of random numbers, and more threads at once would not be faster."""


@dataclass(frozen=True)
class Written:
    """What follows on a text.

    Attributes:
        text: without the text that it follows on.
        given: tokens of that.
        added: tokens of what follows, with that of the end.
    """

    text: str
    given: list[int]
    added: list[int]


@dataclass(frozen=True)
class Model:
    """A model in memory.

    Attributes:
        document: what model.json holds.
        network: what tells the next token.
    """

    document: dict[str, Any]
    network: Network

    def go_on(self, text: str, settings: Settings, seed: int) -> Written:
        """Return what follows on a text; a seed decides.

        Raises:
            InvalidInput: if the text leaves no room.
        """
        return _go_on(
            self.network,
            text,
            seed,
            max_length=settings.maximum_length,
            do_sample=True,
            temperature=settings.temperature,
            top_p=settings.top_p,
            top_k=settings.top_k,
            no_repeat_ngram_size=settings.no_repeat_ngram_size,
        )


def _go_on(network: Network, text: str, seed: int, max_length: int, **settings: Any) -> Written:
    tokens = network.tokens(text)
    if not 0 < len(tokens) < max_length:
        raise InvalidInput(f"text must have from 1 to {max_length - 1} tokens (got {len(tokens)})")
    end = network.tokenizer.eos_token_id
    config = transformers.GenerationConfig(max_length=max_length, eos_token_id=end, pad_token_id=end, **settings)
    given = torch.tensor([tokens])
    with _one_at_a_time, torch.inference_mode():
        torch.manual_seed(seed)
        (both,) = network.model.generate(given, attention_mask=torch.ones_like(given), generation_config=config)
    added = both[len(tokens) :].tolist()
    return Written(network.tokenizer.decode(added, skip_special_tokens=True), tokens, added)


def _likeliest(network: Network, text: str) -> str:
    length = len(network.tokens(text)) + GOLDEN_TOKENS
    return _go_on(network, text, 0, length, do_sample=False).text


def describe(network: Network, texts: Sequence[Text], about: dict[str, Any]) -> Model:
    """Add metrics on texts that it has not learned from, and golden texts that it must go on with alike anywhere.

    Args:
        network: a trained one.
        texts: the test set.
        about: what else model.json says.
    """
    beginnings = [text.text[:GOLDEN_CHARACTERS] for text in texts[:GOLDEN_TEXTS]]
    document = {
        "schema": "cdk8s-mlops/model/v1",
        "version": "v0.0.0-unversioned",
        "task": "text-generation",
        **about,
        "metrics": measure(network, texts),
        "golden": [{"text": text, "generated": _likeliest(network, text)} for text in beginnings],
    }
    return Model(document, network)


def save(model: Model, target: Path) -> Model:
    """Write the folder of a model, and return it as it is there: its document names the digest of each other file.

    Raises:
        InvalidInput: if there is another model already.
    """
    document = dict(model.document)

    def fill(folder: Path) -> None:
        model.network.save(folder)
        document["files"] = file_digests(folder)
        (folder / DOCUMENT).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")

    write(target, fill)
    return Model(document, model.network)


def load(folder: Path, expected: str | None = None) -> Model:
    """Read the folder of a model and prove that it is whole.

    Raises:
        InvalidInput: if it is damaged, is not ``expected``, or does not go on with its golden texts as stored.
    """
    try:
        document = json.loads((folder / DOCUMENT).read_text(encoding="utf-8"))
        files, golden = document["files"], document["golden"]
        stored = {name: sha256 for name, sha256 in file_digests(folder).items() if name != DOCUMENT}
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise InvalidInput(f"{folder}: is no model of new-model ({problem!r}); name the folder of a version") from None
    if expected and digest(folder) != expected:
        raise InvalidInput(f"{folder}: is another version than the pinned {expected}; mount the pinned one")
    wrong = sorted(name for name in {*files, *stored} if files.get(name) != stored.get(name))
    if wrong:
        raise InvalidInput(f"{folder}: is damaged ({', '.join(wrong)}); bring the version again")
    model = Model(document, read(folder))
    for one in golden:
        if _likeliest(model.network, one["text"]) != one["generated"]:
            raise InvalidInput(f"{folder}: does not go on with {one['text']!r} as stored; train it again")
    return model
