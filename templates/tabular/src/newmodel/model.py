"""The model: logistic regression on standardised columns, and its folder."""

import hashlib
import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .data import FEATURES, LABELS, Row
from .errors import InvalidInput
from .folder import digest, write

DOCUMENT, WEIGHTS = "model.json", "weights.f32"
ITERATIONS = 200


@dataclass(frozen=True)
class Model:
    """A model in memory.

    Attributes:
        document: what model.json holds.
        weights: one for each feature.
    """

    document: dict[str, Any]
    weights: tuple[float, ...]

    def score(self, features: tuple[float, ...]) -> float:
        """Return the probability of the last label."""
        columns = self.document["features"]
        scaled = _scale(features, columns["means"], columns["scales"])
        return _probability(self.document["bias"] + sum(w * x for w, x in zip(self.weights, scaled, strict=True)))


def _scale(features, means, scales):
    return [(value - mean) / scale for value, mean, scale in zip(features, means, scales, strict=True)]


def _probability(margin: float) -> float:
    return 1 / (1 + math.exp(-margin)) if margin >= 0 else 1 - 1 / (1 + math.exp(margin))


def fit(rows: list[Row], strength: float, name: str, code_revision: str, data: dict[str, Any]) -> Model:
    """Train by gradient descent; the same rows give the same model.

    Args:
        rows: what it learns from.
        strength: of the penalty on large weights.
        name: of the model.
        code_revision: of this program.
        data: what model.json says of the data set.
    """
    columns = list(zip(*(row.features for row in rows), strict=True))
    means = [math.fsum(column) / len(column) for column in columns]
    scales = [
        math.sqrt(math.fsum((value - mean) ** 2 for value in column) / len(column)) or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]
    scaled = [_scale(row.features, means, scales) for row in rows]
    weights, bias = [0.0] * len(FEATURES), 0.0
    for _ in range(ITERATIONS):
        errors = [
            _probability(bias + sum(w * x for w, x in zip(weights, features, strict=True))) - row.label
            for features, row in zip(scaled, rows, strict=True)
        ]
        bias -= math.fsum(errors) / len(rows)
        for index in range(len(weights)):
            gradient = math.fsum(error * features[index] for error, features in zip(errors, scaled, strict=True))
            weights[index] -= gradient / len(rows) + strength * weights[index]
    stored = struct.pack(f"<{len(weights)}f", *weights)
    document = {
        "schema": "cdk8s-mlops/model/v1",
        "name": name,
        "version": "v0.0.0-unversioned",
        "task": "classification",
        "labels": list(LABELS),
        "features": {"scheme": "standardised-columns-v1", "names": list(FEATURES), "means": means, "scales": scales},
        "weights": {"file": WEIGHTS, "count": len(weights), "sha256": hashlib.sha256(stored).hexdigest()},
        "bias": bias,
        "synthetic": any(row.synthetic for row in rows),
        "data": data,
        "training": {"strength": strength, "iterations": ITERATIONS},
        "codeRevision": code_revision,
    }
    return Model(document, struct.unpack(f"<{len(weights)}f", stored))


def measure(model: Model, rows: list[Row]) -> dict[str, float | int]:
    """Return metrics on rows that it has not learned from."""
    scores = [(model.score(row.features), row.label) for row in rows]
    right = sum((score >= 0.5) == bool(label) for score, label in scores)
    loss = -math.fsum(math.log(max(1e-12, score if label else 1 - score)) for score, label in scores)
    return {"accuracy": right / len(rows), "logLoss": loss / len(rows), "examples": len(rows)}


def with_proof(model: Model, rows: list[Row]) -> Model:
    """Add metrics, and golden rows that a server must score alike before it is ready."""
    golden = [{"features": row.features, "score": model.score(row.features)} for row in rows[:8]]
    return Model({**model.document, "metrics": measure(model, rows), "golden": golden}, model.weights)


def save(model: Model, target: Path) -> None:
    """Write the folder of a model.

    Raises:
        InvalidInput: if there is another model already.
    """

    def fill(folder: Path) -> None:
        (folder / DOCUMENT).write_text(json.dumps(model.document, indent=2) + "\n", encoding="utf-8")
        (folder / WEIGHTS).write_bytes(struct.pack(f"<{len(model.weights)}f", *model.weights))

    write(target, fill)


def load(folder: Path, expected: str | None = None) -> Model:
    """Read the folder of a model and prove that it is whole.

    Raises:
        InvalidInput: if it is damaged, is not ``expected``, or does not score its golden rows as stored.
    """
    try:
        document = json.loads((folder / DOCUMENT).read_text(encoding="utf-8"))
        stored = (folder / WEIGHTS).read_bytes()
        weights = struct.unpack(f"<{len(FEATURES)}f", stored)
        names = tuple(document["features"]["names"])
    except (OSError, ValueError, KeyError, TypeError, struct.error) as problem:
        raise InvalidInput(f"{folder}: is no model of new-model ({problem!r}); name the folder of a version") from None
    model = Model(document, weights)
    if expected and digest(folder) != expected:
        raise InvalidInput(f"{folder}: is another version than the pinned {expected}; mount the pinned one")
    if hashlib.sha256(stored).hexdigest() != document["weights"]["sha256"] or names != FEATURES:
        raise InvalidInput(f"{folder}: is damaged, or has other features; train it again")
    for golden in document["golden"]:
        if abs(model.score(tuple(golden["features"])) - golden["score"]) > 1e-9:
            raise InvalidInput(f"{folder}: does not score {golden['features']} as stored; train it again")
    return model
