"""The command that pipelines need beside those of people: probe."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .commands import Command, count, share
from .dataset import read_dataset
from .errors import InvalidInput
from .probe import Limits, as_json, as_junit, probe


def _probe_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", required=True, help="of the inference API, such as http://10.0.0.1:8080")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="data set folder; its test part asks")
    parser.add_argument("--texts", type=count, default=200, metavar="N", help="how many of its texts; default 200")
    parser.add_argument("--minimum-accuracy", type=share, required=True, metavar="SHARE", help="of these texts")
    parser.add_argument(
        "--latency", type=float, required=True, metavar="MS", help="95 of 100 replies must come within this time"
    )


def _probe(options: argparse.Namespace) -> dict[str, Any]:
    reviews = read_dataset(options.data).reviews("test")[: options.texts]
    if not reviews:
        raise InvalidInput(f"{options.data}: the test part is empty; make the data set with a test share")
    outcome = probe(options.url, reviews, Limits(options.minimum_accuracy, options.latency))
    report, junit = as_json(outcome), as_junit(outcome)
    # A workflow's log is where people look after a run has failed; outputs are kept only of runs that have not.
    print(json.dumps(report), file=sys.stderr)
    print(junit, file=sys.stderr)
    if outcome.failures:
        raise InvalidInput(
            *(f"{options.url}: {case.name}: {case.failure}; see the report above" for case in outcome.failures)
        )
    return {
        "accuracy": outcome.accuracy,
        "latency": outcome.latency,
        "requests": outcome.requests,
        "report": json.dumps(report),
        "junit": junit,
    }


STEPS = (Command("probe", "test a running inference API with the texts of a data set", _probe_arguments, _probe),)
