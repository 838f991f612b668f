"""Command line: results as JSON on standard output, logs and errors on standard error."""

import argparse
import json
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from .commands import COMMANDS
from .errors import InvalidInput
from .logs import configure
from .steps import STEPS

_EXIT_INVALID, _EXIT_USAGE, _EXIT_DEFECT = 1, 2, 70


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(_EXIT_USAGE, f"error: {self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="versioning",
        description="Versions models with Git tags and DVC.",
        epilog="Exit codes: 0 done, 1 invalid input or failed gate, 2 wrong usage, 70 defect of this program.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for command in (*COMMANDS, *STEPS):
        added = commands.add_parser(command.name, help=command.summary, description=command.summary, allow_abbrev=False)
        command.arguments(added)
        added.add_argument(
            "--results", type=Path, metavar="DIR", help="also write each single result to a file of its name in DIR"
        )
        added.set_defaults(run=command.run)
    return parser


def _write_results(result: dict[str, Any], folder: Path) -> None:
    """Write the scalar members of ``result``, one file each: what a workflow reads as output parameters."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in result.items():
        if not isinstance(value, (dict, list)):
            text = value if isinstance(value, str) else json.dumps(value)
            (folder / name).write_text(text, encoding="utf-8")


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    configure()
    options = _parser().parse_args(arguments)
    try:
        result = options.run(options)
        if result is not None:
            print(json.dumps(result))
            if options.results is not None:
                _write_results(result, options.results)
    except InvalidInput as problem:
        for message in problem.messages:
            print(f"error: {message}", file=sys.stderr)
        return _EXIT_INVALID
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _EXIT_INVALID
    except OSError as problem:
        where = problem.filename or "system"
        print(f"error: {where}: {problem.strerror}; check the path, its permissions and free space", file=sys.stderr)
        return _EXIT_INVALID
    except Exception:
        traceback.print_exc()
        print("error: versioning: unexpected; this is a defect, please report the lines above", file=sys.stderr)
        return _EXIT_DEFECT
    return 0


def main() -> NoReturn:
    """Entry point: ends the process."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
