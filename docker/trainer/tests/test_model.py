import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reference_hashing as reference
from trainer.errors import InvalidInput
from trainer.folders import file_sha256
from trainer.model import on_grid, read_model

SMALL = Path(__file__).parent / "vectors" / "model"


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(SMALL, tmp_path / "model")
    return tmp_path / "model"


def edit(folder, **changes):
    path = folder / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def replace_weights(folder, weights):
    (folder / "weights.f32").write_bytes(weights.astype("<f4").tobytes())
    stored = json.loads((folder / "model.json").read_text())["weights"]
    edit(folder, weights={**stored, "sha256": file_sha256(folder / "weights.f32")})


def test_the_small_model_scores_as_the_reference_does():
    model = read_model(SMALL)
    for entry in model.document["golden"]:
        margin = model.bias + sum(float(model.weights[bucket]) for bucket in reference.buckets(entry["text"], 10))
        assert margin == entry["margin"]
        assert 1 / (1 + math.exp(-(model.slope * margin + model.intercept))) == pytest.approx(entry["score"], abs=1e-12)


def test_contributions_add_up_to_the_margin():
    model = read_model(SMALL)
    text = "The plot is not boring at all, not at all"
    parts = model.contributions(text)
    assert model.bias + sum(weight for _, weight in parts) == model.margins([text])[0]
    assert {"not", "boring", "not boring"} <= {spelled for spelled, _ in parts}


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_rounding_gives_a_binary32_multiple_near_by(value):
    rounded = float(on_grid(value, 16.0))
    assert rounded == float(np.float32(rounded))
    assert (rounded * 2**20).is_integer()
    assert abs(rounded - max(-16.0, min(16.0, value))) <= 2**-21


def test_a_truncated_or_changed_weights_file_is_refused(copy):
    content = (copy / "weights.f32").read_bytes()
    (copy / "weights.f32").write_bytes(content[:-4])
    with pytest.raises(InvalidInput, match="should have 4096 bytes"):
        read_model(copy)
    (copy / "weights.f32").write_bytes(bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(InvalidInput, match="is damaged"):
        read_model(copy)
    (copy / "weights.f32").unlink()
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_model(copy)


@pytest.mark.parametrize("value", [np.nan, np.inf, 17.0, 2.0**-21])
def test_weights_off_the_grid_are_refused_though_their_digest_is_right(copy, value):
    weights = np.fromfile(copy / "weights.f32", dtype="<f4")
    weights[7] = value
    replace_weights(copy, weights)
    with pytest.raises(InvalidInput, match="multiples of 2\\^-20"):
        read_model(copy)


def test_other_weights_fail_the_golden_texts(copy):
    replace_weights(copy, -np.fromfile(copy / "weights.f32", dtype="<f4"))
    with pytest.raises(InvalidInput, match="does not score as stored"):
        read_model(copy)


def test_a_slightly_wrong_golden_score_is_told(copy):
    golden = json.loads((copy / "model.json").read_text())["golden"]
    golden[3]["score"] += 2e-9
    edit(copy, golden=golden)
    with pytest.raises(InvalidInput, match="golden text 'terrible'"):
        read_model(copy)


def test_all_mistakes_of_the_document_are_told_at_once(copy):
    edit(copy, schema="other/v9", name="No Name", bias="high", scoreHistogram=[1])
    with pytest.raises(InvalidInput) as caught:
        read_model(copy)
    assert [message.split(": ")[1] for message in caught.value.messages] == [
        "$.bias",
        "$.name",
        "$.schema",
        "$.scoreHistogram",
    ]


def test_a_count_that_is_no_power_of_two_of_bits_is_refused(copy):
    edit(copy, features={"scheme": "fnv1a32-unigram-bigram-v1", "bits": 11})
    with pytest.raises(InvalidInput, match=r"is not 2\^features\.bits"):
        read_model(copy)


@given(st.binary(max_size=200))
def test_any_document_is_refused_with_a_message(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    (folder / "model.json").write_bytes(content)
    with pytest.raises(InvalidInput):
        read_model(folder)
