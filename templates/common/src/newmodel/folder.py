"""The folder of a model version: complete under its name, and told from others by its digest."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from .errors import InvalidInput


def write(target: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder: complete under its name, or not at all. The same bytes may be written again.

    Args:
        target: where it is to be.
        fill: writes the files into the folder that it is given.

    Raises:
        InvalidInput: if there is another model already.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent))
    try:
        fill(beside)
        # Whoever serves it is another user, perhaps.
        for path in beside.iterdir():
            path.chmod(0o644)
        beside.chmod(0o755)
        if target.exists():
            if digest(target) != digest(beside):
                raise InvalidInput(f"{target}: holds another model; name a new folder")
            return
        beside.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def file_digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file, in the order in which the digest of a version takes them."""
    paths = sorted(folder.iterdir(), key=lambda path: path.name.encode())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def digest(folder: Path) -> str:
    """Return the digest of a version, as pins name it."""
    lines = [f"{sha256}  {name}\n" for name, sha256 in file_digests(folder).items()]
    return f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}"
