"""From a data set to a model folder."""

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from . import classifier, features
from .classifier import Settings
from .dataset import Dataset, read_dataset
from .errors import InvalidInput, shown
from .golden_texts import GOLDEN_TEXTS
from .logs import event
from .metrics import measure, score_histogram
from .model import LARGEST_BIAS, LARGEST_WEIGHT, UNVERSIONED, Model, golden, on_grid, write_model
from .reviews import Review

CALIBRATION_EVERY = 10
"""One in this many training texts of each label is held out to calibrate."""
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True)
class Identity:
    """What the model is called, and the revision of the code that trains it."""

    name: str
    code_revision: str = "unknown"


def train(data: Path, identity: Identity, settings: Settings, folder: Path) -> dict[str, Any]:
    """Train on a data set, calibrate on a tenth of it, measure on its test part, and write the model folder.

    The same data set, settings and image give the same bytes on the same kind of processor.

    Raises:
        InvalidInput: if the settings or the data set cannot give a model.
    """
    _check(identity, settings)
    dataset = read_dataset(data)
    tested = dataset.reviews("test")
    if len({review.label for review in tested}) < 2:
        raise InvalidInput(f"{data}: the test part lacks a label; make the data set with a test share")
    reviews = dataset.reviews("train")
    with threadpool_limits(limits=1):
        model = fit_and_calibrate(reviews, settings, data)
        return write_model(_documented(model, dataset, identity, len(reviews), tested), folder)


def _check(identity: Identity, settings: Settings) -> None:
    problems = []
    if len(identity.name) > 63 or not _NAME.fullmatch(identity.name):
        problems.append(
            f"--name: is no model name (got {shown(identity.name)}); use up to 63 of a-z, 0-9 and -, - not at an end"
        )
    if not features.MINIMUM_BITS <= settings.bits <= features.MAXIMUM_BITS:
        problems.append(f"--bits: is out of range (got {settings.bits}); use 8 to 24")
    for option, value in (("--alpha", settings.alpha), ("--regularization", settings.regularization)):
        if not 0 < value < float("inf"):
            problems.append(f"{option}: is not above 0 (got {value}); use a positive number")
    if settings.iterations < 1:
        problems.append(f"--iterations: is not above 0 (got {settings.iterations}); use at least 1")
    if problems:
        raise InvalidInput(*problems)


def fit_and_calibrate(reviews: list[Review], settings: Settings, data: Path) -> Model:
    """Train on nine tenths of ``reviews`` and calibrate on the rest; ``data`` is what messages name.

    Raises:
        InvalidInput: if there are too few texts, or the rest scores no better than by chance.
    """
    labels = np.array([review.label for review in reviews], dtype=np.int64)
    held_out = _held_out(labels, settings.seed)
    if np.bincount(labels[held_out], minlength=2).min() == 0:
        counts = np.bincount(labels, minlength=2).tolist()
        raise InvalidInput(
            f"{data}: too few training texts (got {counts[0]} negative, {counts[1]} positive); give at least "
            f"{CALIBRATION_EVERY} of each"
        )
    event("hashing", texts=labels.size, bits=settings.bits)
    texts = [review.text for review in reviews]
    rest = np.flatnonzero(~held_out)
    indptr, indices = features.presence([texts[index] for index in rest], settings.bits)
    event("fitting", texts=rest.size, features=indices.size)
    fit = classifier.fit(indptr, indices, labels[rest], settings)
    event("fitted", iterations=fit.iterations, converged=fit.converged)
    weights = on_grid(fit.weights, LARGEST_WEIGHT).astype(np.float32)
    bias = float(on_grid(fit.bias, LARGEST_BIAS))
    margins = features.margins([texts[index] for index in np.flatnonzero(held_out)], weights, bias)
    slope, intercept = classifier.calibrate(margins, labels[held_out])
    event("calibrated", texts=int(held_out.sum()), slope=slope, intercept=intercept)
    if slope <= 0:
        raise InvalidInput(
            f"{data}: the labels do not follow from the texts: held-out texts score no better than by chance "
            f"(got calibration slope {slope:.3g}); check the labels"
        )
    return Model(weights, bias, slope, intercept, {"training": {**asdict(settings), "iterationsRun": fit.iterations}})


def _held_out(labels: np.ndarray, seed: int) -> np.ndarray:
    """Mark every tenth text of each label, beginning at a place that ``seed`` chooses; the data set is shuffled."""
    chosen = np.zeros(labels.size, dtype=bool)
    for label in (0, 1):
        chosen[np.flatnonzero(labels == label)[seed % CALIBRATION_EVERY :: CALIBRATION_EVERY]] = True
    return chosen


def _documented(model: Model, dataset: Dataset, identity: Identity, training: int, tested: list[Review]) -> Model:
    """Measure ``model`` on the test part and add everything that model.json tells besides the parameters."""
    labels = np.array([review.label for review in tested], dtype=np.int64)
    scores = model.scores(review.text for review in tested)
    metrics = measure(scores, labels)
    event("measured", synthetic=dataset.synthetic, **metrics)
    document = {
        **model.document,
        "name": identity.name,
        "version": UNVERSIONED,
        "metrics": metrics,
        "synthetic": dataset.synthetic,
        "data": {"sha256": dataset.sha256, "source": dataset.source, "training": training, "test": len(tested)},
        "codeRevision": identity.code_revision,
        "scoreHistogram": score_histogram(scores),
        "golden": golden(model, GOLDEN_TEXTS),
    }
    return Model(model.weights, model.bias, model.slope, model.intercept, document)
