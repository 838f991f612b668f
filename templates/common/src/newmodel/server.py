"""The server: one model, over HTTP, as the platform's other inference server offers it."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .errors import InvalidInput
from .folder import digest

LARGEST_BODY = 64 * 1024


class Served:
    """The model that answers; a link that leads to another version is followed when it is told to.

    Attributes:
        folder: what it is loaded from.
        expected: digest of the pinned version, which is then the only one that is served.
        load: reads the folder and proves it; a model has a ``document``, which is what model.json holds.
        answer: what a request is answered with, by the model; it refuses a request with ``InvalidInput``.
    """

    def __init__(
        self,
        folder: Path,
        expected: str | None,
        load: Callable[[Path, str | None], Any],
        answer: Callable[[Any, dict[str, Any]], dict[str, Any]],
    ):
        self.folder, self.expected, self.load, self.answer = folder, expected, load, answer
        self.model: Any = None
        self.digest, self.loaded_at, self.place = "", "", None
        self.requests: Counter[int] = Counter()
        self.lock = threading.Lock()

    def refresh(self) -> None:
        """Load what the folder holds when it is another than before; the old one stays when that is damaged."""
        place = self.folder.resolve()
        if place == self.place or not place.is_dir():
            return
        self.place = place
        model = self.load(place, self.expected)
        self.digest, self.loaded_at = digest(place), _now()
        self.model = model

    def count(self, status: int) -> None:
        """Count a reply."""
        with self.lock:
            self.requests[status] += 1


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    served: Served

    def do_GET(self) -> None:
        """Answer what the platform asks."""
        model = self.served.model
        ready = model is not None
        if self.path == "/health":
            self._reply(200, {"status": "healthy"})
        elif self.path == "/ready":
            self._reply(200 if ready else 503, {"status": "ready" if ready else "no model is loaded"})
        elif self.path == "/model" and model:
            document = {key: value for key, value in model.document.items() if key != "golden"}
            self._reply(200, {**document, "digest": self.served.digest, "loadedAt": self.served.loaded_at})
        elif self.path == "/metrics":
            counts = dict(self.served.requests)
            lines = [f'inference_requests_total{{status="{status}"}} {count}' for status, count in counts.items()]
            self._send(200, "\n".join(["# TYPE inference_requests_total counter", *lines, ""]).encode(), "text/plain")
        else:
            self._error(404 if ready else 503, "there is no such path, or no model yet")

    def do_POST(self) -> None:
        """Let the model answer."""
        size = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(min(size, LARGEST_BODY))
        model = self.served.model
        if self.path != "/predict":
            return self._error(404, "there is no such path")
        if model is None:
            return self._error(503, "no model is loaded")
        if size > LARGEST_BODY:
            return self._error(413, f"a request has at most {LARGEST_BODY} bytes")
        began = time.perf_counter()
        try:
            answer = self.served.answer(model, _document(body))
        except InvalidInput as problem:
            return self._error(400, str(problem))
        spent = {"processing_time_ms": round((time.perf_counter() - began) * 1000, 3), "timestamp": _now()}
        return self._reply(200, {**answer, **spent, "model_version": model.document["version"]})

    def _error(self, status: int, message: str) -> None:
        self._reply(status, {"error": {"code": status, "message": message}})

    def _reply(self, status: int, document: dict[str, Any]) -> None:
        self._send(status, json.dumps(document).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str) -> None:
        if self.path.startswith("/predict"):
            self.served.count(status)
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing of each request."""


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        raise InvalidInput("the body is no JSON") from None
    if not isinstance(document, dict):
        raise InvalidInput("the body is no JSON object")
    return document


class Server(ThreadingHTTPServer):
    """Waits, when it is closed, for the replies that are being written."""

    daemon_threads = False
    request_queue_size = 128


def make_server(served: Served, host: str, port: int, follow_seconds: float) -> Server:
    """Load the model and listen; without ``follow_seconds`` a folder that cannot be served is refused at once."""
    if follow_seconds == 0:
        served.refresh()
        if served.model is None:
            raise InvalidInput(f"{served.folder}: is no folder; name the folder of a version")
    else:
        threading.Thread(target=_follow, args=(served, follow_seconds), daemon=True).start()
    return Server((host, port), type("BoundHandler", (Handler,), {"served": served, "timeout": 5}))


def _follow(served: Served, seconds: float) -> None:
    while True:
        try:
            served.refresh()
        except InvalidInput as problem:
            print(f"error: {problem}", flush=True)
        time.sleep(seconds)
