"""Removing what nobody needs: old folders of a served volume, and contents of the remote that no version needs."""

import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from . import store
from .errors import InvalidInput
from .git import Repository
from .lock import LOCK_FILE, lock, refuse_if_locked, unlock
from .logs import event
from .names import problems
from .registry import Registry, read_registry
from .store import Remote
from .version import fresh_clone, until_accepted

_LEFTOVER_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Keep:
    """Which versions stay on a volume, besides those that a stage holds or would go back to.

    Attributes:
        newest: how many of the newest versions.
        pinned: versions that some cluster pins.
    """

    newest: int = 5
    pinned: tuple[str, ...] = ()


def needed(registry: Registry, keep: Keep) -> set[str]:
    """Return the versions that must stay."""
    newest = [version.version for version in registry.versions[max(0, len(registry.versions) - keep.newest) :]]
    held = [version for stack in registry.stacks.values() for version in stack[-2:]]
    return {*newest, *held, *keep.pinned}


def clean_volume(repository: Repository, name: str, models: Path, keep: Keep) -> list[str]:
    """Delete folders ``models/<name>/<version>`` of registered versions that nobody needs; return their versions.

    Folders that are no registered version are left alone, but for day-old leftovers of a killed delivery.
    """
    with fresh_clone(repository) as (clone, _):
        registry = read_registry(clone, name)
    if not models.is_dir():
        raise InvalidInput(f"{models}: is no folder; name the one that holds the model folders")
    folder = models / name
    if not folder.is_dir():
        return []
    known = {version.version for version in registry.versions}
    removed = []
    for path in sorted(folder.iterdir()):
        if path.name in known - needed(registry, keep):
            _remove(path)
            removed.append(path.name)
        elif _is_leftover(path):
            shutil.rmtree(path, ignore_errors=True)
    event("volume cleaned", folder=str(folder), removed=removed)
    return removed


def _is_leftover(path: Path) -> bool:
    temporary = path.name.startswith(".") and path.name.endswith(".tmp")
    return temporary and time.time() - path.stat().st_mtime > _LEFTOVER_SECONDS


def _remove(path: Path) -> None:
    """Take the name away first, so that nobody meets half a version."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    path.rename(aside)
    shutil.rmtree(aside)


def clean_remote(repository: Repository, remote: Remote, run: str, take_over: bool) -> None:
    """Delete contents that no branch and no tag of the repository needs, while no version can be registered.

    Raises:
        InvalidInput: if garbage is being collected already; ``take_over`` says that that run is dead.
    """
    where = repository.described
    wrong = problems(run=run)
    if wrong:
        raise InvalidInput(*wrong)

    def begin() -> bool | None:
        with fresh_clone(repository) as (clone, _):
            if not store.is_initialised(clone):
                raise InvalidInput(f"{where}: is not a repository of DVC; register a version first")
            if (clone.folder / LOCK_FILE).exists() and take_over:
                return True
            refuse_if_locked(clone)
            return lock(clone, run) or None

    def end() -> bool | None:
        with fresh_clone(repository) as (clone, _):
            return not (clone.folder / LOCK_FILE).exists() or unlock(clone) or None

    until_accepted(begin, where)
    try:
        with fresh_clone(repository) as (clone, scratch):
            store.configure(clone, remote, scratch)
            store.collect_garbage(clone)
    finally:
        until_accepted(end, where)
    event("remote cleaned")
