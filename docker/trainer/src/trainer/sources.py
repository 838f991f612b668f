"""Readers of the published forms of the review data: each yields ``Review`` or says what is wrong.

See Also:
    https://ai.stanford.edu/~amaas/data/sentiment/ (the aclImdb tree), the Kaggle export ``IMDB Dataset.csv`` with
    the columns ``review`` and ``sentiment``.
"""

import csv
import gzip
import json
import re
import tarfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from .errors import InvalidInput, shown
from .reviews import NEGATIVE, POSITIVE, Review

_LABELS = {"positive": POSITIVE, "pos": POSITIVE, "1": POSITIVE, "negative": NEGATIVE, "neg": NEGATIVE, "0": NEGATIVE}
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LONGEST_FIELD = 16 * 1024 * 1024
_SUFFIXES = {".csv": "kaggle", ".jsonl": "jsonl", ".ndjson": "jsonl", ".tar": "aclimdb", ".tgz": "aclimdb"}
_GZIP = b"\x1f\x8b"

Row = tuple[str, str, object, str, bool]
"""Where it stands, text, label as written, official split or empty, synthetic."""


def read_source(path: Path, form: str) -> list[Review]:
    """Read all reviews of ``path``.

    Args:
        path: a CSV or JSONL file (plain or gz), an aclImdb folder, or a tar archive of one.
        form: ``kaggle``, ``aclimdb``, ``jsonl``, or ``auto`` to tell by the name.

    Raises:
        InvalidInput: with every kind of mistake in the source, not only the first.
    """
    if not path.exists():
        raise InvalidInput(f"{path}: does not exist; mount the data set or name the right path")
    form = _guess(path) if form == "auto" else form
    if path.is_dir() and form != "aclimdb":
        raise InvalidInput(f"{path}: is a folder, which {form} data is not; name the file or use --format aclimdb")
    return list(_labelled(_READERS[form](path), path))


def _guess(path: Path) -> str:
    if path.is_dir():
        return "aclimdb"
    name = path.name.lower().removesuffix(".gz")
    for suffix, form in _SUFFIXES.items():
        if name.endswith(suffix):
            return form
    raise InvalidInput(f"{path}: the name does not tell the format; add --format kaggle, aclimdb or jsonl")


def _labelled(rows: Iterable[Row], path: Path) -> Iterator[Review]:
    unknown: Counter[str] = Counter()
    problems: list[str] = []
    for where, text, label, split, synthetic in rows:
        known = _LABELS.get(str(label).strip().lower()) if isinstance(label, (str, int)) else None
        cleaned = _LINE_BREAK.sub("\n", text).strip()
        if known is None:
            unknown[shown(label)] += 1
        elif not cleaned:
            problems.append(f"{path}: {where}: the text is empty; remove the record")
        else:
            yield Review(cleaned, known, synthetic, split)
    if unknown:
        listed = ", ".join(f"{label} {count} times" for label, count in unknown.most_common(10))
        problems.append(f"{path}: unknown labels (got {listed}); use positive and negative")
    if problems:
        raise InvalidInput(*problems[:20])


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        compressed = file.read(2) == _GZIP
    return gzip.open(path) if compressed else path.open("rb")


def _lines(path: Path) -> Iterator[str]:
    with _open(path) as file:
        number = 0
        try:
            for number, line in enumerate(file, start=1):
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise InvalidInput(f"{path}: line {number}: is not UTF-8; convert the file") from None
        except (EOFError, gzip.BadGzipFile, OSError) as problem:
            raise InvalidInput(f"{path}: after line {number}: {problem}; get the file again") from None


def _kaggle(path: Path) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_FIELD)
    rows = csv.DictReader(_lines(path), strict=True)
    try:
        if not {"review", "sentiment"} <= set(rows.fieldnames or ()):
            raise InvalidInput(
                f"{path}: needs the columns review and sentiment (got {shown(rows.fieldnames)}); name the right file"
            )
        for row in rows:
            if row["review"] is None or row["sentiment"] is None or None in row:
                raise InvalidInput(f"{path}: line {rows.line_num}: has not as many fields as the header; mend the row")
            yield f"line {rows.line_num}", row["review"], row["sentiment"], "", False
    except csv.Error as problem:
        raise InvalidInput(f"{path}: line {rows.line_num}: {problem}; mend the CSV") from None


def _jsonl(path: Path) -> Iterator[Row]:
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        where = f"line {number}"
        try:
            record = json.loads(line)
        except ValueError as problem:
            raise InvalidInput(f"{path}: {where}: is not JSON ({problem}); mend the line") from None
        record = record if isinstance(record, dict) else {}
        text = record.get("text", record.get("review"))
        if not isinstance(text, str):
            raise InvalidInput(f"{path}: {where}: has no text (got {shown(line.strip())}); add the member text")
        yield where, text, record.get("label", record.get("sentiment")), "", record.get("synthetic") is True


def _aclimdb(path: Path) -> Iterator[Row]:
    """Yield the files ``{train,test}/{pos,neg}/*.txt``, wherever the tree begins; ``unsup`` is left out."""
    files = _tree(path) if path.is_dir() else _archive(path)
    for name, read in files:
        parts = PurePosixPath(name).parts
        if len(parts) < 3 or parts[-3] not in ("train", "test") or parts[-2] in ("unsup", ""):
            continue
        if not parts[-1].endswith(".txt") or parts[-1].startswith("."):
            continue
        try:
            yield name, read().decode("utf-8"), parts[-2], parts[-3], False
        except UnicodeDecodeError:
            raise InvalidInput(f"{path}: {name}: is not UTF-8; convert the file") from None


def _tree(path: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for file in sorted(path.rglob("*.txt")):
        yield file.relative_to(path.parent).as_posix(), file.read_bytes


def _archive(path: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Read members in place: nothing of an archive is ever unpacked onto the disk."""
    try:
        with tarfile.open(path, "r|*") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is not None:
                    yield member.name, content.read
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, OSError) as problem:
        raise InvalidInput(f"{path}: is not a readable archive ({problem}); get the file again") from None


_READERS: dict[str, Callable[[Path], Iterator[Row]]] = {"kaggle": _kaggle, "aclimdb": _aclimdb, "jsonl": _jsonl}
FORMATS = ("auto", *_READERS)
