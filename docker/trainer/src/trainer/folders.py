"""Folders that are complete as soon as they have their name, and their digests."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import InvalidInput


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(folder: Path, names: Iterable[str] | None = None) -> str:
    """Return the digest of ``folder``: SHA-256 of what ``sha256sum`` prints for its files in byte order.

    Args:
        folder: a folder of regular files.
        names: only these files; the default is all of them, at any depth.
    """
    found = names if names is not None else _regular_files(folder)
    lines = (f"{file_sha256(folder / name)}  {name}\n".encode() for name in sorted(found, key=os.fsencode))
    return hashlib.sha256(b"".join(lines)).hexdigest()


def _regular_files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise InvalidInput(f"{path}: is neither a file nor a folder; a version holds regular files only")
        if path.is_file():
            yield path.relative_to(folder).as_posix()


@contextmanager
def complete_folder(target: Path) -> Iterator[Path]:
    """Give a temporary sibling of ``target`` to write into, and rename it when all went well.

    After an error or a signal nothing of it is left. If ``target`` holds the same bytes already, it is kept as it
    is, so that a step can be run again.

    Raises:
        InvalidInput: if ``target`` exists with other content.
    """
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.parent / f".{target.name}.{secrets.token_hex(6)}.tmp"
    beside.mkdir()
    try:
        yield beside
        _flush(beside)
        _publish(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _flush(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _publish(beside: Path, target: Path) -> None:
    try:
        beside.rename(target)
    except OSError:
        if not target.exists():
            raise
        if not target.is_dir() or digest(target) != digest(beside):
            raise InvalidInput(
                f"{target}: exists already with other content; choose a folder that does not exist"
            ) from None
