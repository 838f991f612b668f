"""Deciding before training: whether the same run has made a version already, and whether the wanted one is free."""

import hashlib
import json
from dataclasses import dataclass

from .errors import InvalidInput
from .git import Repository
from .logs import event
from .registry import Version, read_registry
from .version import NEXT, fresh_clone, refuse_taken


@dataclass(frozen=True)
class Resolution:
    """What a run has to do.

    Attributes:
        run_key: SHA-256 of everything that makes the model what it is.
        version: the version that a run with this key has made; None if it has to train.
    """

    run_key: str
    version: Version | None


def run_key(name: str, inputs: dict[str, str]) -> str:
    """Return the key of a run: the same for the same model and inputs, whatever their order."""
    text = json.dumps({"model": name, "inputs": inputs}, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def parse_inputs(pairs: list[str]) -> dict[str, str]:
    """Read ``KEY=VALUE`` pairs.

    Raises:
        InvalidInput: if one has no ``=``, no key, or a key that was there before.
    """
    inputs: dict[str, str] = {}
    problems = []
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key:
            problems.append(f"--input: is no pair (got {pair!r}); write KEY=VALUE")
        elif key in inputs:
            problems.append(f"--input: {key} is there twice; give each input once")
        inputs[key] = value
    if problems:
        raise InvalidInput(*problems)
    return inputs


def resolve_run(repository: Repository, name: str, wanted: str, inputs: dict[str, str]) -> Resolution:
    """Find the version that a run with these inputs has made, or make sure that the wanted one is free.

    Args:
        repository: the model repository.
        name: the model.
        wanted: a version, or ``next``.
        inputs: everything that makes the model what it is: digest of the data, parameters, images.

    Raises:
        InvalidInput: if the wanted version exists and was made from other inputs.
    """
    key = run_key(name, inputs)
    with fresh_clone(repository) as (clone, _):
        existing = read_registry(clone, name).with_run_key(key)
        if existing is not None and wanted in (NEXT, existing.version):
            event("this run has a version already", version=existing.version)
            return Resolution(key, existing)
        if existing is not None:
            raise InvalidInput(
                f"--version: the same inputs have made another version (got {wanted}); use {existing.version}, or next"
            )
        if wanted != NEXT:
            refuse_taken(clone, name, wanted)
        return Resolution(key, None)
