"""Bringing a registered version to where it is used, and proving that it is what was registered."""

import shutil
from pathlib import Path

from . import store
from .errors import InvalidInput
from .folders import complete_folder, digest
from .git import Clone, Repository
from .logs import event
from .registry import Version, read_registry
from .store import Remote
from .version import fresh_clone


def resolve(clone: Clone, name: str, version: str | None, stage: str | None) -> Version:
    """Return the version that is meant: the named one, or the one that ``stage`` holds."""
    registry = read_registry(clone, name)
    if version is not None:
        return registry.find(version)
    held = registry.current(stage or "")
    if held is None:
        raise InvalidInput(f"{name}#{stage}: holds no version; promote one")
    return registry.find(held)


def verify(repository: Repository, remote: Remote, name: str, version: str, expected: str | None) -> Version:
    """Fetch a version as any user would, and compare its digest with the tag's and with ``expected``.

    Raises:
        InvalidInput: if it cannot be fetched, or is not what was registered.
    """
    with fresh_clone(repository) as (clone, scratch):
        found = resolve(clone, name, version, None)
        fetch(clone, scratch, remote, found, expected)
        return found


def pull(
    repository: Repository,
    remote: Remote,
    wanted: tuple[str, str | None, str | None],
    expected: str | None,
    target: Path,
) -> Version:
    """Write a version to ``target``, complete and checked, or not at all.

    Args:
        repository: the model repository.
        remote: where its contents are.
        wanted: name of the model, and a version or a stage.
        expected: digest that the version must have; a pin names it.
        target: folder to make. If it holds the same version already, it stays as it is.
    """
    with fresh_clone(repository) as (clone, scratch):
        found = resolve(clone, *wanted)
        content = fetch(clone, scratch, remote, found, expected)
        with complete_folder(target) as beside:
            shutil.copytree(content, beside, dirs_exist_ok=True, copy_function=shutil.copyfile)
        event("delivered", tag=found.tag, folder=str(target), digest=found.digest)
        return found


def fetch(clone: Clone, scratch: Path, remote: Remote, version: Version, expected: str | None) -> Path:
    """Bring the contents of ``version`` into the clone and return their folder.

    Raises:
        InvalidInput: if the digest is not that of the tag, or not ``expected``.
    """
    if not version.digest:
        raise InvalidInput(f"{version.tag}: the tag tells no digest; register the model with version")
    if expected is not None and expected != version.digest:
        raise InvalidInput(f"{version.tag}: is not the pinned one (got {version.digest}); the pin says {expected}")
    clone.run("checkout", "--quiet", "--force", "--detach", version.commit)
    path = f"models/{version.name}"
    store.configure(clone, remote, scratch)
    store.pull(clone, path)
    actual = f"sha256:{digest(clone.folder / path)}"
    if actual != version.digest:
        raise InvalidInput(f"{version.tag}: has another digest (got {actual}); the tag says {version.digest}")
    event("verified", tag=version.tag, digest=actual)
    return clone.folder / path
