"""What a data set is made of: examples, split into training and test, one on a line of a file."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from .errors import InvalidInput


class Example(Protocol):
    """Something to learn from."""

    def line(self) -> str:
        """Return it as a line of JSON, by which it is also told from others."""
        ...


AnExample = TypeVar("AnExample", bound=Example)


def choose(examples: Sequence[AnExample], size: int, seed: int) -> tuple[list[AnExample], list[AnExample]]:
    """Return training and test set: the same for a seed, whatever the order; a smaller size is a part of a larger.

    Raises:
        InvalidInput: if one of them is empty.
    """
    keyed = sorted({hashlib.sha256(f"{seed} {one.line()}".encode()).hexdigest(): one for one in examples}.items())
    chosen = keyed[: size or None]
    test = [one for key, one in chosen if int(key, 16) % 5 == 0]
    training = [one for key, one in chosen if int(key, 16) % 5 != 0]
    if not training or not test:
        raise InvalidInput(f"--size: leaves nothing to train or to test with (got {size}); take more")
    return training, test


def write(examples: Sequence[Example], path: Path) -> str:
    """Write examples, one on a line, and return the digest of the file."""
    text = "".join(f"{one.line()}\n" for one in examples)
    path.write_text(text, encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def write_dataset(training: Sequence[Example], test: Sequence[Example], source: str, folder: Path) -> dict[str, Any]:
    """Write a folder to train from, and return what its ``dataset.json`` says.

    Its ``sha256`` is what ``sha256sum test.jsonl train.jsonl | sha256sum`` prints.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = {"test.jsonl": test, "train.jsonl": training}
    lines = [f"{write(examples, folder / name)}  {name}\n" for name, examples in parts.items()]
    described = {
        "sha256": hashlib.sha256("".join(lines).encode()).hexdigest(),
        "source": source,
        "training": len(training),
        "test": len(test),
    }
    (folder / "dataset.json").write_text(json.dumps(described), encoding="utf-8")
    return described
