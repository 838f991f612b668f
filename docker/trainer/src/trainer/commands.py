"""The commands: their options, and what each does with them."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import tracking
from .classifier import Settings
from .dataset import Selection, write_dataset
from .download import described, dvc_copy, local_copy
from .errors import InvalidInput
from .features import DEFAULT_BITS
from .generate import Recipe, generate
from .logs import event
from .model import Model, read_model
from .reviews import LABELS
from .sources import FORMATS, read_source
from .train import Identity, train


@dataclass(frozen=True)
class Command:
    """A subcommand: name, one-line summary, its options, and the function that returns its result."""

    name: str
    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], dict[str, Any] | None]


def share(text: str) -> float:
    """Read a number between 0 and 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"is not between 0 and 1 (got {text})")
    return value


def count(text: str) -> int:
    """Read a whole number above 0."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"is not a positive number (got {text})")
    return value


def _size(text: str) -> int:
    return 0 if text == "0" else count(text)


def _selection_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="data set folder to write")
    parser.add_argument("--seed", type=int, default=0, help="default 0")
    parser.add_argument("--test-share", type=share, default=0.2, metavar="SHARE", help="kept for testing; default 0.2")


def _fetch_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--source", required=True, metavar="PATH|URL", help="CSV, JSONL (plain or gz), aclImdb folder or tar"
    )
    parser.add_argument("--format", choices=FORMATS, default="auto", help="default: by the name")
    parser.add_argument("--sha256", metavar="HEX", help="refuse another content of the source file")
    parser.add_argument("--repository", metavar="PATH|URL", help="DVC repository that holds the source")
    parser.add_argument("--revision", metavar="REV", help="Git revision in that repository")
    parser.add_argument(
        "--size", type=_size, default=0, metavar="N", help="keep N texts, both labels in proportion; default 0, all"
    )
    _selection_arguments(parser)


def _fetch(options: argparse.Namespace) -> dict[str, Any]:
    if (options.repository is None) != (options.revision is None):
        raise InvalidInput("--repository, --revision: only one is given; give both, or none for a path or URL")
    if options.repository is not None:
        copy = dvc_copy(options.repository, options.source, options.revision)
        source = f"{described(options.repository)}:{options.source}@{options.revision}"
    else:
        copy = local_copy(options.source, options.sha256)
        source = described(options.source)
    selection = Selection(options.size or None, options.seed, options.test_share)
    with copy as path:
        try:
            reviews = read_source(path, options.format)
        except InvalidInput as problem:
            # Name what the user named, not the temporary copy.
            raise InvalidInput(*(message.replace(str(path), source) for message in problem.messages)) from None
        event("read", source=source, reviews=len(reviews))
        return _summary(write_dataset(reviews, source, selection, options.output))


def _summary(document: dict[str, Any]) -> dict[str, Any]:
    """Lift what a workflow passes on to the top level of the result."""
    splits = document["splits"]
    return {"training": sum(splits["train"].values()), "test": sum(splits["test"].values()), **document}


def _generate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=count, required=True, metavar="N", help="number of reviews")
    parser.add_argument("--words", type=count, default=230, help="mean words of a review; default 230")
    parser.add_argument("--positive-share", type=share, default=0.5, metavar="SHARE", help="default 0.5")
    parser.add_argument("--label-noise", type=share, default=0.02, metavar="SHARE", help="wrong labels; default 0.02")
    _selection_arguments(parser)


def _generate(options: argparse.Namespace) -> dict[str, Any]:
    recipe = Recipe(options.size, options.seed, options.words, options.positive_share, options.label_noise)
    selection = Selection(None, options.seed, options.test_share)
    source = f"synthetic reviews of the seeded generator, seed {options.seed}"
    return _summary(write_dataset(generate(recipe), source, selection, options.output))


def _train_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="data set folder of fetch or generate")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="model folder to write")
    parser.add_argument("--name", default="sentiment", help="model name; default sentiment")
    parser.add_argument("--bits", type=int, default=DEFAULT_BITS, help="2^BITS buckets, 8 to 24; default 20")
    parser.add_argument("--alpha", type=float, default=1.0, help="smoothing of naive Bayes counts; default 1")
    parser.add_argument(
        "--regularization", type=float, default=0.01, metavar="C", help="smaller is stronger; default 0.01"
    )
    parser.add_argument("--iterations", type=int, default=100, help="largest number of them; default 100")
    parser.add_argument("--seed", type=int, default=0, help="which texts calibrate; default 0")
    parser.add_argument(
        "--code-revision",
        default=os.environ.get("CODE_REVISION", "unknown"),
        metavar="REV",
        help="revision of the code; default $CODE_REVISION, else unknown",
    )


def _train(options: argparse.Namespace) -> dict[str, Any]:
    settings = Settings(options.bits, options.alpha, options.regularization, options.iterations, options.seed)
    document = train(options.data, Identity(options.name, options.code_revision), settings, options.output)
    tags = {
        "synthetic": str(document["synthetic"]).lower(),
        "data.sha256": document["data"]["sha256"],
        "weights.sha256": document["weights"]["sha256"],
        "code.revision": document["codeRevision"],
    }
    run = tracking.record("train", document["training"], document["metrics"], tags, options.output)
    return {
        "name": document["name"],
        "accuracy": document["metrics"]["accuracy"],
        "synthetic": document["synthetic"],
        "weightsSha256": document["weights"]["sha256"],
        "dataSha256": document["data"]["sha256"],
        "mlflowRun": run,
        "metrics": document["metrics"],
    }


def _evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, required=True, metavar="DIR", help="model folder")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="data set folder; its test part is used"
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder for report.json, report.png")
    parser.add_argument(
        "--minimum-accuracy", type=share, metavar="SHARE", help="exit 1 after the report if the accuracy is below"
    )


def _evaluate(options: argparse.Namespace) -> dict[str, Any]:
    # Plotting takes a second to import, which the other commands need not wait for.
    from .report import evaluate

    report = evaluate(options.model, options.data, options.output)
    tags = {"synthetic": str(report["synthetic"]).lower()}
    run = tracking.record("evaluate", {}, report["metrics"], tags, options.output)
    accuracy = report["metrics"]["accuracy"]
    if options.minimum_accuracy is not None and accuracy < options.minimum_accuracy:
        raise InvalidInput(
            f"{options.model}: accuracy is below --minimum-accuracy {options.minimum_accuracy} (got {accuracy}); "
            f"see {options.output}/report.json"
        )
    return {"name": report["model"]["name"], **report["metrics"], "synthetic": report["synthetic"], "mlflowRun": run}


def _predict_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, required=True, metavar="DIR", help="model folder")
    parser.add_argument("--explain", type=count, metavar="N", help="add the N features that weigh most")
    parser.add_argument("text", nargs="*", help="texts; without any, each line of standard input is one")


def _predict(options: argparse.Namespace) -> None:
    import json

    model = read_model(options.model)
    if not options.text:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    for prediction in predictions(model, options.text or (line.rstrip("\n") for line in sys.stdin), options.explain):
        print(json.dumps(prediction))


def predictions(model: Model, texts: Any, explain: int | None) -> Iterator[dict[str, Any]]:
    """Yield what ``model`` says of each text."""
    for text in texts:
        margin = float(model.margins([text])[0])
        score = float(model.calibrated(margin))
        prediction: dict[str, Any] = {
            "text": text,
            "sentiment": LABELS[score >= 0.5],
            "confidence": max(score, 1 - score),
            "score": score,
            "margin": margin,
            "model": model.document["name"],
            "version": model.document["version"],
        }
        if model.document["synthetic"]:
            prediction["synthetic"] = True
        if explain is not None:
            parts = model.contributions(text)[:explain]
            prediction["contributions"] = [{"text": spelled, "weight": weight} for spelled, weight in parts]
        yield prediction


COMMANDS = (
    Command("fetch", "make a data set of real reviews", _fetch_arguments, _fetch),
    Command("generate", "make a data set of synthetic reviews", _generate_arguments, _generate),
    Command("train", "train a model on a data set", _train_arguments, _train),
    Command("evaluate", "measure a model on the test part of a data set", _evaluate_arguments, _evaluate),
    Command("predict", "say what a model thinks of texts, as JSON lines", _predict_arguments, _predict),
)
