"""Data sets: texts, read from JSONL or CSV, or made up."""

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import InvalidInput

COLUMNS = ("text", "review")
"""What the column of texts may be called."""

SUBJECTS = ("The film", "This story", "The first act", "Her last picture", "The sequel", "Our favourite series")
VERBS = ("begins", "ends", "moves", "surprises", "goes on", "speaks to us")
MANNERS = ("slowly", "with great care", "like a dream", "as nobody expected", "without a word", "in the rain")
ENDINGS = ("and I liked it", "and we left early", "so I saw it twice", "but the music is fine", "and that is enough")


@dataclass(frozen=True)
class Text:
    """One example.

    Attributes:
        text: what is learned.
        synthetic: whether it was made up.
    """

    text: str
    synthetic: bool = False

    def line(self) -> str:
        """Return it as a line of JSON, by which it is also told from others."""
        return json.dumps({"text": self.text, "synthetic": self.synthetic})


def generate(size: int, seed: int) -> list[Text]:
    """Make up texts of a few sentences, all different."""
    choices = random.Random(seed)

    def sentence() -> str:
        return " ".join(choices.choice(words) for words in (SUBJECTS, VERBS, MANNERS, ENDINGS)) + "."

    return [
        Text(f"Note {number}. {' '.join(sentence() for _ in range(choices.randint(2, 4)))}", synthetic=True)
        for number in range(size)
    ]


def read_source(path: Path) -> list[Text]:
    """Read all texts of a JSONL or CSV file.

    Raises:
        InvalidInput: if it is not there, is empty, or has a line without a text.
    """
    if not path.is_file():
        raise InvalidInput(f"{path}: is no file; name a .jsonl or .csv file")
    texts = list(_csv(path) if path.suffix == ".csv" else _jsonl(path))
    if not texts:
        raise InvalidInput(f"{path}: is empty; add texts")
    return texts


def _jsonl(path: Path) -> Iterator[Text]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        yield _text(record, f"{path}: line {number}")


def _csv(path: Path) -> Iterator[Text]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        for number, record in enumerate(csv.DictReader(file), start=2):
            yield _text(record, f"{path}: line {number}")


def _text(record: object, where: str) -> Text:
    values = record if isinstance(record, dict) else {}
    for column in COLUMNS:
        text = values.get(column)
        if isinstance(text, str) and text.strip():
            return Text(text, values.get("synthetic") is True)
    raise InvalidInput(f"{where}: has no text; write one in {' or '.join(COLUMNS)}")
