"""Structured logs: one JSON object per line on standard error, or plain lines on a terminal."""

import json
import logging
import sys
from datetime import UTC, datetime

_logger = logging.getLogger("trainer")


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        entry = {"time": time, "level": record.levelname.lower(), "event": record.getMessage(), **_fields(record)}
        return json.dumps(entry, default=str)


class _PlainLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        return f"{record.getMessage()} {fields}".rstrip()


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return getattr(record, "fields", {})


def configure() -> None:
    """Send this program's events to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_PlainLines() if sys.stderr.isatty() else _JsonLines())
    _logger.handlers[:] = [handler]
    _logger.setLevel(logging.INFO)
    _logger.propagate = False


def event(message: str, **fields: object) -> None:
    """Log that something happened; ``fields`` never hold a secret or the text of a review."""
    _logger.info(message, extra={"fields": fields})
