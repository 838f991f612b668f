"""Trains on the same synthetic reviews with the trainer and with scikit-learn's usual pipeline, one after the other.

Run it with the trainer's environment: ``docker/trainer/test`` makes it, then
``docker/trainer/.venv/bin/python bench/trainer/benchmark.py``. Both read the data set from disk, train and measure
the accuracy on its test part, each in a process of its own on one core with one BLAS thread. Exit code 1 says that a
promise was not kept.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TRAINER = Path(__file__).resolve().parent.parent.parent / "docker" / "trainer" / "src"
MEGABYTES, SHARE_OF_TIME, ACCURACY_LOSS = 700, 0.5, 0.002


def with_trainer(data: Path) -> float:
    """Return the accuracy of the trainer on the test part of ``data``."""
    from trainer.classifier import Settings
    from trainer.train import Identity, train

    return train(data, Identity("sentiment"), Settings(), data.parent / "model")["metrics"]["accuracy"]


def with_tfidf(data: Path) -> float:
    """Return the accuracy of TfidfVectorizer and LogisticRegression, both with their defaults but for bigrams."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    from trainer.dataset import read_dataset

    parts = {name: read_dataset(data).reviews(name) for name in ("train", "test")}
    texts, labels = (
        {name: [getattr(r, field) for r in part] for name, part in parts.items()} for field in ("text", "label")
    )
    pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression())
    return pipeline.fit(texts["train"], labels["train"]).score(texts["test"], labels["test"])


CONTESTANTS = {"trainer": with_trainer, "tfidf": with_tfidf}


def contest(name: str, data: Path) -> None:
    """Print what one contestant needed, for the process that started this one."""
    began, began_cpu = time.perf_counter(), time.process_time()
    accuracy = CONTESTANTS[name](data)
    elapsed, seconds = time.perf_counter() - began, time.process_time() - began_cpu
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "elapsed": elapsed, "megabytes": megabytes, "accuracy": accuracy}))


def child(*arguments: str, core: int) -> str:
    """Run Python on ``core`` alone and return what it printed."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **one_thread, "PYTHONPATH": str(TRAINER)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    return done.stdout


def main() -> int:
    """Print every round and whether the promises were kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=31_250, help="reviews; four fifths of them train; default 31250")
    parser.add_argument(
        "--rounds", type=int, default=3, help="default 3; the round of each with the least processor time counts"
    )
    parser.add_argument("--contest", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contest:
        contest(options.contest[0], Path(options.contest[1]))
        return 0
    core = min(os.sched_getaffinity(0))
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in CONTESTANTS}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        made = child("-m", "trainer", "generate", "--size", str(options.size), "--output", str(data), core=core)
        for _ in range(options.rounds):
            for name in CONTESTANTS:
                rounds[name].append(json.loads(child(__file__, "--contest", name, str(data), core=core)))
    best = {name: min(found, key=lambda one: one["seconds"]) for name, found in rounds.items()}
    print(f"SYNTHETIC reviews: {json.loads(made)['training']} for training, {json.loads(made)['test']} for testing")
    for name, found in rounds.items():
        for one in found:
            print(
                f"{name:8} {one['seconds']:6.2f} s of the core ({one['elapsed']:.2f} s elapsed) {one['megabytes']:6.0f} MB accuracy {one['accuracy']:.4f}"
            )
    ours, theirs = best["trainer"], best["tfidf"]
    share, loss = ours["seconds"] / theirs["seconds"], theirs["accuracy"] - ours["accuracy"]
    kept = {
        f"memory {ours['megabytes']:.0f} MB, promised under {MEGABYTES}": ours["megabytes"] < MEGABYTES,
        f"time {share:.2f} of the pipeline's, promised at most {SHARE_OF_TIME}": share <= SHARE_OF_TIME,
        f"accuracy lower by {loss:.4f}, promised at most {ACCURACY_LOSS}": loss <= ACCURACY_LOSS,
    }
    for promise, is_kept in kept.items():
        print(f"{'kept  ' if is_kept else 'BROKEN'} {promise}")
    return 0 if all(kept.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
