"""The evaluation of a model for people: report.json and report.png."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from . import features
from .dataset import read_dataset
from .errors import InvalidInput
from .folders import complete_folder
from .metrics import confusion, measure, reliability, score_histogram
from .model import Model, read_model

SCHEMA = "cdk8s-mlops/report/v1"
SYNTHETIC = "synthetic data: these numbers say that the machinery works, and nothing about real reviews"
STRONGEST = 20


def evaluate(model_folder: Path, data: Path, output: Path) -> dict[str, Any]:
    """Measure a model on the test part of a data set and write ``report.json`` and ``report.png``.

    Returns:
        The content of report.json: metrics, confusion, reliability, score histogram and strongest features.
    """
    model = read_model(model_folder)
    dataset = read_dataset(data)
    reviews = dataset.reviews("test")
    labels = np.array([review.label for review in reviews], dtype=np.int64)
    if np.unique(labels).size < 2:
        raise InvalidInput(f"{data}: the test part lacks a label; make the data set with a test share")
    texts = [review.text for review in reviews]
    scores = model.scores(texts)
    synthetic = dataset.synthetic or model.document["synthetic"]
    report: dict[str, Any] = {
        "schema": SCHEMA,
        "synthetic": synthetic,
        **({"note": SYNTHETIC} if synthetic else {}),
        "model": {name: model.document[name] for name in ("name", "version", "weights")},
        "data": {"sha256": dataset.sha256, "source": dataset.source},
        "metrics": measure(scores, labels),
        "confusion": confusion(scores, labels),
        "reliability": reliability(scores, labels),
        "scoreHistogram": score_histogram(scores),
        "strongest": strongest(model, texts),
    }
    with complete_folder(output) as beside:
        (beside / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        _plot(report, beside / "report.png")
    return report


def strongest(model: Model, texts: Sequence[str], count: int = STRONGEST) -> dict[str, list[dict[str, Any]]]:
    """Return the n-grams of ``texts`` that push hardest to each side.

    A bucket is shown as the n-gram that hits it most often.
    """
    occurring = np.zeros(model.weights.size, dtype=bool)
    occurring[features.presence(texts, model.bits)[1]] = True
    buckets = np.flatnonzero(occurring)
    order = buckets[np.argsort(model.weights[buckets], kind="stable")]
    negative = [bucket for bucket in order[:count].tolist() if model.weights[bucket] < 0]
    positive = [bucket for bucket in order[::-1][:count].tolist() if model.weights[bucket] > 0]
    spelled = _spelled(model, texts, {*negative, *positive})
    return {
        side: [{"text": spelled[bucket], "weight": float(model.weights[bucket])} for bucket in chosen]
        for side, chosen in (("positive", positive), ("negative", negative))
    }


def _spelled(model: Model, texts: Sequence[str], wanted: set[int]) -> dict[int, str]:
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    mask = np.zeros(model.weights.size, dtype=bool)
    mask[list(wanted)] = True
    for batch in features.batches(texts):
        hashed = features.ngrams(batch, model.bits)
        for index in np.flatnonzero(mask[hashed.buckets]):
            counts[int(hashed.buckets[index])][hashed.spelled(index)] += 1
    return {bucket: min(found, key=lambda text: (-found[text], text)) for bucket, found in counts.items()}


def _plot(report: dict[str, Any], target: Path) -> None:
    figure = Figure(figsize=(9, 4), layout="constrained")
    FigureCanvasAgg(figure)
    metrics = report["metrics"]
    warning = "SYNTHETIC DATA\n" if report["synthetic"] else ""
    figure.suptitle(
        f"{warning}{report['model']['name']} {report['model']['version']}: accuracy {metrics['accuracy']:.4f}, "
        f"ROC-AUC {metrics['rocAuc']:.4f}, {metrics['examples']} texts"
    )
    calibration, histogram = figure.subplots(1, 2)
    rows = report["reliability"]
    calibration.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="perfect")
    calibration.plot(
        [row["meanScore"] for row in rows], [row["positiveShare"] for row in rows], marker="o", label="model"
    )
    calibration.set(title="Calibration", xlabel="mean score of a tenth", ylabel="share of positive texts")
    calibration.legend()
    histogram.bar(np.arange(10) / 10 + 0.05, report["scoreHistogram"], width=0.09)
    histogram.set(title="Scores", xlabel="score", ylabel="texts")
    figure.savefig(target, format="png", dpi=110, metadata={"Software": None})
