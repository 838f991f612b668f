"""How good scores are."""

from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, log_loss, roc_auc_score

BINS = 10


def measure(scores: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """Return the metrics of model.json: accuracy, f1, rocAuc, logLoss, calibrationError and examples.

    Args:
        scores: probability that each text is positive.
        labels: 1 where it is. Both labels must occur.
    """
    predicted = scores >= 0.5
    return {
        "accuracy": float(accuracy_score(labels, predicted)),
        "f1": float(f1_score(labels, predicted, zero_division=0.0)),
        "rocAuc": float(roc_auc_score(labels, scores)),
        "logLoss": float(log_loss(labels, scores)),
        "calibrationError": calibration_error(scores, labels),
        "examples": int(labels.size),
    }


def confusion(scores: np.ndarray, labels: np.ndarray) -> dict[str, int]:
    """Return the numbers of true and false negatives and positives."""
    counts = confusion_matrix(labels, scores >= 0.5, labels=[0, 1]).ravel().tolist()
    return dict(zip(("trueNegative", "falsePositive", "falseNegative", "truePositive"), counts, strict=True))


def score_bins(scores: np.ndarray) -> np.ndarray:
    """Return the bin of each score: its tenth, 0 to 9."""
    return np.minimum(BINS - 1, np.floor(scores * BINS)).astype(np.int64)


def score_histogram(scores: np.ndarray) -> list[int]:
    """Return how many scores are in each tenth."""
    return np.bincount(score_bins(scores), minlength=BINS).tolist()


def reliability(scores: np.ndarray, labels: np.ndarray) -> list[dict[str, float | int]]:
    """Return, for each tenth that occurs, its size, mean score and share of positive texts."""
    bins = score_bins(scores)
    return [
        {
            "bin": number,
            "examples": int((bins == number).sum()),
            "meanScore": float(scores[bins == number].mean()),
            "positiveShare": float(labels[bins == number].mean()),
        }
        for number in np.unique(bins).tolist()
    ]


def calibration_error(scores: np.ndarray, labels: np.ndarray) -> float:
    """Return the expected calibration error over tenths: the mean distance of score and share, by size."""
    rows = reliability(scores, labels)
    distance = sum(row["examples"] * abs(row["meanScore"] - row["positiveShare"]) for row in rows)
    return float(distance / labels.size)
