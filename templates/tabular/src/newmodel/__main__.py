"""The commands of the program."""

import json
import os
import sys
from pathlib import Path

from . import data, examples, model
from .command_line import CommandLine, add_serving_options, serve
from .probe import probe
from .serve import answer
from .server import Served


def _generate(options):
    training, test = examples.choose(data.generate(options.size, options.seed), 0, options.seed)
    return {**examples.write_dataset(training, test, "generate", options.output), "synthetic": True}


def _fetch(options):
    training, test = examples.choose(data.read_source(options.source), options.size, options.seed)
    return examples.write_dataset(training, test, options.source.name, options.output)


def _train(options):
    described = json.loads((options.data / "dataset.json").read_text(encoding="utf-8"))
    training = data.read_source(options.data / "train.jsonl")
    revision = os.environ.get("CODE_REVISION", "unknown")
    fitted = model.fit(training, options.strength, options.name, revision, described)
    made = model.with_proof(fitted, data.read_source(options.data / "test.jsonl"))
    model.save(made, options.output)
    return {"name": options.name, "weightsSha256": made.document["weights"]["sha256"], **made.document["metrics"]}


def _evaluate(options):
    metrics = model.measure(model.load(options.model), data.read_source(options.data / "test.jsonl"))
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "report.json").write_text(json.dumps({"metrics": metrics}), encoding="utf-8")
    return metrics


def _probe(options):
    rows = data.read_source(options.data / "test.jsonl")
    questions = [
        ({"features": dict(zip(data.FEATURES, row.features, strict=True))}, data.LABELS[row.label]) for row in rows
    ]

    def is_right(reply, label):
        return reply["label"] == label

    return probe(options.url.rstrip("/"), questions, is_right, options.minimum_accuracy, options.latency)


def _serve(options):
    serve(Served(options.model, options.model_digest, model.load, answer), options)


def _commands():
    line = CommandLine("newmodel")
    add = line.command("generate", _generate, "make up a data set, to try things out")
    add("--size", type=int, default=1000)
    add("--seed", type=int, default=0)
    add("--output", type=Path, required=True)
    add = line.command("fetch", _fetch, "read a data set and split it")
    add("--source", type=Path, required=True)
    add("--size", type=int, default=0, help="0 is all")
    add("--seed", type=int, default=0)
    add("--output", type=Path, required=True)
    add = line.command("train", _train, "train a model")
    add("--data", type=Path, required=True)
    add("--name", default="new-model")
    add("--seed", type=int, default=0)
    add("--strength", type=float, default=0.001, help="of the penalty on large weights")
    add("--output", type=Path, required=True)
    add = line.command("evaluate", _evaluate, "measure a model")
    add("--data", type=Path, required=True)
    add("--model", type=Path, required=True)
    add("--output", type=Path, required=True)
    add = line.command("probe", _probe, "ask a running server")
    add("--url", required=True)
    add("--data", type=Path, required=True)
    add("--minimum-accuracy", type=float, default=0.0)
    add("--latency", type=float, default=1000.0, help="milliseconds")
    add_serving_options(line.command("serve", _serve, "serve a model over HTTP"))
    return line


sys.exit(_commands().run())
