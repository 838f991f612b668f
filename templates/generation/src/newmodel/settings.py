"""How a text is gone on with: the settings of GenerationConfig that the platform hands over, and no others."""

import os
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from .errors import InvalidInput


@dataclass(frozen=True)
class Settings:
    """Settings of a server.

    Attributes:
        maximum_length: tokens of the given text and of what is written, together.
        temperature: what scores are divided by.
        top_p: share of the probability that the likeliest tokens must have together; 1 is all.
        top_k: how many of the likeliest tokens there are to choose from; 0 is all, 1 always takes the likeliest.
        no_repeat_ngram_size: no so many tokens in a row occur twice; 0 lets them.
    """

    maximum_length: int = 300
    temperature: float = 0.55
    top_p: float = 0.8
    top_k: int = 40
    no_repeat_ngram_size: int = 4

    def __post_init__(self):
        """Refuse what nothing can be written with."""
        right = {
            "maximum_length": (self.maximum_length >= 2, "a whole number of at least 2"),
            "temperature": (0.01 <= self.temperature <= 100, "a number from 0.01 to 100"),
            "top_p": (0.01 <= self.top_p <= 1, "a number from 0.01 to 1"),
            "top_k": (self.top_k >= 0, "a whole number of at least 0"),
            "no_repeat_ngram_size": (self.no_repeat_ngram_size >= 0, "a whole number of at least 0"),
        }
        for name, (is_right, fix) in right.items():
            if not is_right:
                raise InvalidInput(f"{_option(name)}: is out of range (got {getattr(self, name)}); write {fix}")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def add_settings(add: Callable[..., Any]) -> None:
    """Add an option for each, which is read from an environment variable such as GENERATION_TOP_P when left out."""
    for field in fields(Settings):
        given = os.environ.get(f"GENERATION_{field.name.upper()}", str(field.default))
        # As text, so that argparse reads and refuses it as it does an option.
        add(_option(field.name), type=field.type, default=given)


def settings_of(options: Namespace) -> Settings:
    """Return the settings that a command was called with."""
    return Settings(**{field.name: getattr(options, field.name) for field in fields(Settings)})
