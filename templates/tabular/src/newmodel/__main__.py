"""Command line: results as JSON on standard output, mistakes on standard error."""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from . import data, model
from .errors import InvalidInput
from .probe import probe
from .serve import make_server


def _generate(options):
    training, test = data.choose(data.generate(options.size, options.seed), 0, options.seed)
    options.output.mkdir(parents=True)
    data.write(training, options.output / "train.jsonl")
    data.write(test, options.output / "test.jsonl")
    return {"training": len(training), "test": len(test), "synthetic": True}


def _fetch(options):
    rows = data.read_source(options.source)
    training, test = data.choose(rows, options.size, options.seed)
    if not training or not test:
        raise InvalidInput(f"--size: leaves nothing to train or to test with (got {options.size}); take more")
    options.output.mkdir(parents=True, exist_ok=True)
    digests = [data.write(training, options.output / "train.jsonl"), data.write(test, options.output / "test.jsonl")]
    described = {
        "sha256": data.hashlib.sha256("".join(digests).encode()).hexdigest(),
        "source": options.source.name,
        "training": len(training),
        "test": len(test),
    }
    (options.output / "dataset.json").write_text(json.dumps(described), encoding="utf-8")
    return described


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
    return probe(options.url.rstrip("/"), options.data, options.minimum_accuracy, options.latency)


def _serve(options):
    server = make_server(options.model, options.model_digest, options.host, options.port, options.follow_seconds)
    # In a thread of its own: shutdown waits for the loop that this one is in.
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    print(json.dumps({"msg": "listening", "url": f"http://{options.host}:{server.server_port}"}), flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()


def _parser():
    parser = argparse.ArgumentParser(prog="newmodel", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name, run, summary):
        added = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        added.add_argument("--results", type=Path, help="folder that gets each result as a file")
        added.set_defaults(run=run)
        return added.add_argument

    add = command("generate", _generate, "make up a data set, to try things out")
    add("--size", type=int, default=1000)
    add("--seed", type=int, default=0)
    add("--output", type=Path, required=True)
    add = command("fetch", _fetch, "read a data set and split it")
    add("--source", type=Path, required=True)
    add("--size", type=int, default=0, help="0 is all")
    add("--seed", type=int, default=0)
    add("--output", type=Path, required=True)
    add = command("train", _train, "train a model")
    add("--data", type=Path, required=True)
    add("--name", default="new-model")
    add("--seed", type=int, default=0)
    add("--strength", type=float, default=0.001, help="of the penalty on large weights")
    add("--output", type=Path, required=True)
    add = command("evaluate", _evaluate, "measure a model")
    add("--data", type=Path, required=True)
    add("--model", type=Path, required=True)
    add("--output", type=Path, required=True)
    add = command("probe", _probe, "ask a running server")
    add("--url", required=True)
    add("--data", type=Path, required=True)
    add("--minimum-accuracy", type=float, default=0.0)
    add("--latency", type=float, default=1000.0, help="milliseconds")
    add = command("serve", _serve, "serve a model over HTTP")
    environment = os.environ
    add("--model", type=Path, default=environment.get("MODEL_DIRECTORY"))
    add("--model-digest", default=environment.get("MODEL_DIGEST"))
    add("--host", default=environment.get("HOST", "0.0.0.0"))  # noqa: S104
    add("--port", type=int, default=int(environment.get("PORT", "8080")))
    add("--follow-seconds", type=float, default=0.0, help="look for another version so often; 0: never")
    return parser


def main() -> int:
    """Run one command; 0 done, 1 invalid input or a failed gate, 2 wrong usage."""
    options = _parser().parse_args()
    try:
        result = options.run(options)
    except InvalidInput as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"error: {problem.filename}: {problem.strerror}; check the path and its permissions", file=sys.stderr)
        return 1
    if result is not None:
        print(json.dumps(result))
    if result is not None and options.results:
        options.results.mkdir(parents=True, exist_ok=True)
        for name, value in result.items():
            text = value if isinstance(value, str) else json.dumps(value)
            (options.results / name).write_text(text, encoding="utf-8")
    return 0


sys.exit(main())
