"""The network and its tokenizer, in a folder as Hugging Face publishes them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers

from .errors import InvalidInput

BASE = Path(__file__).parents[2] / "base-model"
"""Folder of the model that training begins with."""

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
torch.use_deterministic_algorithms(True)


@dataclass(frozen=True)
class Network:
    """A causal language model in memory.

    Attributes:
        model: gives each token's scores from those before it.
        tokenizer: between texts and tokens.
    """

    model: Any
    tokenizer: Any

    @property
    def longest(self) -> int | None:
        """How many tokens it can look at; None when it has no bound."""
        return getattr(self.model.config, "max_position_embeddings", None)

    def tokens(self, text: str) -> list[int]:
        """Return a text's tokens; one that is too long for the network is no matter here."""
        return self.tokenizer(text, verbose=False)["input_ids"]

    def save(self, folder: Path) -> None:
        """Write what ``read`` reads: safetensors, which hold numbers and no code."""
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)


def weights_digest(folder: Path) -> str:
    """Return the SHA-256 of a network's weights, whose files are taken in the order of their names."""
    sha256 = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        sha256.update(path.read_bytes())
    return sha256.hexdigest()


def read(folder: Path) -> Network:
    """Read a model's network from a folder, never from the network of machines.

    Raises:
        InvalidInput: if there is none.
    """
    if not (folder / "config.json").is_file():
        raise InvalidInput(f"{folder}: holds no config.json; put a causal language model there, as the README says")
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
        )
    except Exception as problem:  # the library raises whatever it meets in a file
        reason = str(problem).strip().split("\n")[0]
        raise InvalidInput(
            f"{folder}: is no causal language model ({type(problem).__name__}: {reason}); "
            "name a folder with config.json, model.safetensors and the files of a tokenizer"
        ) from None
    if tokenizer.eos_token_id is None:
        raise InvalidInput(f"{folder}: its tokenizer has no token for the end of a text; name another model")
    return Network(model.eval(), tokenizer)
