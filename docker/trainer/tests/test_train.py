from pathlib import Path

import numpy as np
import pytest

from trainer import classifier
from trainer.classifier import Settings
from trainer.dataset import Selection, write_dataset
from trainer.errors import InvalidInput
from trainer.folders import digest
from trainer.generate import Recipe, generate
from trainer.model import read_model
from trainer.reviews import NEGATIVE, POSITIVE, Review
from trainer.train import Identity, fit_and_calibrate, train

LABEL_NUMBERS = (NEGATIVE, POSITIVE)


def test_the_model_learns_what_the_generator_means(data, model_folder):
    model = read_model(model_folder)
    assert model.document["metrics"]["accuracy"] > 0.8
    texts = ["The plot is brilliant and the cast is superb.", "The plot is dreadful and the cast is wooden."]
    assert [score > 0.5 for score in model.scores(texts)] == [True, False]


def test_a_model_of_synthetic_data_says_so(model_folder):
    assert read_model(model_folder).document["synthetic"] is True


def test_a_model_of_given_data_does_not(tmp_path):
    reviews = [Review(review.text, review.label) for review in generate(Recipe(size=300, words=40))]
    write_dataset(reviews, "given", Selection(), tmp_path / "data")
    assert train(tmp_path / "data", Identity("sentiment"), Settings(bits=10), tmp_path / "model")["synthetic"] is False


def test_the_same_seed_gives_the_same_bytes(data, model_folder, tmp_path):
    train(data, Identity("sentiment", "test"), Settings(bits=12), tmp_path / "again")
    assert digest(tmp_path / "again") == digest(model_folder)


def test_another_seed_calibrates_on_other_texts(data, model_folder, tmp_path):
    train(data, Identity("sentiment", "test"), Settings(bits=12, seed=1), tmp_path / "other")
    assert digest(tmp_path / "other") != digest(model_folder)


def test_labels_that_do_not_follow_from_the_texts_are_refused():
    """Every tenth text of a label, which is what calibrates, says the opposite of the others."""
    written = list(generate(Recipe(size=600, words=40, label_noise=0)))
    texts = {label: [review.text for review in written if review.label == label] for label in LABEL_NUMBERS}
    turned = [Review(texts[1 - n % 2 if n // 2 % 10 == 0 else n % 2][n // 2], n % 2) for n in range(500)]
    with pytest.raises(InvalidInput, match="do not follow from the texts"):
        fit_and_calibrate(turned, Settings(bits=12), Path("here"))


def test_too_few_texts_are_refused(tmp_path):
    write_dataset(generate(Recipe(size=12, words=20)), "few", Selection(test_share=0.4), tmp_path / "data")
    with pytest.raises(InvalidInput, match="too few training texts"):
        train(tmp_path / "data", Identity("sentiment"), Settings(seed=9), tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_all_wrong_settings_are_told_at_once(data, tmp_path):
    settings = Settings(bits=7, alpha=0, regularization=-1, iterations=0)
    with pytest.raises(InvalidInput) as caught:
        train(data, Identity("Not a name"), settings, tmp_path / "model")
    assert [message.split(":")[0] for message in caught.value.messages] == [
        "--name",
        "--bits",
        "--alpha",
        "--regularization",
        "--iterations",
    ]


def test_calibration_finds_the_sigmoid_that_made_the_labels():
    random = np.random.default_rng(0)
    margins = random.normal(size=20_000) * 2
    labels = (random.random(20_000) < 1 / (1 + np.exp(-(1.5 * margins - 0.5)))).astype(int)
    slope, intercept = classifier.calibrate(margins, labels)
    assert slope == pytest.approx(1.5, abs=0.05)
    assert intercept == pytest.approx(-0.5, abs=0.05)


def test_the_optimum_is_that_of_scikit_learn():
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(1)
    dense = (random.random((300, 256)) < 0.1).astype(np.float64)
    labels = (dense[:, :20].sum(axis=1) + random.normal(size=300) > 2).astype(int)
    rows = csr_matrix(dense)
    ours = classifier.fit(rows.indptr, rows.indices, labels, Settings(bits=8, iterations=500))
    positive, negative = dense[labels == 1].sum(axis=0) + 1, dense[labels == 0].sum(axis=0) + 1
    ratio = np.log(positive / positive.sum()) - np.log(negative / negative.sum())
    theirs = LogisticRegression(C=0.01, tol=1e-8, max_iter=1000).fit(dense * ratio, labels)
    assert ours.weights == pytest.approx(theirs.coef_[0] * ratio, abs=2e-3)
    assert ours.bias == pytest.approx(theirs.intercept_[0], abs=2e-3)
