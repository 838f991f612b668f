"""Stage tags: which version a stage is to hold. They are only ever added."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from .deliver import fetch
from .errors import InvalidInput
from .git import Clone, Repository
from .logs import event
from .registry import ROLLED_BACK, Registry, Version, read_registry
from .store import Remote
from .version import fresh_clone, until_accepted


@dataclass(frozen=True)
class Gate:
    """What a version must reach before it is promoted.

    Attributes:
        metric: name of a metric, larger is better.
        minimum: smallest value.
        largest_loss: how much lower than the version that the stage holds now.
    """

    metric: str = "accuracy"
    minimum: float | None = None
    largest_loss: float | None = None


@dataclass(frozen=True)
class Promotion:
    """The outcome: what the stage holds now and held before, and the tag, empty if nothing had to change."""

    version: Version
    previous: str | None
    tag: str


def promote(
    repository: Repository, remote: Remote, name: str, version: str, stage: str, gate: Gate, notes: dict[str, str]
) -> Promotion:
    """Let ``stage`` hold ``version``: check contents and metrics, then push a new stage tag.

    Args:
        repository: the model repository.
        remote: where its contents are.
        name: the model.
        version: a registered version.
        stage: such as production.
        gate: the metrics that are asked for.
        notes: more trailers of the tag: the run, who approved.
    """
    return _assign(repository, remote, _Change(name, stage, lambda registry: registry.find(version), gate, notes))


def rollback(repository: Repository, remote: Remote, name: str, stage: str, notes: dict[str, str]) -> Promotion:
    """Let ``stage`` hold again what it held before its current version: a promotion without a metric gate."""

    def previous(registry: Registry) -> Version:
        return registry.find(registry.previous(stage))

    return _assign(repository, remote, _Change(name, stage, previous, Gate(), notes, going_back=True))


@dataclass(frozen=True)
class _Change:
    name: str
    stage: str
    choose: Callable[[Registry], Version]
    gate: Gate
    notes: dict[str, str]
    going_back: bool = False


def _assign(repository: Repository, remote: Remote, change: _Change) -> Promotion:
    # A rollback is decided once: if somebody else rolls back meanwhile, going back one more would be wrong.
    seen: list[str | None] = []

    def attempt() -> Promotion | None:
        with fresh_clone(repository) as (clone, scratch):
            registry = read_registry(clone, change.name)
            held = registry.current(change.stage)
            seen.append(held)
            if change.going_back and held != seen[0]:
                where = f"{change.name}#{change.stage}"
                raise InvalidInput(f"{where}: was changed meanwhile (got {held}); look at it and run again")
            version = change.choose(registry)
            if held == version.version:
                event("the stage holds this version already", stage=change.stage, version=held)
                return Promotion(version, held, "")
            check_gate(registry, version, held, change.gate)
            fetch(clone, scratch, remote, version, None)
            return _push(clone, registry, version, held, change)

    return until_accepted(attempt, repository.described)


def _push(clone: Clone, registry: Registry, version: Version, held: str | None, change: _Change) -> Promotion | None:
    tag = f"{registry.name}#{change.stage}#{registry.counter + 1}"
    trailers = {"Version": version.version, "Digest": version.digest, **change.notes}
    if change.going_back and held is not None:
        trailers[ROLLED_BACK] = held
    message = f"{registry.name} {version.version} to {change.stage}\n\n"
    message += "".join(f"{key}: {value}\n" for key, value in trailers.items())
    if not clone.push(clone.tag(tag, version.commit, message)):
        return None
    event("promoted", tag=tag, version=version.version)
    return Promotion(version, held, tag)


def metric_of(version: Version, name: str) -> float:
    """Return what the tag of ``version`` says of a metric.

    Raises:
        InvalidInput: if it says nothing.
    """
    try:
        return float(json.loads(version.trailers["Metrics"])[name])
    except (KeyError, ValueError, TypeError):
        raise InvalidInput(f"{version.tag}: the tag tells no metric {name!r}; evaluate and register it again") from None


def check_gate(registry: Registry, version: Version, held: str | None, gate: Gate) -> None:
    """Raise InvalidInput with everything that keeps ``version`` from being promoted."""
    problems = []
    if gate.minimum is not None and metric_of(version, gate.metric) < gate.minimum:
        got = metric_of(version, gate.metric)
        problems.append(f"{version.tag}: {gate.metric} is below {gate.minimum} (got {got}); train a better one")
    if gate.largest_loss is not None and held is not None:
        loss = metric_of(registry.find(held), gate.metric) - metric_of(version, gate.metric)
        if loss > gate.largest_loss:
            problems.append(
                f"{version.tag}: {gate.metric} is lower than that of {held} by more than {gate.largest_loss} "
                f"(got {loss:.6g}); train a better one"
            )
    if problems:
        raise InvalidInput(*problems)
