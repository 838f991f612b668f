import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

import pytest

from trainer.cli import run
from trainer.probe import Limits, as_json, as_junit, probe
from trainer.reviews import Review

REVIEWS = [
    Review(f"a {'good' if label else 'bad'} film, number {number}", label) for number in range(10) for label in (0, 1)
]
FINE = Limits(accuracy=0.9, latency=10_000)


def prediction(text, **changes):
    sentiment = "positive" if "good" in text else "negative"
    known = {"text": text, "sentiment": sentiment, "confidence": 0.9, "processing_time_ms": 0.1}
    return {**known, "timestamp": "2026-01-01T00:00:00.000Z", "model_version": "v0.1.0", **changes}


@pytest.fixture
def server():
    """Start an inference API of a few lines; its promises can be broken by path."""
    started = []

    def start(**broken):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, document):
                body = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                known = {"/model": {"name": "sentiment", "version": "v0.1.0", "digest": "sha256:0"}}
                self.answer(broken.get(self.path[1:], 200), known.get(self.path, {"status": "healthy"}))

            def do_POST(self):
                try:
                    body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                except ValueError:
                    return self.answer(400, {"error": "no JSON"})
                if self.path == "/predict/batch":
                    return self.answer(200, {"predictions": [prediction(text) for text in body["texts"]]})
                if "text" not in body:
                    return self.answer(400, {"error": "no text"})
                return self.answer(broken.get("status", 200), prediction(body["text"], **broken.get("reply", {})))

            def log_message(self, *_):
                pass

        listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        started.append(listening)
        return f"http://127.0.0.1:{listening.server_port}"

    yield start
    for listening in started:
        listening.shutdown()
        listening.server_close()


def test_a_server_that_keeps_its_promises_passes(server):
    outcome = probe(server(), REVIEWS, FINE)
    assert [case.failure for case in outcome.cases] == [""] * 9
    assert (outcome.accuracy, outcome.requests) == (1.0, 20)
    assert as_json(outcome)["passed"] is True


@pytest.mark.parametrize(
    ("broken", "case"),
    [
        ({"ready": 503}, "GET /ready answers 200"),
        ({"health": 500}, "GET /health answers 200"),
        ({"model": 503}, "GET /model tells the model"),
        ({"status": 500}, "POST /predict answers every text"),
        ({"reply": {"sentiment": "good"}}, "POST /predict answers every text"),
        ({"reply": {"confidence": 1.5}}, "POST /predict answers every text"),
        ({"reply": {"confidence": True}}, "POST /predict answers every text"),
        ({"reply": {"timestamp": "2026-01-01T00:00:00+01:00"}}, "POST /predict answers every text"),
        ({"reply": {"text": "another"}}, "POST /predict answers every text"),
        ({"reply": {"sentiment": "negative"}}, "accuracy is at least 0.9"),
    ],
)
def test_each_broken_promise_is_a_failed_case(server, broken, case):
    outcome = probe(server(**broken), REVIEWS, FINE)
    assert case in [failed.name for failed in outcome.failures]


def test_slow_replies_fail(server):
    outcome = probe(server(), REVIEWS, Limits(0.9, 0.0))
    assert [case.name for case in outcome.failures] == ["95 % of replies come within 0.0 ms"]


def test_a_server_that_is_away_fails_every_case():
    outcome = probe("http://127.0.0.1:9", REVIEWS, FINE)
    assert len(outcome.failures) == len(outcome.cases) == 9
    assert as_json(outcome)["accuracy"] is None


def test_junit_tells_the_failures_and_is_xml_whatever_the_server_said(server):
    root = ElementTree.fromstring(as_junit(probe(server(reply={"sentiment": "<\x00>"}), REVIEWS, FINE)))
    assert root.attrib["tests"] == "9"
    assert {case.attrib["name"] for case in root.iter("testcase") if case.find("failure") is not None} == {
        "POST /predict answers every text",
        "accuracy is at least 0.9",
    }


def test_the_command_fails_the_step_on_a_bad_reply(server, capsys, tmp_path):
    made = ["generate", "--size", "60", "--words", "20", "--output", str(tmp_path / "data")]
    assert run(made) == 0
    capsys.readouterr()
    limits = ["--minimum-accuracy", "0", "--latency", "10000", "--data", str(tmp_path / "data")]
    good = ["probe", "--url", server(), *limits, "--results", str(tmp_path / "results")]
    assert run(good) == 0
    assert json.loads((tmp_path / "results" / "report").read_text())["passed"] is True
    assert ElementTree.fromstring((tmp_path / "results" / "junit").read_text()).attrib["failures"] == "0"
    capsys.readouterr()
    assert run(["probe", "--url", server(status=500), *limits]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "POST /predict answers every text: 12 of 12 replies are bad" in printed.err
