import json

import numpy as np
import pytest
from matplotlib.image import imread

from trainer.metrics import calibration_error, confusion, reliability, score_histogram
from trainer.model import read_model
from trainer.report import evaluate


@pytest.fixture(scope="module")
def report(data, model_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared") / "report"
    evaluate(model_folder, data, folder)
    return folder


def test_the_report_repeats_the_metrics_of_the_model(report, model_folder):
    content = json.loads((report / "report.json").read_text())
    document = read_model(model_folder).document
    assert content["metrics"] == document["metrics"]
    assert content["scoreHistogram"] == document["scoreHistogram"]
    assert sum(content["confusion"].values()) == sum(content["scoreHistogram"]) == content["metrics"]["examples"]


def test_a_report_on_synthetic_data_says_so(report):
    content = json.loads((report / "report.json").read_text())
    assert content["synthetic"] is True
    assert content["note"].startswith("synthetic data")


def test_the_strongest_features_are_words_of_opinion(report):
    strongest = json.loads((report / "report.json").read_text())["strongest"]
    assert {"recommended", "highly recommended"} & {entry["text"] for entry in strongest["positive"]}
    assert all(entry["weight"] > 0 for entry in strongest["positive"])
    assert all(entry["weight"] < 0 for entry in strongest["negative"])
    assert len(strongest["positive"]) == len(strongest["negative"]) == 20


def test_the_plot_is_a_picture_with_something_on_it(report):
    pixels = imread(report / "report.png")
    assert pixels.shape[1] > 800
    assert len(np.unique(pixels.reshape(-1, pixels.shape[2]), axis=0)) > 50


def test_a_score_of_exactly_one_is_in_the_last_tenth():
    assert score_histogram(np.array([0.0, 0.0999, 0.1, 0.95, 1.0])) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]


def test_confusion_and_calibration_of_known_scores():
    scores, labels = np.array([0.25, 0.25, 0.75, 0.75]), np.array([0, 1, 1, 1])
    assert confusion(scores, labels) == {"trueNegative": 1, "falsePositive": 0, "falseNegative": 1, "truePositive": 2}
    assert calibration_error(scores, labels) == pytest.approx(0.25)
    assert [row["examples"] for row in reliability(scores, labels)] == [2, 2]
