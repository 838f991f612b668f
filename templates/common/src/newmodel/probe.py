"""Asks a running server what users will, and says how well and how fast it answers."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from .errors import InvalidInput


def predict(url: str, document: dict[str, Any]) -> dict[str, Any]:
    """Send one request and return the reply."""
    request = Request(f"{url}/predict", json.dumps(document).encode(), {"content-type": "application/json"})  # noqa: S310
    with urlopen(request, timeout=300) as reply:  # noqa: S310
        return json.load(reply)


def probe(
    url: str,
    questions: Sequence[tuple[dict[str, Any], Any]],
    is_right: Callable[[dict[str, Any], Any], bool],
    minimum_accuracy: float,
    latency: float,
) -> dict[str, object]:
    """Return accuracy and the time within which 95 of 100 replies came, in milliseconds, with reports.

    Args:
        url: of the server.
        questions: what it is sent, each with what is expected of the reply.
        is_right: whether a reply is what is expected.
        minimum_accuracy: smallest share of right replies.
        latency: the longest that 95 of 100 replies may take.

    Raises:
        InvalidInput: if it does not answer, or not as well or as fast as it must.
    """
    right, times, problems = 0, [], []
    for question, expected in questions:
        began = time.perf_counter()
        try:
            reply = predict(url, question)
            times.append((time.perf_counter() - began) * 1000)
            right += is_right(reply, expected)
        except (OSError, URLError, ValueError, KeyError) as problem:
            problems.append(f"a reply is bad: {problem}")
            break
    accuracy = right / len(questions)
    slowest = sorted(times)[int(len(times) * 0.95)] if times else 0.0
    if not problems and accuracy < minimum_accuracy:
        problems.append(f"accuracy is below {minimum_accuracy} (got {accuracy:.4f})")
    if not problems and slowest > latency:
        problems.append(f"95 of 100 replies take more than {latency} ms (got {slowest:.1f})")
    if problems:
        raise InvalidInput(f"{url}: {problems[0]}; look at the model and its server")
    report = {"accuracy": accuracy, "latency": slowest, "requests": len(questions)}
    return {
        **{name: report[name] for name in ("accuracy", "latency")},
        "report": json.dumps(report),
        "junit": f'<testsuite name="probe" tests="1"><testcase name="{url}"></testcase></testsuite>',
    }
