"""Command line: results as JSON on standard output, mistakes on standard error."""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .errors import InvalidInput
from .server import Served, make_server


class CommandLine:
    """The commands of a program; each returns its results, or does what has none."""

    def __init__(self, program: str):
        self.parser = argparse.ArgumentParser(prog=program, allow_abbrev=False)
        self.commands = self.parser.add_subparsers(required=True, metavar="COMMAND")

    def command(self, name: str, run: Callable[..., dict[str, Any] | None], summary: str) -> Callable[..., Any]:
        """Add a command and return what adds its options."""
        added = self.commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        added.add_argument("--results", type=Path, help="folder that gets each result as a file")
        added.set_defaults(run=run)
        return added.add_argument

    def run(self) -> int:
        """Run one command; 0 done, 1 invalid input or a failed gate, 2 wrong usage."""
        options = self.parser.parse_args()
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


def add_serving_options(add: Callable[..., Any]) -> None:
    """Add what every serving program is called with."""
    environment = os.environ
    add("--model", type=Path, default=environment.get("MODEL_DIRECTORY"))
    add("--model-digest", default=environment.get("MODEL_DIGEST"))
    add("--host", default=environment.get("HOST", "0.0.0.0"))  # noqa: S104
    add("--port", type=int, default=int(environment.get("PORT", "8080")))
    add("--follow-seconds", type=float, default=0.0, help="look for another version so often; 0: never")


def serve(served: Served, options: argparse.Namespace) -> None:
    """Answer until a signal ends it.

    Raises:
        InvalidInput: if there is nothing to serve.
    """
    server = make_server(served, options.host, options.port, options.follow_seconds)
    # In a thread of its own: shutdown waits for the loop that this one is in.
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    print(json.dumps({"msg": "listening", "url": f"http://{options.host}:{server.server_port}"}), flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
