"""The contents of versions in a DVC remote, through DVC itself.

See Also:
    https://dvc.org/doc/user-guide/data-management/remote-storage
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from .errors import InvalidInput, shown
from .git import Clone

REMOTE_NAME = "storage"


@dataclass(frozen=True)
class Remote:
    """Where DVC keeps contents.

    Attributes:
        url: a folder or ``s3://bucket/path``; None takes what the model repository says. Credentials of S3 come
            from the environment, as boto3 reads them.
        endpoint: URL of an S3-compatible server other than AWS.
    """

    url: str | None = None
    endpoint: str | None = None


@contextmanager
def isolated(folder: Path) -> Iterator[None]:
    """Keep DVC's settings, locks and indexes of this process in ``folder``; nothing is sent home."""
    own = {
        "DVC_NO_ANALYTICS": "1",
        "DVC_STUDIO_OFFLINE": "1",
        "DVC_GLOBAL_CONFIG_DIR": str(folder / "global"),
        "DVC_SYSTEM_CONFIG_DIR": str(folder / "system"),
        "DVC_SITE_CACHE_DIR": str(folder / "site"),
        # DVC asks for a user name, which the user number of a container need not have.
        "LOGNAME": os.environ.get("LOGNAME", "versioning"),
    }
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def is_initialised(clone: Clone) -> bool:
    """Return whether the repository is one of DVC."""
    return (clone.folder / ".dvc" / "config").is_file()


def initialise(clone: Clone, remote: Remote) -> list[str]:
    """Make an empty repository one of DVC, with ``remote`` as its default; return the files to commit.

    Raises:
        InvalidInput: if no remote is given.
    """
    if remote.url is None:
        raise InvalidInput(f"{clone.repository.described}: has no DVC remote yet (got no --remote); give --remote")
    with _quiet_dvc().init(str(clone.folder)) as repo, repo.config.edit("repo") as settings:
        settings["core"]["remote"] = REMOTE_NAME
        settings["remote"] = {REMOTE_NAME: _remote_settings(remote)}
    return [".dvc/config", ".dvc/.gitignore", ".dvcignore"]


def _remote_settings(remote: Remote) -> dict[str, str]:
    url = remote.url or ""
    url = url if "://" in url else str(Path(url).absolute())
    if "%(" in url:
        raise InvalidInput(f"--remote: DVC's settings cannot hold %( (got {shown(url)}); name another place")
    return {"url": url, **({"endpointurl": remote.endpoint} if remote.endpoint else {})}


def configure(clone: Clone, remote: Remote, scratch: Path) -> None:
    """Point this clone to ``remote`` and to a cache in ``scratch``, without touching what is committed."""
    with _open(clone) as repo, repo.config.edit("local") as settings:
        settings["cache"] = {"dir": str(scratch / "cache"), "type": ["copy"]}
        if remote.url is not None:
            settings["core"]["remote"] = "given"
            settings["remote"] = {"given": _remote_settings(remote)}


def add_and_push(clone: Clone, path: str) -> None:
    """Track the folder ``path`` and put its contents into the remote; returns when all of it is there.

    Raises:
        InvalidInput: if the remote cannot be written.
    """
    with _told(clone), _open(clone) as repo:
        repo.add(str(clone.folder / path))
        repo.push(targets=[str(clone.folder / f"{path}.dvc")])
        missing = repo.cloud.status(_objects(repo, clone.folder / f"{path}.dvc")).missing
        if missing:
            raise InvalidInput(
                f"{clone.repository.described}: the DVC remote lost what was just pushed; check the remote"
            )


def _objects(repo, target: Path):
    return [info for infos in repo.used_objs(targets=[str(target)]).values() for info in infos]


def pull(clone: Clone, path: str) -> None:
    """Bring the contents of ``path`` from the remote.

    Raises:
        InvalidInput: if something of it is missing there.
    """
    with _told(clone), _open(clone) as repo:
        repo.pull(targets=[str(clone.folder / f"{path}.dvc")])


def collect_garbage(clone: Clone) -> None:
    """Delete what no branch and no tag needs from the remote."""
    with _told(clone), _open(clone) as repo:
        repo.gc(all_branches=True, all_tags=True, workspace=True, cloud=True)


def _quiet_dvc():
    """Import DVC, which takes a second, only where it is needed; its own log goes to standard output."""
    from dvc.repo import Repo

    logging.getLogger("dvc").setLevel(logging.CRITICAL)
    return Repo


def _open(clone: Clone):
    return _quiet_dvc()(str(clone.folder))


@contextmanager
def _told(clone: Clone) -> Iterator[None]:
    """Turn what DVC and its file systems raise into a message, and keep standard output for results."""
    from botocore.exceptions import BotoCoreError
    from dvc.exceptions import DvcException

    try:
        with redirect_stdout(StringIO()):
            yield
    except (BotoCoreError, DvcException, OSError) as problem:
        reason = " ".join(f"{type(problem).__name__}: {problem}".split())[:300]
        raise InvalidInput(
            f"{clone.repository.described}: the DVC remote failed ({reason}); check the remote and its credentials"
        ) from None
