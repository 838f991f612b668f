"""What the server answers a request with."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .errors import InvalidInput
from .model import Model, load
from .settings import Settings

LARGEST_SEED = 2**32 - 1


def loading(settings: Settings) -> Callable[[Path, str | None], Model]:
    """Return what loads a model that can look at as many tokens as the settings let it write."""

    def loaded(folder: Path, expected: str | None) -> Model:
        model = load(folder, expected)
        longest = model.network.longest
        if longest is not None and settings.maximum_length > longest:
            raise InvalidInput(
                f"--maximum-length: is more than {folder} can look at "
                f"(got {settings.maximum_length}); write at most {longest}"
            )
        return model

    return loaded


def answering(settings: Settings) -> Callable[[Model, dict[str, Any]], dict[str, Any]]:
    """Return what goes on with the ``text`` of a request; with its ``seed`` if it has one, to repeat it."""

    def answer(model: Model, request: dict[str, Any]) -> dict[str, Any]:
        text, seed = request.get("text"), request.get("seed", secrets.randbelow(LARGEST_SEED))
        if not isinstance(text, str) or not text.strip():
            raise InvalidInput("text must be a text that is not empty")
        if type(seed) is not int or not 0 <= seed <= LARGEST_SEED:
            raise InvalidInput(f"seed must be a whole number from 0 to {LARGEST_SEED}")
        written = model.go_on(text, settings, seed)
        counts = {"given_tokens": len(written.given), "generated_tokens": len(written.added)}
        return {"generated": written.text, **counts, "seed": seed}

    return answer
