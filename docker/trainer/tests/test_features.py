import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import make_vectors
import reference_hashing as reference
from trainer import features

VECTORS = json.loads((Path(__file__).parent / "vectors" / "feature-hashing.json").read_text(encoding="ascii"))

anything = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=200)
awkward = st.text(alphabet="aZ9_' .\u0080\u00bf\u00c0\u1fff\u2000\u207f\u2080\u3000\u303f\u3040\ud83d\ude0d\0é😍")


@cache
def sample_weights(bits: int) -> np.ndarray:
    mixed = features._mix(np.arange(1 << bits, dtype=np.uint32))
    return ((mixed >> np.uint32(8)) / 2**20 - 8).astype(np.float32)


def buckets_of(texts: list[str], bits: int) -> list[list[int]]:
    indptr, indices = features.presence(texts, bits)
    return [row.tolist() for row in np.split(indices, indptr[1:-1])] if texts else []


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_vector(case):
    text = case["text"] if "text" in case else case["repeat"] * case["times"]
    assert len(features.utf8(text)) == case["utf8Bytes"]
    assert features.tokenize([text]).starts.size == case["tokens"]
    assert buckets_of([text], 20) == [case["buckets20"]]
    assert buckets_of([text], 12) == [case["buckets12"]]


def test_vectors_are_those_of_the_reference():
    assert json.loads(json.dumps(make_vectors.vectors())) == VECTORS


def test_sample_weights_are_those_of_the_vectors():
    weights = sample_weights(20)
    assert [weights[sample["bucket"]] for sample in VECTORS["sampleWeights"]] == [
        sample["weight"] for sample in VECTORS["sampleWeights"]
    ]


def test_margins_are_those_of_the_vectors():
    weights = sample_weights(20)
    texts = [case["text"] if "text" in case else case["repeat"] * case["times"] for case in VECTORS["cases"]]
    assert features.margins(texts, weights, 0.25).tolist() == [case["margin20"] for case in VECTORS["cases"]]


@given(st.lists(anything | awkward, max_size=8), st.integers(features.MINIMUM_BITS, features.MAXIMUM_BITS))
@example(["", "é" * 40, ""], 8)
def test_any_texts_hash_as_the_reference_does(texts, bits):
    assert buckets_of(texts, bits) == [reference.buckets(text, bits) for text in texts]


@given(st.lists(awkward, min_size=1, max_size=6))
def test_a_text_scores_the_same_alone_and_among_others(texts):
    weights = sample_weights(8)
    together = features.margins(texts, weights, 0.5)
    assert together.tolist() == [features.margins([text], weights, 0.5)[0] for text in texts]


@given(awkward)
def test_the_sum_is_exact_in_any_order(text):
    weights = sample_weights(10)
    chosen = [float(weights[bucket]) for bucket in reference.buckets(text, 10)]
    forwards, backwards = 0.5, 0.5
    for weight in chosen:
        forwards += weight
    for weight in reversed(chosen):
        backwards += weight
    assert forwards == backwards == features.margins([text], weights, 0.5)[0]


def test_more_texts_than_one_slice_holds():
    texts = [f"word{number} film" for number in range(1300)]
    assert buckets_of(texts, 24) == [reference.buckets(text, 24) for text in texts]


def test_ngrams_are_spelled_for_people():
    hashed = features.ngrams(["Not GOOD", "été"], 12)
    assert sorted(hashed.spelled(index) for index in range(hashed.buckets.size)) == ["good", "not", "not good", "été"]
