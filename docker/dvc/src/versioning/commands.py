"""The commands: their options, and what each does with them."""

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import deliver, garbage, names
from .errors import InvalidInput
from .git import Credentials, Repository
from .promote import Gate, Promotion, promote, rollback
from .proposal import PREVIOUS
from .registry import Version
from .store import Remote
from .version import NEXT, Request, create_version


@dataclass(frozen=True)
class Command:
    """A subcommand: name, one-line summary, its options, and the function that returns its result."""

    name: str
    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], dict[str, Any] | None]


def repository_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where the model repository is and how to get in."""
    parser.add_argument("--repository", required=True, metavar="URL", help="Git URL or path of the model repository")
    parser.add_argument("--ssh-key", type=Path, metavar="FILE", help="private key for an SSH repository")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="token for an HTTPS repository")


def remote_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the repository, and where its contents are."""
    repository_arguments(parser)
    parser.add_argument("--remote", metavar="URL", help="DVC remote: folder or s3://...; default: the repository's own")
    parser.add_argument("--remote-endpoint", metavar="URL", help="S3-compatible server of the remote")


def model_arguments(parser: argparse.ArgumentParser) -> None:
    """Add which model."""
    parser.add_argument("--name", required=True, help="model name")


def _run_argument(parser: argparse.ArgumentParser) -> None:
    default = os.environ.get("WORKFLOW_RUN")
    parser.add_argument("--run", dest="workflow_run", default=default, metavar="NAME", help="default $WORKFLOW_RUN")


def repository_of(options: argparse.Namespace) -> Repository:
    """Return the model repository that the options name."""
    names.check(repository=options.repository)
    return Repository(options.repository, Credentials(options.ssh_key, options.token_file))


def remote_of(options: argparse.Namespace) -> Remote:
    """Return the DVC remote that the options name."""
    names.check(remote=options.remote, remote_endpoint=options.remote_endpoint)
    return Remote(options.remote, options.remote_endpoint)


def described(version: Version) -> dict[str, Any]:
    """Return what every command tells of a version."""
    return {"name": version.name, "version": version.version, "tag": version.tag, "digest": version.digest}


def _version_arguments(parser: argparse.ArgumentParser) -> None:
    remote_arguments(parser)
    parser.add_argument("--model", type=Path, required=True, metavar="DIR", help="model folder that training wrote")
    parser.add_argument("--bump", choices=("major", "minor", "patch"), default="minor", help="default minor")
    parser.add_argument("--version", default=NEXT, metavar="VERSION", help="such as v1.2.0; default next")
    parser.add_argument("--run-key", metavar="KEY", help="a second run with this key gets the version of the first")
    _run_argument(parser)


def _version(options: argparse.Namespace) -> dict[str, Any]:
    if options.version != NEXT:
        names.check(version=options.version)
    request = Request(options.model, options.bump, options.run_key, options.workflow_run, options.version)
    version = create_version(repository_of(options), remote_of(options), request)
    return {**described(version), "commit": version.commit}


def _verify_arguments(parser: argparse.ArgumentParser) -> None:
    remote_arguments(parser)
    model_arguments(parser)
    parser.add_argument("--version", required=True, metavar="VERSION", help="such as v1.2.0")
    parser.add_argument("--digest", metavar="DIGEST", help="refuse another digest than sha256:...")


def _verify(options: argparse.Namespace) -> dict[str, Any]:
    names.check(name=options.name, version=options.version, digest=options.digest)
    found = deliver.verify(repository_of(options), remote_of(options), options.name, options.version, options.digest)
    return described(found)


def _pull_arguments(parser: argparse.ArgumentParser) -> None:
    remote_arguments(parser)
    model_arguments(parser)
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--version", metavar="VERSION", help="such as v1.2.0")
    chosen.add_argument("--stage", metavar="STAGE", help="the version that this stage holds")
    parser.add_argument("--digest", metavar="DIGEST", help="refuse another digest than sha256:...")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder of the version to make")


def _pull(options: argparse.Namespace) -> dict[str, Any]:
    names.check(name=options.name, version=options.version, stage=options.stage, digest=options.digest)
    wanted = (options.name, options.version, options.stage)
    found = deliver.pull(repository_of(options), remote_of(options), wanted, options.digest, options.output)
    return {**described(found), "folder": str(options.output)}


