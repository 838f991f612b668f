"""Logistic regression on features weighted by naive Bayes, and its calibration.

See Also:
    Wang and Manning, Baselines and Bigrams: Simple, Good Sentiment and Topic Classification (2012),
    https://aclanthology.org/P12-2018/; Mesnil and others, https://arxiv.org/abs/1412.5335 (logistic regression in
    place of the support vector machine); Platt, Probabilistic Outputs for Support Vector Machines (1999).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit

from .reviews import NEGATIVE, POSITIVE


@dataclass(frozen=True)
class Settings:
    """Hyper-parameters.

    Attributes:
        bits: binary logarithm of the number of buckets, 8 to 24.
        alpha: smoothing of the naive Bayes counts, above 0.
        regularization: weight of the data against the L2 penalty (C of scikit-learn), above 0.
        iterations: largest number of L-BFGS iterations.
        seed: chooses the texts that are held out for calibration.
    """

    bits: int = 20
    alpha: float = 1.0
    regularization: float = 0.01
    iterations: int = 100
    seed: int = 0


@dataclass(frozen=True)
class Fit:
    """Weights of all buckets and the bias, as the optimiser left them."""

    weights: np.ndarray
    bias: float
    iterations: int
    converged: bool


def fit(indptr: np.ndarray, indices: np.ndarray, labels: np.ndarray, settings: Settings) -> Fit:
    """Train on binary features in CSR form.

    Each bucket is scaled by its log-count ratio, ``log((p / |p|) / (n / |n|))`` with the smoothed counts ``p`` in
    positive and ``n`` in negative texts; the ratio is folded into the weight, so that scoring is one sum.
    """
    buckets = 1 << settings.bits
    owners_positive = np.repeat(labels == POSITIVE, np.diff(indptr))
    positive = np.bincount(indices[owners_positive], minlength=buckets)
    negative = np.bincount(indices[~owners_positive], minlength=buckets)
    seen = np.flatnonzero(positive + negative)
    ratio = _log_share(positive[seen], settings.alpha) - _log_share(negative[seen], settings.alpha)
    column = np.zeros(buckets, dtype=np.int32)
    column[seen] = np.arange(seen.size, dtype=np.int32)
    presence = csr_matrix(
        (np.ones(indices.size, dtype=np.float32), column[indices], indptr.astype(np.int32)),
        shape=(labels.size, seen.size),
    )
    coefficients, bias, iterations, converged = _logistic_regression(presence, ratio, labels, settings)
    weights = np.zeros(buckets)
    weights[seen] = coefficients * ratio
    return Fit(weights, bias, iterations, converged)


def _log_share(counts: np.ndarray, alpha: float) -> np.ndarray:
    smoothed = counts + alpha
    return np.log(smoothed / smoothed.sum())


def _logistic_regression(
    presence: csr_matrix, ratio: np.ndarray, labels: np.ndarray, settings: Settings
) -> tuple[np.ndarray, float, int, bool]:
    """Minimise ``C * sum(log(1 + exp(-y * margin))) + |w|^2 / 2`` over ``w`` and an unpenalised bias.

    The matrix stays binary and binary32; the scaling is applied to the vectors instead.
    """
    signs = np.where(labels == POSITIVE, 1.0, -1.0)
    transposed = presence.T

    def objective(point: np.ndarray) -> tuple[float, np.ndarray]:
        coefficients, bias = point[:-1], point[-1]
        margins = signs * (presence @ (coefficients * ratio).astype(np.float32) + bias)
        loss = settings.regularization * np.logaddexp(0.0, -margins).sum() + coefficients @ coefficients / 2
        pull = -settings.regularization * signs * expit(-margins)
        gradient = (transposed @ pull.astype(np.float32)) * ratio + coefficients
        return float(loss), np.append(gradient, pull.sum())

    result = minimize(
        objective,
        np.zeros(ratio.size + 1),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": settings.iterations, "gtol": 1e-4 * labels.size * settings.regularization, "ftol": 1e-7},
    )
    return result.x[:-1], float(result.x[-1]), int(result.nit), bool(result.success)


def calibrate(margins: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Return Platt's slope and intercept: the sigmoid of them that fits ``labels`` best, with his smoothed targets."""
    positives = int((labels == POSITIVE).sum())
    negatives = int((labels == NEGATIVE).sum())
    targets = np.where(labels == POSITIVE, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def objective(point: np.ndarray) -> tuple[float, np.ndarray]:
        logits = point[0] * margins + point[1]
        excess = expit(logits) - targets
        loss = (np.logaddexp(0.0, logits) - targets * logits).sum()
        return float(loss), np.array([excess @ margins, excess.sum()])

    result = minimize(objective, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B")
    return float(result.x[0]), float(result.x[1])
