import json
import random

import pytest

from trainer.dataset import Selection, read_dataset, write_dataset
from trainer.errors import InvalidInput
from trainer.reviews import NEGATIVE, POSITIVE, Review


def some(count, positive_share=0.5, split=""):
    limit = round(count * positive_share)
    return [
        Review(f"review number {n} of {split}", POSITIVE if n < limit else NEGATIVE, split=split) for n in range(count)
    ]


def texts(folder, split):
    return {review.text for review in read_dataset(folder).reviews(split)}


def test_parts_are_stratified_disjoint_and_complete(tmp_path):
    document = write_dataset(some(200, 0.3), "here", Selection(test_share=0.25), tmp_path / "data")
    assert document["splits"] == {
        "train": {"negative": 105, "positive": 45},
        "test": {"negative": 35, "positive": 15},
    }
    assert not texts(tmp_path / "data", "train") & texts(tmp_path / "data", "test")


def test_the_order_of_the_source_does_not_matter(tmp_path):
    reviews = some(100)
    shuffled = random.Random(3).sample(reviews, len(reviews))
    one = write_dataset(reviews, "here", Selection(size=40), tmp_path / "one")
    other = write_dataset(shuffled, "here", Selection(size=40), tmp_path / "other")
    assert one["sha256"] == other["sha256"]


def test_another_seed_chooses_other_texts(tmp_path):
    one = write_dataset(some(100), "here", Selection(size=40, seed=1), tmp_path / "one")
    other = write_dataset(some(100), "here", Selection(size=40, seed=2), tmp_path / "other")
    assert one["sha256"] != other["sha256"]


def test_a_subset_has_its_size_and_grows_by_adding(tmp_path):
    write_dataset(some(100), "here", Selection(size=20), tmp_path / "small")
    write_dataset(some(100), "here", Selection(size=60), tmp_path / "large")
    small, large = (texts(tmp_path / name, "train") | texts(tmp_path / name, "test") for name in ("small", "large"))
    assert len(small) == 20
    assert small < large


def test_official_parts_are_kept(tmp_path):
    document = write_dataset(some(40, split="train") + some(20, split="test"), "here", Selection(), tmp_path / "data")
    assert document["splits"] == {
        "train": {"negative": 20, "positive": 20},
        "test": {"negative": 10, "positive": 10},
    }


def test_duplicates_contradictions_and_leaks_are_removed_and_counted(tmp_path):
    reviews = [
        *some(40, split="train"),
        *some(40, split="test"),
        Review("review number  1\nof train", POSITIVE, split="train"),
        Review("said both ways", POSITIVE, split="train"),
        Review("said both ways", NEGATIVE, split="train"),
        Review("review number 2 of test", POSITIVE, split="train"),
    ]
    document = write_dataset(reviews, "here", Selection(), tmp_path / "data")
    assert document["removed"] == {"duplicates": 2, "contradictory": 1, "leaked": 1}
    assert "review number 2 of test" in texts(tmp_path / "data", "test")
    assert not {"said both ways", "review number 2 of test"} & texts(tmp_path / "data", "train")


@pytest.mark.parametrize("reviews", [[], some(50, 0.0), some(50, 1.0), [Review("a", 0), Review("b", 1)]])
def test_empty_and_one_class_sources_are_refused_and_leave_nothing(tmp_path, reviews):
    with pytest.raises(InvalidInput, match="too few texts of a label"):
        write_dataset(reviews, "here", Selection(), tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


def test_a_changed_file_is_noticed(tmp_path):
    write_dataset(some(50), "here", Selection(), tmp_path / "data")
    read_dataset(tmp_path / "data")
    with (tmp_path / "data" / "train.jsonl").open("a") as file:
        file.write(json.dumps({"text": "slipped in", "label": "positive"}) + "\n")
    with pytest.raises(InvalidInput, match="not those that were written"):
        read_dataset(tmp_path / "data")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sha256": 1}'])
def test_a_folder_that_is_no_data_set_is_refused(tmp_path, content):
    (tmp_path / "dataset.json").write_text(content)
    with pytest.raises(InvalidInput, match="is not a data set"):
        read_dataset(tmp_path)
