"""What the server answers a request with."""

from typing import Any

from .data import FEATURES, LABELS
from .errors import InvalidInput
from .model import Model


def answer(model: Model, request: dict[str, Any]) -> dict[str, Any]:
    """Judge one row.

    Raises:
        InvalidInput: if it is none.
    """
    try:
        row = request["features"]
        features = tuple(float(row[name]) for name in FEATURES)
    except (ValueError, KeyError, TypeError):
        raise InvalidInput(f"features must hold a number for each of {', '.join(FEATURES)}") from None
    score = model.score(features)
    return {"label": LABELS[score >= 0.5], "confidence": max(score, 1 - score)}
