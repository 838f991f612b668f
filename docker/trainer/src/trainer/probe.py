"""Asks a running inference API what the test part of a data set says, and reports how it answered."""

import json
import math
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from .errors import InvalidInput, shown
from .reviews import LABELS, Review

_TIMEOUT_SECONDS = 30
_PREDICTION = ("text", "sentiment", "confidence", "processing_time_ms", "timestamp", "model_version")


@dataclass(frozen=True)
class Limits:
    """What the server must reach.

    Attributes:
        accuracy: smallest share of right answers.
        latency: longest time of 95 of 100 replies, in milliseconds.
    """

    accuracy: float
    latency: float


@dataclass
class Case:
    """One thing that was tested: ``failure`` is empty where all was well."""

    name: str
    seconds: float = 0.0
    failure: str = ""


@dataclass
class Outcome:
    """All cases and what was measured."""

    cases: list[Case] = field(default_factory=list)
    accuracy: float = math.nan
    latency: float = math.nan
    requests: int = 0

    @property
    def failures(self) -> list[Case]:
        """The cases that failed."""
        return [case for case in self.cases if case.failure]


class _Server:
    """One connection that stays open, as those of a Gateway do."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname is None:
            raise InvalidInput(f"--url: is no HTTP URL of a server (got {shown(url)}); write http://HOST:PORT")
        self.connection = HTTPConnection(parts.hostname, parts.port or 80, timeout=_TIMEOUT_SECONDS)

    def close(self) -> None:
        """End the connection."""
        self.connection.close()

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, Any]:
        """Return status and JSON of a reply.

        Raises:
            ValueError: if there is none, or it is no JSON.
        """
        try:
            self.connection.request(method, path, body=body, headers={"Content-Type": "application/json"})
            reply = self.connection.getresponse()
            return reply.status, json.loads(reply.read())
        except (OSError, HTTPException) as problem:
            self.connection.close()
            raise ValueError(f"no reply ({type(problem).__name__}: {problem})") from None


def probe(url: str, reviews: list[Review], limits: Limits) -> Outcome:
    """Test the API at ``url`` with ``reviews``.

    Returns:
        The outcome, whatever it is: one case for each promise of the API, for accuracy and for latency.
    """
    outcome = Outcome()
    with closing(_Server(url)) as server:
        _test(server, reviews, limits, outcome)
    return outcome


def _test(server: _Server, reviews: list[Review], limits: Limits, outcome: Outcome) -> None:

    def case(name: str, test: Callable[[], str]) -> None:
        started = time.perf_counter()
        try:
            failure = test()
        except (ValueError, KeyError, TypeError) as problem:
            failure = f"{type(problem).__name__}: {problem}"
        outcome.cases.append(Case(name, time.perf_counter() - started, failure))

    case("GET /health answers 200", lambda: _status(server, "GET", "/health", None, 200))
    case("GET /ready answers 200", lambda: _status(server, "GET", "/ready", None, 200))
    case("GET /model tells the model", lambda: _has(server.ask("GET", "/model"), ("name", "version", "digest")))
    case("POST /predict refuses a body without text", lambda: _status(server, "POST", "/predict", "{}", 400))
    case("POST /predict refuses what is no JSON", lambda: _status(server, "POST", "/predict", "{", 400))
    case("POST /predict/batch answers in order", lambda: _batch(server, [review.text for review in reviews[:8]]))
    case("POST /predict answers every text", lambda: _predict_all(server, reviews, outcome))
    case(f"accuracy is at least {limits.accuracy}", lambda: _at_least(outcome.accuracy, limits.accuracy))
    case(f"95 % of replies come within {limits.latency} ms", lambda: _at_most(outcome.latency, limits.latency))


def _status(server: _Server, method: str, path: str, body: str | None, wanted: int) -> str:
    status, _ = server.ask(method, path, body)
    return "" if status == wanted else f"status {status}"


def _has(reply: tuple[int, Any], members: tuple[str, ...]) -> str:
    status, document = reply
    missing = [name for name in members if not isinstance(document, dict) or name not in document]
    if status != 200:
        return f"status {status}: {shown(document)}"
    return f"the reply lacks {', '.join(missing)}" if missing else ""


def _batch(server: _Server, texts: list[str]) -> str:
    status, document = server.ask("POST", "/predict/batch", json.dumps({"texts": texts}))
    if status != 200:
        return f"status {status}: {shown(document)}"
    answered = [prediction["text"] for prediction in document["predictions"]]
    return "" if answered == texts else "the texts of the reply are not those of the request"


def _predict_all(server: _Server, reviews: list[Review], outcome: Outcome) -> str:
    right, times, wrong = 0, [], []
    for review in reviews:
        started = time.perf_counter()
        reply = server.ask("POST", "/predict", json.dumps({"text": review.text}))
        times.append((time.perf_counter() - started) * 1000)
        problem = _has(reply, _PREDICTION) or _odd(reply[1], review.text)
        if problem:
            wrong.append(problem)
        else:
            right += reply[1]["sentiment"] == LABELS[review.label]
    outcome.requests = len(times)
    outcome.accuracy = right / len(times)
    outcome.latency = sorted(times)[math.ceil(0.95 * len(times)) - 1]
    return f"{len(wrong)} of {len(times)} replies are bad; the first: {wrong[0]}" if wrong else ""


def _odd(prediction: dict[str, Any], text: str) -> str:
    if prediction["text"] != text:
        return "the reply is about another text"
    if prediction["sentiment"] not in (*LABELS, "neutral"):
        return f"unknown sentiment {shown(prediction['sentiment'])}"
    confidence = prediction["confidence"]
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
        return f"confidence {shown(confidence)} is not between 0 and 1"
    return (
        "" if str(prediction["timestamp"]).endswith("Z") else f"timestamp {shown(prediction['timestamp'])} is not UTC"
    )


def _at_least(value: float, limit: float) -> str:
    return "" if value >= limit else f"got {value:.4f}"


def _at_most(value: float, limit: float) -> str:
    return "" if value <= limit else f"got {value:.1f}"


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as a JSON document; what could not be measured is null."""
    return {
        "passed": not outcome.failures,
        "requests": outcome.requests,
        "accuracy": None if math.isnan(outcome.accuracy) else outcome.accuracy,
        "latencyMilliseconds": None if math.isnan(outcome.latency) else round(outcome.latency, 3),
        "cases": [asdict(case) for case in outcome.cases],
    }


def as_junit(outcome: Outcome) -> str:
    """Return the outcome in the XML of JUnit, which CI systems read.

    See Also:
        https://github.com/testmoapp/junitxml
    """
    total = f"{sum(case.seconds for case in outcome.cases):.3f}"
    attributes = {"tests": str(len(outcome.cases)), "failures": str(len(outcome.failures)), "time": total}
    suites = ElementTree.Element("testsuites", attributes)
    suite = ElementTree.SubElement(suites, "testsuite", {"name": "inference API", **attributes})
    for case in outcome.cases:
        found = ElementTree.SubElement(
            suite, "testcase", {"classname": "inference", "name": case.name, "time": f"{case.seconds:.3f}"}
        )
        if case.failure:
            # Control characters of a bad reply are not allowed in XML.
            text = "".join(character if character.isprintable() else "?" for character in case.failure)
            ElementTree.SubElement(found, "failure", {"message": text})
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True)
