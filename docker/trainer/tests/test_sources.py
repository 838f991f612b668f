import csv
import gzip
import io
import json
import tarfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.errors import InvalidInput
from trainer.reviews import LABELS, NEGATIVE, POSITIVE, Review, write_reviews
from trainer.sources import read_source

TREE = {
    "train/pos/0_9.txt": "I loved it",
    "train/neg/0_2.txt": "I hated it",
    "test/pos/1_8.txt": "Great fun<br /><br />for all",
    "test/neg/1_1.txt": "No fun",
    "train/unsup/2_0.txt": "Unlabelled",
    "train/labeledBow.feat": "0:1",
}


def kaggle_csv(rows):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["review", "sentiment"])
    writer.writerows(rows)
    return text.getvalue().encode()


def tree(folder):
    for name, content in TREE.items():
        path = folder / "aclImdb" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder / "aclImdb"


def archive(path, mode):
    with tarfile.open(path, mode) as file:
        for name, content in TREE.items():
            member = tarfile.TarInfo("aclImdb/" + name)
            member.size = len(content)
            file.addfile(member, io.BytesIO(content.encode()))
    return path


@pytest.mark.parametrize("compressed", [False, True])
def test_kaggle_csv_with_commas_quotes_and_line_breaks_in_fields(tmp_path, compressed):
    content = kaggle_csv([['A "fine", long\nfilm<br /><br />indeed', "positive"], ["Awful.", "negative"]])
    path = tmp_path / ("IMDB Dataset.csv.gz" if compressed else "IMDB Dataset.csv")
    path.write_bytes(gzip.compress(content) if compressed else content)
    assert read_source(path, "auto") == [
        Review('A "fine", long\nfilm\n\nindeed', POSITIVE),
        Review("Awful.", NEGATIVE),
    ]


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xef\xbb\xbf" + kaggle_csv([["Fine", "positive"]]))
    assert read_source(path, "auto") == [Review("Fine", POSITIVE)]


def test_aclimdb_tree_keeps_the_official_parts_and_leaves_unlabelled_texts_out(tmp_path):
    assert set(read_source(tree(tmp_path), "auto")) == {
        Review("Great fun\n\nfor all", POSITIVE, split="test"),
        Review("I hated it", NEGATIVE, split="train"),
        Review("I loved it", POSITIVE, split="train"),
        Review("No fun", NEGATIVE, split="test"),
    }


@pytest.mark.parametrize(("name", "mode"), [("a.tar", "w"), ("a.tar.gz", "w:gz"), ("a.tgz", "w:gz")])
def test_an_archive_of_the_tree_reads_as_the_tree(tmp_path, name, mode):
    assert set(read_source(archive(tmp_path / name, mode), "auto")) == set(read_source(tree(tmp_path), "auto"))


def test_jsonl_accepts_both_spellings_of_its_members(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(
        '{"text": "a b", "label": "pos"}\n\n{"review": "c", "sentiment": "Negative"}\n{"text":"d","label":1}'
    )
    assert [review.label for review in read_source(path, "auto")] == [POSITIVE, NEGATIVE, POSITIVE]


reviews = st.builds(
    Review,
    st.text(st.characters(codec=None, exclude_categories=()), min_size=1).filter(
        lambda t: t.strip() == t and "<" not in t
    ),
    st.sampled_from([NEGATIVE, POSITIVE]),
    st.booleans(),
)


@given(st.lists(reviews, max_size=5))
def test_what_is_written_is_read_back(tmp_path_factory, written):
    path = tmp_path_factory.mktemp("round") / "reviews.jsonl"
    write_reviews(written, path)
    assert read_source(path, "jsonl") == written


@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.jsonl", "x.tar", "x.csv.gz"]))
def test_any_bytes_are_read_or_refused_as_invalid_input(tmp_path_factory, content, name):
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(content)
    with suppress(InvalidInput):
        read_source(path, "auto")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", b"text,label\na,b\n", "needs the columns review and sentiment"),
        ("x.csv", b"review,sentiment\nonly one\n", "has not as many fields as the header"),
        ("x.csv", b"review,sentiment\na,b,c\n", "has not as many fields as the header"),
        ("x.csv", b'review,sentiment\n"open,positive\n', "unexpected end of data"),
        ("x.jsonl", b"{}\n", "line 1: has no text"),
        ("x.jsonl", b"[1]\n", "line 1: has no text"),
        ("x.jsonl", b"\n{oops\n", "line 2: is not JSON"),
        ("x.jsonl", b'{"text": "\xff", "label": "pos"}\n', "line 1: is not UTF-8"),
        ("x.jsonl", b'{"text": " ", "label": "pos"}\n', "line 1: the text is empty"),
        ("x.jsonl.gz", gzip.compress(b'{"text": "a", "label": "pos"}\n' * 9999)[:-20], "get the file again"),
        ("x.tar", b"no archive", "is not a readable archive"),
        ("x.xlsx", b"", "the name does not tell the format"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=message):
        read_source(path, "auto")


def test_all_unknown_labels_are_told_at_once(tmp_path):
    path = tmp_path / "x.jsonl"
    labels = ["positive", "meh", "meh", "5 stars", None, 1.0]
    path.write_text("".join(json.dumps({"text": "a", "label": label}) + "\n" for label in labels))
    with pytest.raises(InvalidInput) as caught:
        read_source(path, "auto")
    assert "'meh' 2 times" in str(caught.value)
    assert "'5 stars' 1 times" in str(caught.value)
    assert LABELS == ("negative", "positive")


def test_a_missing_path_and_a_folder_of_the_wrong_format_are_refused(tmp_path):
    with pytest.raises(InvalidInput, match="does not exist"):
        read_source(tmp_path / "none.csv", "auto")
    with pytest.raises(InvalidInput, match="is a folder"):
        read_source(tmp_path, "kaggle")
