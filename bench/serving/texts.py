"""Writes synthetic texts and a scikit-learn TF-IDF pipeline trained on them; nothing here is a real review.

usage: texts.py FOLDER

Writes ``texts-12.json`` and ``texts-233.json`` (lists of texts to send) and ``pipeline.joblib``.
"""

import json
import random
import sys
from pathlib import Path

import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

VOCABULARY = 30_000
TRAINING_TEXTS = 5_000
WORDS = 233


def main(folder: Path) -> None:
    """Write everything into ``folder``."""
    generator = random.Random(1)
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    words = ["".join(generator.choices(letters, k=generator.randint(2, 9))) for _ in range(VOCABULARY)]
    weights = [1 / (rank + 3) for rank in range(VOCABULARY)]

    def text(length: int) -> str:
        return " ".join(generator.choices(words, weights, k=length))

    training = [text(WORDS) for _ in range(TRAINING_TEXTS)]
    labels = [index % 2 for index in range(TRAINING_TEXTS)]
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2), LogisticRegression(max_iter=20)
    )
    pipeline.fit(training, labels)
    joblib.dump(pipeline, folder / "pipeline.joblib")
    for length in (12, WORDS):
        (folder / f"texts-{length}.json").write_text(json.dumps([text(length) for _ in range(1000)]))
    print(f"{len(pipeline[0].vocabulary_)} features", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
