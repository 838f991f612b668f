"""Data sets: rows of numbers with a label, read from JSONL or CSV and split into training and test."""

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import InvalidInput

FEATURES = ("length", "width", "height", "weight")
LABELS = ("no", "yes")
"""The label that a score is the probability of comes last."""


@dataclass(frozen=True)
class Row:
    """One example.

    Attributes:
        features: a number for each of ``FEATURES``.
        label: 1 for the last of ``LABELS``.
        synthetic: whether it was made up.
    """

    features: tuple[float, ...]
    label: int
    synthetic: bool = False

    def line(self) -> str:
        """Return the row as a line of JSON, by which it is also told from others."""
        values = dict(zip(FEATURES, self.features, strict=True))
        return json.dumps({"features": values, "label": LABELS[self.label], "synthetic": self.synthetic})


def generate(size: int, seed: int) -> list[Row]:
    """Make up rows whose label follows from their features, with some noise."""
    numbers = random.Random(seed)
    rows = []
    for _ in range(size):
        features = tuple(round(numbers.gauss(10, 3), 3) for _ in FEATURES)
        margin = features[0] - features[1] + 0.5 * (features[2] - features[3]) + numbers.gauss(0, 1.5)
        rows.append(Row(features, int(margin > 0), synthetic=True))
    return rows


def read_source(path: Path) -> list[Row]:
    """Read all rows of a JSONL or CSV file.

    Raises:
        InvalidInput: if it is not there, is empty, or has a row that is not one.
    """
    if not path.is_file():
        raise InvalidInput(f"{path}: is no file; name a .jsonl or .csv file")
    rows = list(_csv(path) if path.suffix == ".csv" else _jsonl(path))
    if len({row.label for row in rows}) < len(LABELS):
        raise InvalidInput(f"{path}: does not have rows of both labels; add some")
    return rows


def _jsonl(path: Path) -> Iterator[Row]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            record = json.loads(line)
            yield _row(record["features"], record["label"], record.get("synthetic") is True)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise InvalidInput(f"{path}: line {number}: is no row ({problem!r}); mend the line") from None


def _csv(path: Path) -> Iterator[Row]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        for number, record in enumerate(csv.DictReader(file), start=2):
            try:
                yield _row(record, record["label"], False)
            except (ValueError, KeyError, TypeError) as problem:
                raise InvalidInput(f"{path}: line {number}: is no row ({problem!r}); mend the line") from None


def _row(values: dict, label: str, synthetic: bool) -> Row:
    return Row(tuple(float(values[name]) for name in FEATURES), LABELS.index(label), synthetic)
