"""Registering a trained model folder as the next version.

The order makes it safe to kill this at any point: contents go to the DVC remote first, and one atomic push of branch
and tag, which never overwrites, makes them a version. What an unlucky run leaves behind is garbage, not a version.
"""

import json
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from . import store
from .errors import InvalidInput, shown
from .folders import digest, file_sha256
from .git import Clone, Repository
from .lock import refuse_if_locked
from .logs import event
from .names import check, is_line
from .registry import Registry, Version, read_registry
from .store import Remote

T = TypeVar("T")
DOCUMENT_FILE = "model.json"
NEXT = "next"
ATTEMPTS = 60
_LONGEST_PAUSE_SECONDS = 2.0


@dataclass(frozen=True)
class Request:
    """What to register.

    Attributes:
        folder: the model folder that training wrote; it is not changed.
        bump: which number to raise: major, minor or patch.
        run_key: a key of everything that went into the model; a run with a key that has a version gets that one.
        run: name of the workflow run, for people.
        version: the version to give, or ``next``.
    """

    folder: Path
    bump: str = "minor"
    run_key: str | None = None
    run: str | None = None
    version: str = NEXT


@contextmanager
def fresh_clone(repository: Repository) -> Iterator[tuple[Clone, Path]]:
    """Give a new clone and a folder for DVC's own files; both go away."""
    with tempfile.TemporaryDirectory(prefix="versioning-") as folder:
        # The temporary folder may be behind a link, and DVC would write paths from one to the other into Git's index.
        scratch = Path(folder).resolve()
        with store.isolated(scratch):
            yield repository.clone(scratch / "clone"), scratch


def until_accepted(attempt: Callable[[], T | None], where: str) -> T:
    """Repeat ``attempt`` while it returns None, which says that somebody else was faster.

    Raises:
        InvalidInput: if that happens too often.
    """
    for number in range(ATTEMPTS):
        result = attempt()
        if result is not None:
            return result
        event("somebody else was faster, trying again", attempt=number + 1)
        time.sleep(random.uniform(0, min(_LONGEST_PAUSE_SECONDS, 0.1 * 2**number)))
    raise InvalidInput(f"{where}: others were faster {ATTEMPTS} times; run again when there is less to do")


def create_version(repository: Repository, remote: Remote, request: Request) -> Version:
    """Register a model folder and return its version.

    Raises:
        InvalidInput: if the folder is no model, or the repository or remote cannot be used.
    """
    document = _read(request)
    name = document["name"]

    def attempt() -> Version | None:
        with fresh_clone(repository) as (clone, scratch):
            registry = read_registry(clone, name)
            existing = registry.with_run_key(request.run_key) if request.run_key else None
            if existing is not None:
                event("this run has a version already", version=existing.version)
                return existing
            refuse_if_locked(clone)
            return _register(clone, scratch, remote, registry, document, request)

    return until_accepted(attempt, repository.described)


def refuse_taken(clone: Clone, name: str, version: str) -> None:
    """Raise InvalidInput if ``version`` has a tag, also one that was withdrawn: tags are only ever added."""
    if clone.run("tag", "--list", f"{name}@{version}").strip():
        raise InvalidInput(f"{name}@{version}: exists already; choose another version, or next")


def _read(request: Request) -> dict[str, Any]:
    """Read and check the model folder: the members that become the tag, and the weights' digest."""
    path = request.folder / DOCUMENT_FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        name, weights = document["name"], document.get("weights")
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise InvalidInput(
            f"{path}: is no model document ({type(problem).__name__}: {problem}); name a model folder"
        ) from None
    check(name=str(name), run=request.run, run_key=request.run_key)
    digest(request.folder)
    if isinstance(weights, dict):
        file = request.folder / str(weights.get("file"))
        if not file.is_file() or file_sha256(file) != weights.get("sha256"):
            raise InvalidInput(f"{file}: is damaged or missing; train the model again")
    return document


def _register(
    clone: Clone, scratch: Path, remote: Remote, registry: Registry, document: dict[str, Any], request: Request
) -> Version | None:
    version = registry.next_version(request.bump) if request.version == NEXT else request.version
    if request.version != NEXT:
        refuse_taken(clone, registry.name, version)
    path = f"models/{registry.name}"
    changed = [] if store.is_initialised(clone) else store.initialise(clone, remote)
    store.configure(clone, remote, scratch)
    _place(request.folder, clone.folder / path, {**document, "version": version})
    found = digest(clone.folder / path)
    store.add_and_push(clone, path)
    event("contents are in the remote", version=version, digest=f"sha256:{found}")
    changed += [f"{path}.dvc", "models/.gitignore", *_declare(clone, registry.name, path)]
    trailers = _trailers(document, request, found)
    message = f"{registry.name} {version}\n\n" + "".join(f"{key}: {value}\n" for key, value in trailers.items())
    commit = clone.commit(message, changed)
    tag = clone.tag(f"{registry.name}@{version}", commit, message)
    if not clone.push(f"refs/heads/{clone.branch}", tag):
        return None
    event("registered", tag=f"{registry.name}@{version}", commit=commit)
    return Version(registry.name, version, commit, trailers)


def _place(source: Path, target: Path, document: dict[str, Any]) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, copy_function=shutil.copyfile)
    text = json.dumps(document, indent=2, sort_keys=True, allow_nan=False) + "\n"
    (target / DOCUMENT_FILE).write_text(text, encoding="ascii")


def _declare(clone: Clone, name: str, path: str) -> list[str]:
    """Name the model in dvc.yaml, so that ``dvc artifacts get`` and GTO find it; return the changed files."""
    file = clone.folder / "dvc.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else None
    content = content or {}
    artifacts = content.setdefault("artifacts", {})
    if name in artifacts:
        return []
    artifacts[name] = {"type": "model", "path": path}
    file.write_text(yaml.safe_dump(content, sort_keys=True), encoding="utf-8")
    return ["dvc.yaml"]


def _trailers(document: dict[str, Any], request: Request, found: str) -> dict[str, str]:
    data = document.get("data")
    trailers = {
        "Digest": f"sha256:{found}",
        "Metrics": json.dumps(document.get("metrics", {}), sort_keys=True),
        "Synthetic": json.dumps(document.get("synthetic") is True),
        "Data": data.get("sha256") if isinstance(data, dict) else None,
        "Code-Revision": document.get("codeRevision"),
        "Run-Key": request.run_key,
        "Workflow-Run": request.run,
    }
    wrong = [
        f"{request.folder / DOCUMENT_FILE}: {key} is not one line of text (got {shown(value)}); mend the document"
        for key, value in trailers.items()
        if value is not None and not (isinstance(value, str) and is_line(value))
    ]
    if wrong:
        raise InvalidInput(*wrong)
    return {key: value for key, value in trailers.items() if value is not None}
