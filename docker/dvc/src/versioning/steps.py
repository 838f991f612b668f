"""The commands that pipelines need beside those of people: resolve, gate, check."""

import argparse
from pathlib import Path
from typing import Any

from . import names
from .candidates import OPERATORS, Bound, choose
from .commands import (
    Command,
    described,
    model_arguments,
    remote_arguments,
    remote_of,
    repository_arguments,
    repository_of,
)
from .promote import Gate
from .proposal import PREVIOUS, propose
from .resolve import parse_inputs, resolve_run
from .version import NEXT


def _resolve_arguments(parser: argparse.ArgumentParser) -> None:
    repository_arguments(parser)
    model_arguments(parser)
    parser.add_argument("--version", default=NEXT, metavar="VERSION", help="version to make; default next")
    parser.add_argument(
        "--input",
        action="append",
        required=True,
        metavar="KEY=VALUE",
        help="what makes the model what it is: digest of the data, parameters, images",
    )


def _resolve(options: argparse.Namespace) -> dict[str, Any]:
    names.check(name=options.name, version=None if options.version == NEXT else options.version)
    found = resolve_run(repository_of(options), options.name, options.version, parse_inputs(options.input))
    version = found.version
    return {
        "name": options.name,
        "runKey": found.run_key,
        "found": version is not None,
        "version": version.version if version else "",
        "digest": version.digest if version else "",
    }


def _gate_arguments(parser: argparse.ArgumentParser) -> None:
    repository_arguments(parser)
    model_arguments(parser)
    parser.add_argument(
        "--candidates", type=Path, required=True, metavar="DIR", help="a folder for each: model/, report/report.json"
    )
    parser.add_argument("--metric", required=True, help="metric in report.json")
    parser.add_argument("--op", required=True, choices=OPERATORS, help="how it must compare with the bound")
    parser.add_argument("--value", type=float, required=True, help="the bound, or the distance from what is served")
    parser.add_argument("--compare-with-stage", metavar="STAGE", help="the bound is --value from its version's metric")


def _gate(options: argparse.Namespace) -> dict[str, Any]:
    names.check(name=options.name, stage=options.compare_with_stage)
    bound = Bound(options.metric, options.op, options.value, options.compare_with_stage)
    choice = choose(options.candidates, options.name, bound, repository_of(options))
    served = "" if choice.served is None else choice.served
    return {"candidate": choice.candidate, "folder": str(choice.folder), "metric": choice.metric, "served": served}


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    remote_arguments(parser)
    model_arguments(parser)
    parser.add_argument("--version", required=True, metavar="VERSION", help="such as v1.2.0, or previous")
    parser.add_argument("--stage", required=True, help="such as production")
    parser.add_argument("--metric", default="accuracy", help="metric of the gate, larger is better; default accuracy")
    parser.add_argument("--minimum", type=float, metavar="VALUE", help="smallest value of the metric")
    parser.add_argument("--largest-loss", type=float, metavar="VALUE", help="how much below the version it replaces")


def _check(options: argparse.Namespace) -> dict[str, Any]:
    wanted = None if options.version == PREVIOUS else options.version
    names.check(name=options.name, version=wanted, stage=options.stage)
    gate = Gate(options.metric, options.minimum, options.largest_loss)
    where = (repository_of(options), remote_of(options))
    proposal = propose(*where, options.name, options.version, options.stage, gate)
    return {**described(proposal.version), "held": proposal.held or ""}


STEPS = (
    Command("resolve", "find the version of a run, or see that the wanted one is free", _resolve_arguments, _resolve),
    Command("gate", "choose the best candidate, if it is good enough", _gate_arguments, _gate),
    Command("check", "check contents and metrics of a promotion, without making it", _check_arguments, _check),
)
