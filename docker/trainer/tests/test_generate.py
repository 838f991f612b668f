from statistics import mean

import pytest

from trainer.generate import Recipe, generate
from trainer.reviews import POSITIVE


def test_a_seed_gives_the_same_reviews_and_a_smaller_size_the_first_of_them():
    assert list(generate(Recipe(size=20, seed=4)))[:10] == list(generate(Recipe(size=10, seed=4)))
    assert list(generate(Recipe(size=10, seed=4))) != list(generate(Recipe(size=10, seed=5)))


def test_every_review_says_that_it_is_synthetic():
    assert all(review.synthetic for review in generate(Recipe(size=50)))


def test_the_first_review_of_a_seed_is_promised():
    assert next(generate(Recipe(size=1, seed=1, words=30))).text == FIRST


FIRST = (
    "For me i had forgotten it by dinner. The hero is surprisingly worst... The director made s"
    "ababo and nana before this narama. In the end i saw it with a ritirete at the dedinisa on "
    "a rainy cadote evening."
)


@pytest.mark.parametrize("words", [60, 230])
def test_reviews_have_the_asked_mean_length(words):
    lengths = [len(review.text.split()) for review in generate(Recipe(size=1500, words=words))]
    assert mean(lengths) == pytest.approx(words, rel=0.08)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_labels_have_the_asked_share(share):
    reviews = list(generate(Recipe(size=2000, words=20, positive_share=share, label_noise=0)))
    assert mean(review.label == POSITIVE for review in reviews) == pytest.approx(share, abs=0.03)


def test_noise_turns_labels_round_and_keeps_texts():
    clean = list(generate(Recipe(size=2000, words=20, label_noise=0)))
    noisy = list(generate(Recipe(size=2000, words=20, label_noise=0.1)))
    assert [review.text for review in noisy] == [review.text for review in clean]
    turned = mean(one.label != other.label for one, other in zip(clean, noisy, strict=True))
    assert turned == pytest.approx(0.1, abs=0.02)
