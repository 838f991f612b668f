"""The model folder of docs/model-contract.md: reading, writing and scoring."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
from scipy.special import expit

from . import features
from .errors import InvalidInput, shown
from .folders import complete_folder, file_sha256
from .reviews import LABELS

SCHEMA = "cdk8s-mlops/model/v1"
UNVERSIONED = "v0.0.0-unversioned"
WEIGHTS_FILE, DOCUMENT_FILE = "weights.f32", "model.json"
LARGEST_WEIGHT, LARGEST_BIAS = 16.0, 1024.0
SCORE_TOLERANCE = 1e-9
_STEP = 2.0**-20


@dataclass(frozen=True)
class Model:
    """A linear model over hashed n-grams.

    Attributes:
        weights: one binary32 number per bucket, each a multiple of 2**-20.
        bias: what a text without features scores, a multiple of 2**-20.
        slope: calibration, above 0.
        intercept: calibration.
        document: the content of model.json; empty while a model is being trained.
    """

    weights: np.ndarray
    bias: float
    slope: float
    intercept: float
    document: dict[str, Any]

    @property
    def bits(self) -> int:
        """Binary logarithm of the number of buckets."""
        return int(self.weights.size).bit_length() - 1

    def margins(self, texts: Iterable[str]) -> np.ndarray:
        """Return the margin of each text: exact, whatever the order of summation."""
        return features.margins(texts, self.weights, self.bias)

    def scores(self, texts: Iterable[str]) -> np.ndarray:
        """Return the calibrated probability that each text is positive."""
        return self.calibrated(self.margins(texts))

    def calibrated(self, margins: np.ndarray) -> np.ndarray:
        """Return the probabilities that belong to ``margins``."""
        return expit(self.slope * margins + self.intercept)

    def contributions(self, text: str) -> list[tuple[str, float]]:
        """Return each feature of ``text`` with what it adds to the margin, strongest first."""
        hashed = features.ngrams([text], self.bits)
        _, first = np.unique(hashed.buckets, return_index=True)
        spelled = [(hashed.spelled(index), float(self.weights[hashed.buckets[index]])) for index in first]
        return sorted(spelled, key=lambda part: (-abs(part[1]), part[0]))


def on_grid(values: np.ndarray | float, largest: float) -> np.ndarray:
    """Round to multiples of 2**-20 and cut at ``largest``, so that sums of them are exact in binary64."""
    return np.clip(np.round(np.asarray(values, dtype=np.float64) / _STEP) * _STEP, -largest, largest) + 0.0


def golden(model: Model, texts: Iterable[str]) -> list[dict[str, Any]]:
    """Return what ``model`` answers to ``texts``, as model.json stores it."""
    chosen = list(texts)
    margins = model.margins(chosen)
    scores = model.calibrated(margins)
    rows = zip(chosen, margins.tolist(), scores.tolist(), strict=True)
    return [{"text": text, "margin": margin, "score": score} for text, margin, score in rows]


def write_model(model: Model, folder: Path) -> dict[str, Any]:
    """Write the model folder, all of it or nothing, and return its model.json.

    ``model.document`` needs no ``schema``, ``task``, ``labels``, ``features``, ``weights``, ``bias`` nor
    ``calibration``: they follow from the model.
    """
    with complete_folder(folder) as beside:
        (beside / WEIGHTS_FILE).write_bytes(model.weights.astype("<f4").tobytes())
        document = {
            **model.document,
            "schema": SCHEMA,
            "task": "sentiment",
            "labels": list(LABELS),
            "features": {"scheme": features.SCHEME, "bits": model.bits},
            "weights": {
                "file": WEIGHTS_FILE,
                "count": int(model.weights.size),
                "sha256": file_sha256(beside / WEIGHTS_FILE),
            },
            "bias": float(model.bias),
            "calibration": {"slope": float(model.slope), "intercept": float(model.intercept)},
        }
        text = json.dumps(document, indent=2, sort_keys=True, allow_nan=False) + "\n"
        (beside / DOCUMENT_FILE).write_text(text, encoding="ascii")
        read_model(beside)
    return document


def read_model(folder: Path) -> Model:
    """Read and check a model folder.

    Raises:
        InvalidInput: with everything that is wrong: unreadable, not of the contract, damaged weights, or golden
            texts that do not score as stored.
    """
    document = _read_document(folder / DOCUMENT_FILE)
    weights = _read_weights(folder / WEIGHTS_FILE, document)
    calibration = document["calibration"]
    model = Model(weights, document["bias"], calibration["slope"], calibration["intercept"], document)
    _check_golden(model, folder / DOCUMENT_FILE)
    return model


@cache
def _validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(resources.files(__package__).joinpath("model.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


def _read_document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise InvalidInput(f"{path}: cannot be read as JSON ({problem}); name a folder that `train` wrote") from None
    problems = sorted(_validator().iter_errors(document), key=lambda problem: problem.json_path)
    messages = [f"{path}: {problem.json_path}: {problem.message[:200]}; see the model contract" for problem in problems]
    if not problems and document["weights"]["count"] != 1 << document["features"]["bits"]:
        count = document["weights"]["count"]
        messages.append(f"{path}: weights.count is not 2^features.bits (got {count}); see the model contract")
    if messages:
        raise InvalidInput(*messages)
    return document


def _read_weights(path: Path, document: dict[str, Any]) -> np.ndarray:
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise InvalidInput(f"{path}: cannot be read ({problem.strerror}); name a complete model folder") from None
    expected = 4 * document["weights"]["count"]
    if len(content) != expected:
        raise InvalidInput(f"{path}: should have {expected} bytes (got {len(content)}); get the version again")
    actual = file_sha256(path)
    if actual != document["weights"]["sha256"]:
        raise InvalidInput(f"{path}: is damaged or of another version (got SHA-256 {actual}); get the version again")
    weights = np.frombuffer(content, dtype="<f4")
    on_step = np.isfinite(weights).all() and (weights == on_grid(weights, LARGEST_WEIGHT)).all()
    if not on_step or document["bias"] != on_grid(document["bias"], LARGEST_BIAS):
        raise InvalidInput(f"{path}: weights and bias must be multiples of 2^-20 in their range; train the model again")
    return weights


def _check_golden(model: Model, path: Path) -> None:
    stored = model.document["golden"]
    computed = golden(model, [entry["text"] for entry in stored])
    wrong = [
        f"{path}: golden text {shown(was['text'])} does not score as stored (got margin {now['margin']!r}, score "
        f"{now['score']!r} instead of {was['margin']!r}, {was['score']!r}); get the version again"
        for was, now in zip(stored, computed, strict=True)
        if was["margin"] != now["margin"] or abs(was["score"] - now["score"]) > SCORE_TOLERANCE
    ]
    if wrong:
        raise InvalidInput(*wrong)
