"""Seeded generator of labelled reviews, for tests, demonstrations and benchmarks.

What it writes is synthetic and every record says so: a score on it says that the machinery works and nothing
about real reviews. Only ``random.Random.random`` is used, whose sequence Python promises to keep for a seed.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from .reviews import NEGATIVE, POSITIVE, Review

_ASPECTS = """
    plot story acting cast script dialogue pacing direction soundtrack score cinematography camerawork editing
    ending opening villain hero lead chemistry humour suspense atmosphere costumes scenery effects twist romance
    narration premise climax performance
""".split()
_PRAISE = """
    wonderful brilliant superb excellent moving delightful gripping charming beautiful clever memorable touching
    outstanding hilarious fresh elegant flawless captivating stunning rewarding honest witty masterful subtle
    thrilling warm powerful inventive engaging perfect
""".split()
_BLAME = """
    terrible awful boring dreadful clumsy tedious laughable predictable forgettable shallow lifeless pointless
    annoying ridiculous bland lazy incoherent wooden painful messy stale cheap dull hollow confusing tiresome
    pathetic unbearable sloppy worst
""".split()
_DEGREES = """
    really truly rather quite utterly simply surprisingly absolutely so very
""".split()
_VERDICTS = {
    POSITIVE: (
        "i would watch it again tomorrow",
        "go and see it",
        "a joy from start to finish",
        "it deserves every award",
        "9/10 from me",
        "i left the cinema smiling",
        "highly recommended",
        "it stayed with me for days",
    ),
    NEGATIVE: (
        "i want my two hours back",
        "avoid it",
        "a chore from start to finish",
        "it deserves no award",
        "2/10 from me",
        "i left before the end",
        "not recommended",
        "i had forgotten it by dinner",
    ),
}
_NEUTRAL = (
    "we follow {a} and {b} from {c} to {d} over one long {e}",
    "{a} plays a {b} who meets a {c} on the way to {d}",
    "the first hour is set in {a} and the second in {b} near the {c}",
    "my {a} had read the book by {b} and told me about the {c}",
    "it was shot in {a} with a small {b} and a {c} that everybody knows",
    "then the {a} finds the {b} behind the {c} and has to choose",
    "i saw it with a {a} at the {b} on a rainy {c} evening",
    "the director made {a} and {b} before this {c}",
)
_OPENINGS = ("", "", "", "I have to say that ", "For me ", "In the end ", "To be honest, ", "Well, ")
_SYLLABLES = """
    ba ca da fa ga la ma na ra sa ta va be de le me ne re se te bi di li mi ni ri si ti bo do lo mo no ro
""".split()
_VOCABULARY = 30_000
_SENTENCE_WORDS = 11.8


@dataclass(frozen=True)
class Recipe:
    """What to generate.

    Attributes:
        size: number of reviews.
        seed: reviews of one seed are the same everywhere; a smaller size gives the first of them.
        words: mean number of words of a review; lengths are log-normal, like those of real reviews.
        positive_share: share of positive reviews, above 0 and below 1.
        label_noise: share of reviews whose label is turned round after writing, 0 to below 0.5.
    """

    size: int
    seed: int = 0
    words: int = 230
    positive_share: float = 0.5
    label_noise: float = 0.02


def generate(recipe: Recipe) -> Iterator[Review]:
    """Yield ``recipe.size`` synthetic reviews."""
    roll = random.Random(recipe.seed).random
    names = _made_up_words(roll)
    for _ in range(recipe.size):
        label = POSITIVE if roll() < recipe.positive_share else NEGATIVE
        text = _review(roll, names, label, recipe.words)
        flipped = roll() < recipe.label_noise
        yield Review(text, 1 - label if flipped else label, synthetic=True)


def _made_up_words(roll) -> list[str]:
    words = ("".join(_pick(roll, _SYLLABLES) for _ in range(2 + int(roll() * 3))) for _ in range(_VOCABULARY))
    return list(words)


def _pick(roll, choices):
    return choices[int(roll() * len(choices))]


def _zipf(roll, names: list[str]) -> str:
    """A word whose frequency falls with its rank, about as in natural language."""
    return names[int(len(names) ** roll()) - 1]


def _review(roll, names: list[str], label: int, mean_words: int) -> str:
    normal = math.sqrt(-2 * math.log(1 - roll())) * math.cos(2 * math.pi * roll())
    length = mean_words * math.exp(0.6 * normal - 0.18)
    sentences = [_opinion(roll, label)]
    for _ in range(min(400, round(length / _SENTENCE_WORDS)) - 1):
        chance = roll()
        if chance < 0.6:
            sentences.append(_scene(roll, names))
        elif chance < 0.93:
            sentences.append(_opinion(roll, label if roll() < 0.85 else 1 - label))
        else:
            sentences.append(_pick(roll, _VERDICTS[label]))
    order = sorted(range(len(sentences)), key=lambda _: roll())
    return " ".join(_finish(roll, sentences[index]) for index in order)


def _finish(roll, sentence: str) -> str:
    sentence = _pick(roll, _OPENINGS) + sentence
    return sentence[0].upper() + sentence[1:] + _pick(roll, (".", ".", ".", "!", "...", ".\n"))


def _scene(roll, names: list[str]) -> str:
    words = {slot: _zipf(roll, names) for slot in "abcde"}
    return _pick(roll, _NEUTRAL).format(**words)


def _opinion(roll, label: int) -> str:
    """One judgement of one aspect: plain, negated, or by contrast; a bag of single words reads some of them wrongly."""
    good, bad = (_PRAISE, _BLAME) if label == POSITIVE else (_BLAME, _PRAISE)
    aspect, other, degree = _pick(roll, _ASPECTS), _pick(roll, _ASPECTS), _pick(roll, _DEGREES)
    chance = roll()
    if chance < 0.5:
        return f"the {aspect} is {degree} {_pick(roll, good)}"
    if chance < 0.7:
        return f"the {aspect} is not {_pick(roll, bad)} at all"
    if chance < 0.85:
        return f"the {other} may be {_pick(roll, bad)} but the {aspect} is {_pick(roll, good)}"
    return f"i found the {aspect} {_pick(roll, good)} and {_pick(roll, good)}"
