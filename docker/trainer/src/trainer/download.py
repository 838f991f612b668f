"""Where a data set comes from: a path, a URL, or a revision in a DVC repository."""

import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from .errors import InvalidInput, shown
from .folders import file_sha256
from .logs import event

_TIMEOUT_SECONDS = 60


def described(source: str) -> str:
    """Return ``source`` without what may be secret in a URL: user, password, query and fragment."""
    parts = urlsplit(source)
    if not parts.scheme or not parts.netloc:
        return source
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


@contextmanager
def local_copy(source: str, sha256: str | None) -> Iterator[Path]:
    """Give the path of ``source``, downloaded into a temporary folder if it is a URL.

    Args:
        source: a path, or an ``http`` or ``https`` URL.
        sha256: what the file must have, in hexadecimal; None accepts any content.
    """
    scheme = urlsplit(source).scheme
    with tempfile.TemporaryDirectory() as folder:
        if scheme in ("http", "https"):
            path = _download(source, Path(folder))
        elif "://" in source:
            raise InvalidInput(f"--source: scheme is not supported (got {shown(scheme)}); use a path, http or https")
        else:
            path = Path(source)
        _compare(path, sha256, source)
        yield path


def _compare(path: Path, expected: str | None, source: str) -> None:
    if expected is None:
        return
    if not path.is_file():
        raise InvalidInput(f"{described(source)}: is no file, --sha256 is for files; leave it out")
    actual = file_sha256(path)
    if actual != expected.lower():
        raise InvalidInput(
            f"{described(source)}: has another SHA-256 (got {actual}); get the file again or mend --sha256"
        )


def _download(url: str, folder: Path) -> Path:
    where = described(url)
    target = folder / (PurePosixPath(urlsplit(url).path).name or "download")
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as reply, target.open("wb") as file:
            shutil.copyfileobj(reply, file)
            length = reply.headers.get("Content-Length")
    except urllib.error.HTTPError as problem:
        raise InvalidInput(f"{where}: the server refused (got status {problem.code}); mend the URL") from None
    except (urllib.error.URLError, HTTPException, OSError, ValueError) as problem:
        reason = getattr(problem, "reason", problem)
        raise InvalidInput(f"{where}: cannot be downloaded ({reason}); check the URL and the network") from None
    size = target.stat().st_size
    if length is not None and size != int(length):
        raise InvalidInput(f"{where}: the download broke off (got {size} of {length} bytes); try again")
    event("downloaded", source=where, bytes=size)
    return target


@contextmanager
def dvc_copy(repository: str, path: str, revision: str) -> Iterator[Path]:
    """Give ``path`` as it was at ``revision`` of a DVC repository, fetched from its remote by ``dvc get``.

    See Also:
        https://dvc.org/doc/command-reference/get
    """
    if find_spec("dvc") is None:
        raise InvalidInput("--revision: DVC is not installed (got no module dvc); install the extra trainer[dvc]")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / (PurePosixPath(path).name or "data")
        command = [sys.executable, "-m", "dvc", "get", f"--rev={revision}", f"--out={target}", "--"]
        # DVC asks for a user name, which the user number of a container need not have.
        own = {"DVC_NO_ANALYTICS": "1", "GIT_TERMINAL_PROMPT": "0", "LOGNAME": os.environ.get("LOGNAME", "trainer")}
        done = subprocess.run(
            [*command, repository, path], env={**os.environ, **own}, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            reason = " ".join(done.stderr.split())[-300:]
            raise InvalidInput(
                f"{described(repository)}: cannot get {shown(path)} at {shown(revision)} ({reason}); check the "
                "repository, path and revision"
            )
        yield target
