"""The commands of the program. Each imports what it needs: PyTorch takes seconds, and not all want it."""

import json
import os
import sys
from pathlib import Path

from . import data, examples
from .command_line import CommandLine, add_serving_options, serve
from .probe import probe
from .server import Served
from .settings import add_settings, settings_of

PROBED_TEXTS, PROBED_WORDS = 8, 4


def _generate(options):
    training, test = examples.choose(data.generate(options.size, options.seed), 0, options.seed)
    return {**examples.write_dataset(training, test, "generate", options.output), "synthetic": True}


def _fetch(options):
    training, test = examples.choose(data.read_source(options.source), options.size, options.seed)
    return examples.write_dataset(training, test, options.source.name, options.output)


def _train(options):
    from . import model, network, training

    texts = data.read_source(options.data / "train.jsonl")
    base = options.base_model or network.BASE
    trained = network.read(base)
    training.fine_tune(trained, texts, options.epochs, options.learning_rate, options.piece_length, options.seed)
    about = {
        "name": options.name,
        "synthetic": any(text.synthetic for text in texts),
        "data": json.loads((options.data / "dataset.json").read_text(encoding="utf-8")),
        "training": {
            "baseModelSha256": network.weights_digest(base),
            "epochs": options.epochs,
            "learningRate": options.learning_rate,
            "pieceLength": options.piece_length,
            "seed": options.seed,
        },
        "codeRevision": os.environ.get("CODE_REVISION", "unknown"),
    }
    tests = data.read_source(options.data / "test.jsonl")
    made = model.save(model.describe(trained, tests, about), options.output)
    return {"name": options.name, "weightsSha256": made.document["files"][model.WEIGHTS], **made.document["metrics"]}


def _evaluate(options):
    from . import model, training

    tests = data.read_source(options.data / "test.jsonl")
    metrics = training.measure(model.load(options.model).network, tests)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "report.json").write_text(json.dumps({"metrics": metrics}), encoding="utf-8")
    return metrics


def _probe(options):
    """Whether what is written follows on the text, and is written again with the same seed."""
    texts = data.read_source(options.data / "test.jsonl")[:PROBED_TEXTS]
    beginnings = [" ".join(text.text.split()[:PROBED_WORDS]) for text in texts]
    written = {}

    def is_right(reply, text):
        return reply["generated_tokens"] > 0 and written.setdefault(text, reply["generated"]) == reply["generated"]

    questions = [({"text": text, "seed": 0}, text) for text in beginnings * 2]
    return probe(options.url.rstrip("/"), questions, is_right, options.minimum_accuracy, options.latency)


def _serve(options):
    # Before PyTorch is there: who has misspelt a setting need not wait.
    settings = settings_of(options)
    from .serve import answering, loading

    serve(Served(options.model, options.model_digest, loading(settings), answering(settings)), options)


def _commands():
    line = CommandLine("newmodel")
    add = line.command("generate", _generate, "make up texts, to try things out")
    add("--size", type=int, default=1000)
    add("--seed", type=int, default=0)
    add("--output", type=Path, required=True)
    add = line.command("fetch", _fetch, "read texts and split them")
    add("--source", type=Path, required=True)
    add("--size", type=int, default=0, help="0 is all")
    add("--seed", type=int, default=0)
    add("--output", type=Path, required=True)
    add = line.command("train", _train, "fine-tune the base model")
    add("--data", type=Path, required=True)
    add("--base-model", type=Path, help="folder of a causal language model; the program's own base-model when left out")
    add("--name", default="new-model")
    add("--seed", type=int, default=0)
    add("--epochs", type=int, default=1)
    add("--learning-rate", type=float, default=0.00005)
    add("--piece-length", type=int, default=128, help="tokens that are looked at together")
    add("--output", type=Path, required=True)
    add = line.command("evaluate", _evaluate, "measure a model")
    add("--data", type=Path, required=True)
    add("--model", type=Path, required=True)
    add("--output", type=Path, required=True)
    add = line.command("probe", _probe, "ask a running server")
    add("--url", required=True)
    add("--data", type=Path, required=True)
    add("--minimum-accuracy", type=float, default=0.0)
    add("--latency", type=float, default=60_000.0, help="milliseconds")
    add = line.command("serve", _serve, "serve a model over HTTP")
    add_serving_options(add)
    add_settings(add)
    return line


sys.exit(_commands().run())
