"""Asks a running server with the rows of the test set, and says how well and how fast it answers."""

import json
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from .data import FEATURES, LABELS, read_source
from .errors import InvalidInput


def probe(url: str, data: Path, minimum_accuracy: float, latency: float) -> dict[str, object]:
    """Return accuracy and the time within which 95 of 100 replies came, in milliseconds, with reports."""
    rows = read_source(data / "test.jsonl")
    right, times, problems = 0, [], []
    for row in rows:
        body = json.dumps({"features": dict(zip(FEATURES, row.features, strict=True))}).encode()
        began = time.perf_counter()
        try:
            request = Request(f"{url}/predict", body, {"content-type": "application/json"})  # noqa: S310
            with urlopen(request, timeout=30) as reply:  # noqa: S310
                right += json.load(reply)["label"] == LABELS[row.label]
        except (OSError, URLError, ValueError, KeyError) as problem:
            problems.append(f"a reply is bad: {problem}")
            break
        times.append((time.perf_counter() - began) * 1000)
    accuracy = right / len(rows)
    slowest = sorted(times)[int(len(times) * 0.95)] if times else 0.0
    if not problems and accuracy < minimum_accuracy:
        problems.append(f"accuracy is below {minimum_accuracy} (got {accuracy:.4f})")
    if not problems and slowest > latency:
        problems.append(f"95 of 100 replies take more than {latency} ms (got {slowest:.1f})")
    failure = "".join(f"<failure>{problem}</failure>" for problem in problems)
    result = {
        "accuracy": accuracy,
        "latency": slowest,
        "report": json.dumps({"accuracy": accuracy, "latency": slowest, "rows": len(rows), "problems": problems}),
        "junit": f'<testsuite name="probe" tests="1"><testcase name="{url}">{failure}</testcase></testsuite>',
    }
    if problems:
        raise InvalidInput(f"{url}: {problems[0]}; look at the model and its server")
    return result