def _stage_arguments(parser: argparse.ArgumentParser) -> None:
    remote_arguments(parser)
    model_arguments(parser)
    parser.add_argument("--stage", required=True, help="such as production")
    parser.add_argument("--approved-by", metavar="WHO", help="kept in the tag")
    _run_argument(parser)


def _promote_arguments(parser: argparse.ArgumentParser) -> None:
    _stage_arguments(parser)
    parser.add_argument("--version", required=True, metavar="VERSION", help="such as v1.2.0")
    parser.add_argument("--metric", default="accuracy", help="metric of the gate, larger is better; default accuracy")
    parser.add_argument("--minimum", type=float, metavar="VALUE", help="smallest value of the metric")
    parser.add_argument("--largest-loss", type=float, metavar="VALUE", help="how much below the version it replaces")


def _notes(options: argparse.Namespace) -> dict[str, str]:
    names.check(name=options.name, stage=options.stage, run=options.workflow_run, approved_by=options.approved_by)
    notes = {"Workflow-Run": options.workflow_run, "Approved-By": options.approved_by}
    return {key: value for key, value in notes.items() if value is not None}


def _promoted(promotion: Promotion) -> dict[str, Any]:
    return {
        **described(promotion.version),
        "previous": promotion.previous or "",
        "stageTag": promotion.tag,
        "changed": bool(promotion.tag),
    }


def _promote(options: argparse.Namespace) -> dict[str, Any]:
    notes = _notes(options)
    names.check(version=options.version)
    gate = Gate(options.metric, options.minimum, options.largest_loss)
    where = (repository_of(options), remote_of(options))
    return _promoted(promote(*where, options.name, options.version, options.stage, gate, notes))


def _rollback(options: argparse.Namespace) -> dict[str, Any]:
    notes = _notes(options)
    return _promoted(rollback(repository_of(options), remote_of(options), options.name, options.stage, notes))


def _gc_arguments(parser: argparse.ArgumentParser) -> None:
    remote_arguments(parser)
    parser.add_argument("--models", type=Path, metavar="DIR", help="clean this volume of model folders; needs --name")
    parser.add_argument("--name", help="model to clean on the volume")
    parser.add_argument("--keep", type=int, default=5, metavar="N", help="newest versions that stay; default 5")
    pinned = f"version that a cluster pins, or {PREVIOUS}, which stays anyway"
    parser.add_argument("--pinned", action="append", default=[], metavar="VERSION", help=pinned)
    parser.add_argument("--contents", action="store_true", help="clean the DVC remote of what no version needs")
    parser.add_argument("--take-over", action="store_true", help="the run that holds the lock is dead")
    _run_argument(parser)


def _gc(options: argparse.Namespace) -> dict[str, Any]:
    pinned = tuple(version for version in options.pinned if version != PREVIOUS)
    found = [problem for version in pinned for problem in names.problems(pinned=version)]
    found += names.problems(name=options.name, run=options.workflow_run)
    if options.models is None and not options.contents:
        found.append("gc: nothing to clean; give --models, --contents or both")
    if options.models is not None and options.name is None:
        found.append("--models: needs the model (got no --name); give --name")
    if options.keep < 1:
        found.append(f"--keep: is not above 0 (got {options.keep}); keep at least 1")
    if found:
        raise InvalidInput(*found)
    removed: list[str] = []
    if options.models is not None:
        keep = garbage.Keep(options.keep, pinned)
        removed = garbage.clean_volume(repository_of(options), options.name, options.models, keep)
    if options.contents:
        run = options.workflow_run or "by hand"
        garbage.clean_remote(repository_of(options), remote_of(options), run, options.take_over)
    return {"removed": removed, "contentsCleaned": options.contents}


COMMANDS = (
    Command("version", "register a model folder as the next version", _version_arguments, _version),
    Command("verify", "fetch a version and check its digest", _verify_arguments, _verify),
    Command("pull", "write a version into a folder, checked", _pull_arguments, _pull),
    Command("promote", "let a stage hold a version", _promote_arguments, _promote),
    Command("rollback", "let a stage hold what it held before", _stage_arguments, _rollback),
    Command("gc", "remove versions and contents that nobody needs", _gc_arguments, _gc),
)
