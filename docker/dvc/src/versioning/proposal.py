"""What a promotion would do, checked before anybody approves it; nothing is changed."""

from dataclasses import dataclass

from .deliver import fetch
from .git import Repository
from .promote import Gate, check_gate
from .registry import Version, read_registry
from .store import Remote
from .version import fresh_clone

PREVIOUS = "previous"


@dataclass(frozen=True)
class Proposal:
    """The version that would be promoted, and the one that the stage holds now."""

    version: Version
    held: str | None


def propose(repository: Repository, remote: Remote, name: str, wanted: str, stage: str, gate: Gate) -> Proposal:
    """Resolve what is wanted and check its contents and metrics.

    Args:
        repository: the model repository.
        remote: where its contents are.
        name: the model.
        wanted: a version, or ``previous``: what the stage held before, which no gate keeps from coming back.
        stage: such as production.
        gate: the metrics that are asked for.

    Raises:
        InvalidInput: if there is no such version, its contents are not those of the tag, or its metrics too bad.
    """
    with fresh_clone(repository) as (clone, scratch):
        registry = read_registry(clone, name)
        version = registry.find(registry.previous(stage) if wanted == PREVIOUS else wanted)
        held = registry.current(stage)
        if wanted != PREVIOUS:
            check_gate(registry, version, held, gate)
        fetch(clone, scratch, remote, version, None)
        return Proposal(version, held)
