"""The data set folder: cleaned, deduplicated, stratified and split reviews with a digest."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import InvalidInput
from .folders import complete_folder, digest
from .reviews import LABELS, Review, write_reviews
from .sources import read_source

SCHEMA = "cdk8s-mlops/dataset/v1"
SPLITS = ("train", "test")
DOCUMENT_FILE = "dataset.json"


@dataclass(frozen=True)
class Selection:
    """How reviews become training and test texts.

    Attributes:
        size: number of texts to keep, both labels in the same proportion as in the source; None keeps all.
        seed: chooses which, and which of them are for testing; the order in the source does not matter.
        test_share: share of the texts that is kept for testing, where the source has no official parts.
    """

    size: int | None = None
    seed: int = 0
    test_share: float = 0.2


@dataclass(frozen=True)
class Removed:
    """How many texts were left out: repetitions, texts with both labels, training texts that are also test texts."""

    duplicates: int
    contradictory: int
    leaked: int


@dataclass(frozen=True)
class Dataset:
    """A data set folder that was read and checked."""

    folder: Path
    sha256: str
    source: str
    synthetic: bool

    def reviews(self, split: str) -> list[Review]:
        """Return the reviews of ``train`` or ``test``."""
        return read_source(self.folder / f"{split}.jsonl", "jsonl")


def write_dataset(reviews: Iterable[Review], source: str, selection: Selection, folder: Path) -> dict[str, object]:
    """Clean, select, split and write ``reviews``; return the content of dataset.json.

    Raises:
        InvalidInput: if nothing is left, or only one label.
    """
    kept, removed = _deduplicated(reviews)
    parts = _split(kept, selection)
    _refuse_one_sided(parts, source, selection)
    with complete_folder(folder) as beside:
        for name in SPLITS:
            write_reviews(parts[name], beside / f"{name}.jsonl")
        document: dict[str, object] = {
            "schema": SCHEMA,
            "source": source,
            "synthetic": any(review.synthetic for part in parts.values() for review in part),
            "sha256": digest(beside, _files()),
            "seed": selection.seed,
            "splits": {name: _count(parts[name]) for name in SPLITS},
            "removed": asdict(removed),
        }
        (beside / DOCUMENT_FILE).write_text(json.dumps(document, indent=2) + "\n", encoding="ascii")
    return document


def read_dataset(folder: Path) -> Dataset:
    """Open a data set folder and check its digest.

    Raises:
        InvalidInput: if it is not one, or not the one that was written.
    """
    path = folder / DOCUMENT_FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        found = Dataset(folder, document["sha256"], document["source"], document["synthetic"])
        actual = digest(folder, _files())
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise InvalidInput(
            f"{path}: is not a data set ({type(problem).__name__}: {problem}); make one with fetch or generate"
        ) from None
    if document.get("schema") != SCHEMA or actual != found.sha256:
        raise InvalidInput(f"{path}: the files are not those that were written (got {actual}); make the data set again")
    return found


def _files() -> list[str]:
    return [f"{name}.jsonl" for name in SPLITS]


def _identity(text: str) -> bytes:
    """What makes two texts the same: their characters, except for the amount and kind of white space."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).digest()


def _deduplicated(reviews: Iterable[Review]) -> tuple[dict[bytes, Review], Removed]:
    kept: dict[bytes, Review] = {}
    contradictory: set[bytes] = set()
    duplicates = leaked = 0
    for review in reviews:
        identity = _identity(review.text)
        other = kept.get(identity)
        if other is None:
            kept[identity] = review
            continue
        if other.label != review.label:
            contradictory.add(identity)
        if other.split != review.split:
            leaked += 1
            kept[identity] = review if review.split == "test" else other
        else:
            duplicates += 1
    for identity in contradictory:
        del kept[identity]
    return kept, Removed(duplicates, len(contradictory), leaked)


def _split(kept: dict[bytes, Review], selection: Selection) -> dict[str, list[Review]]:
    """Choose by a keyed hash of each text: the same texts whatever their order, and a smaller size is a subset."""
    key = f"{selection.seed}:".encode()
    ranked = [(hashlib.sha256(key + identity).digest(), review) for identity, review in kept.items()]
    ranked.sort(key=lambda entry: entry[0])
    share = min(1.0, selection.size / len(ranked)) if selection.size is not None and ranked else 1.0
    parts: dict[str, list[tuple[bytes, Review]]] = {name: [] for name in SPLITS}
    for official in ("", *SPLITS):
        for label in range(len(LABELS)):
            stratum = [entry for entry in ranked if entry[1].split == official and entry[1].label == label]
            chosen = stratum[: round(len(stratum) * share)]
            tested = {"": round(len(chosen) * selection.test_share), "train": 0, "test": len(chosen)}[official]
            parts["test"] += chosen[:tested]
            parts["train"] += chosen[tested:]
    return {name: [review for _, review in sorted(part, key=lambda entry: entry[0])] for name, part in parts.items()}


def _count(reviews: Iterable[Review]) -> dict[str, int]:
    counts = Counter(review.label for review in reviews)
    return {name: counts[label] for label, name in enumerate(LABELS)}


def _refuse_one_sided(parts: dict[str, list[Review]], source: str, selection: Selection) -> None:
    problems = []
    for name in SPLITS:
        wanted = (name == "train" and selection.test_share < 1) or (name == "test" and selection.test_share > 0)
        counts = _count(parts[name])
        if wanted and 0 in counts.values():
            got = ", ".join(f"{count} {label}" for label, count in counts.items())
            problems.append(f"{source}: too few texts of a label for the {name} part (got {got}); give both labels")
    if problems:
        raise InvalidInput(*problems)
