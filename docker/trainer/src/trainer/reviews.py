"""A labelled review, and the file of reviews that the steps hand to each other."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NEGATIVE, POSITIVE = 0, 1
LABELS = ("negative", "positive")
"""Names of the labels; a label is an index into this."""


@dataclass(frozen=True, slots=True)
class Review:
    """A text and what it says.

    Attributes:
        text: the review.
        label: ``NEGATIVE`` or ``POSITIVE``.
        synthetic: true if the generator wrote the text.
        split: ``train`` or ``test`` where the source has official parts, otherwise empty.
    """

    text: str
    label: int
    synthetic: bool = False
    split: str = ""


def write_reviews(reviews: Iterable[Review], target: Path) -> None:
    """Write one JSON object per line: ``text``, ``label`` and, for generated texts, ``synthetic: true``."""
    with target.open("w", encoding="ascii", newline="\n") as lines:
        for review in reviews:
            record: dict[str, object] = {"text": review.text, "label": LABELS[review.label]}
            if review.synthetic:
                record["synthetic"] = True
            lines.write(json.dumps(record) + "\n")
