"""The gate between training and versioning: the best of the trained candidates, if it is good enough."""

import json
import operator
from dataclasses import dataclass
from pathlib import Path

from .errors import InvalidInput, shown
from .git import Repository
from .logs import event
from .promote import metric_of
from .registry import read_registry
from .version import fresh_clone

OPERATORS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
REPORT_FILE = "report/report.json"


@dataclass(frozen=True)
class Bound:
    """What the metric of the best candidate must reach.

    Attributes:
        metric: name of a metric in report.json.
        operator: ``>=`` and ``>`` call larger values better, ``<=`` and ``<`` smaller ones.
        value: the bound; with ``served_by``, how far from the served version's metric.
        served_by: stage whose version is compared with; None compares with ``value`` alone. A stage that holds no
            version yet lets every candidate pass.
    """

    metric: str
    operator: str
    value: float
    served_by: str | None = None


@dataclass(frozen=True)
class Choice:
    """The candidate that passed.

    Attributes:
        candidate: name of its folder.
        folder: its model folder.
        metric: its metric.
        served: the metric of the served version, if there is one to compare with.
    """

    candidate: str
    folder: Path
    metric: float
    served: float | None


def choose(candidates: Path, name: str, bound: Bound, repository: Repository) -> Choice:
    """Return the best candidate.

    Args:
        candidates: folder with one folder for each candidate: ``model/`` and ``report/report.json``.
        name: the model.
        bound: what the best one must reach.
        repository: the model repository, which tells the metrics of the served version.

    Raises:
        InvalidInput: if there is no candidate, a report is damaged, or the best one is not good enough.
    """
    metrics = {folder.name: _reported(folder, bound.metric) for folder in _folders(candidates)}
    better = max if bound.operator.startswith(">") else min
    # The first by name of equals, so that a repeated run chooses the same.
    best = better(sorted(metrics), key=lambda candidate: metrics[candidate])
    served = _served(repository, name, bound)
    limit = bound.value if served is None else served + bound.value
    event("compared", metric=bound.metric, candidates=metrics, served=served, limit=limit)
    if bound.served_by is not None and served is None:
        event("the stage holds no version yet: nothing to compare with", stage=bound.served_by)
    elif not OPERATORS[bound.operator](metrics[best], limit):
        beside = "" if served is None else f"; the served version has {served}"
        raise InvalidInput(
            f"{name}: {bound.metric} of the best candidate {best} is not {bound.operator} {limit:.6g} "
            f"(got {metrics[best]}{beside}); train on more data, or mend the gate"
        )
    return Choice(best, candidates / best / "model", metrics[best], served)


def _folders(candidates: Path) -> list[Path]:
    found = sorted(path for path in candidates.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not found:
        raise InvalidInput(f"{candidates}: holds no candidate; train one")
    return found


def _reported(folder: Path, metric: str) -> float:
    path = folder / REPORT_FILE
    try:
        value = json.loads(path.read_text(encoding="utf-8"))["metrics"][metric]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise InvalidInput(f"{path}: tells no {metric} ({type(problem).__name__}); evaluate the candidate") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidInput(f"{path}: {metric} is no number (got {shown(value)}); evaluate the candidate")
    return float(value)


def _served(repository: Repository, name: str, bound: Bound) -> float | None:
    if bound.served_by is None:
        return None
    with fresh_clone(repository) as (clone, _):
        registry = read_registry(clone, name)
        held = registry.current(bound.served_by)
        return None if held is None else metric_of(registry.find(held), bound.metric)
