import json
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from trainer.cli import run
from trainer.folders import file_sha256

SMALL = Path(__file__).parent / "vectors" / "model"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        if "short" not in self.path:
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"review,sentiment\n")
        return None


@pytest.fixture
def site(tmp_path):
    """A loopback web server on ``tmp_path / 'site'``: its folder and its URL."""
    folder = tmp_path / "site"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def write_csv(path, count=60):
    rows = [f"film {n} was {'good,positive' if n % 2 else 'bad,negative'}" for n in range(count)]
    path.write_text("review,sentiment\n" + "\n".join(rows) + "\n")
    return path


def test_the_whole_way_from_reviews_to_a_prediction(program, tmp_path):
    made = program("generate", "--size", 900, "--words", 60, "--output", tmp_path / "data")
    assert made.returncode == 0, made.stderr
    where = ("--data", tmp_path / "data", "--output", tmp_path / "model", "--results", tmp_path / "out")
    trained = program("train", *where, "--bits", 12, CODE_REVISION="abc123")
    assert trained.returncode == 0, trained.stderr
    assert json.loads(trained.stdout)["synthetic"] is True
    assert float((tmp_path / "out" / "accuracy").read_text()) == json.loads(trained.stdout)["accuracy"]
    assert (tmp_path / "out" / "name").read_text() == "sentiment"
    assert json.loads((tmp_path / "model" / "model.json").read_text())["codeRevision"] == "abc123"
    measured = program(
        "evaluate", "--model", tmp_path / "model", "--data", tmp_path / "data", "--output", tmp_path / "report"
    )
    assert measured.returncode == 0, measured.stderr
    assert json.loads(measured.stdout)["accuracy"] == json.loads(trained.stdout)["accuracy"]
    told = program(
        "predict", "--model", tmp_path / "model", "--explain", 2, input_text="A superb film\nA dreadful film\n"
    )
    answers = [json.loads(line) for line in told.stdout.splitlines()]
    assert [answer["sentiment"] for answer in answers] == ["positive", "negative"]
    assert all(answer["synthetic"] and len(answer["contributions"]) == 2 for answer in answers)


def test_logs_are_json_lines_on_standard_error(program, tmp_path):
    program("generate", "--size", 300, "--words", 30, "--output", tmp_path / "data")
    trained = program("train", "--data", tmp_path / "data", "--output", tmp_path / "model", "--bits", 10)
    events = [json.loads(line) for line in trained.stderr.splitlines()]
    assert [entry["event"] for entry in events][-1] == "measured"
    assert all(entry["time"].endswith("Z") and entry["level"] == "info" for entry in events)


def test_fetch_from_a_url(program, tmp_path, site):
    folder, url = site
    digest = file_sha256(write_csv(folder / "reviews.csv"))
    source = f"{url}/reviews.csv?token=hidden"
    done = program("fetch", "--source", source, "--sha256", digest, "--size", 40, "--output", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "data" / "dataset.json").read_text())
    assert document["source"] == f"{url}/reviews.csv"
    assert document["synthetic"] is False
    assert sum(document["splits"]["train"].values()) == 32
    assert "hidden" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("/none.csv", (), "got status 404"),
        ("/short.csv", (), "the download broke off (got 17 of 1000 bytes)"),
        ("/reviews.csv", ("--sha256", "0" * 64), "has another SHA-256"),
        ("/reviews.csv", ("--format", "jsonl"), "/reviews.csv: line 1: is not JSON"),
    ],
)
def test_a_failed_download_is_told_and_leaves_nothing(program, tmp_path, site, path, options, message):
    folder, url = site
    write_csv(folder / "reviews.csv")
    done = program("fetch", "--source", url + path, *options, "--output", tmp_path / "data")
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert f"error: {url}{path}: " in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "error: trainer: the following arguments are required: COMMAND"),
        (("train",), 2, "required: --data, --output"),
        (("fetch", "--source", "x.csv", "--output", "d", "--size", "-1"), 2, "is not a positive number (got -1)"),
        (("generate", "--size", "9", "--output", "d", "--test-share", "2"), 2, "is not between 0 and 1 (got 2)"),
        (("fetch", "--source", "ftp://here/x.csv", "--output", "d"), 1, "scheme is not supported (got 'ftp')"),
        (("fetch", "--source", "none.csv", "--output", "d"), 1, "error: none.csv: does not exist;"),
        (("fetch", "--source", "x", "--revision", "v1", "--output", "d"), 1, "only one is given"),
        (("train", "--data", "none", "--output", "d"), 1, "is not a data set"),
        (("predict", "--model", "none", "x"), 1, "cannot be read as JSON"),
    ],
)
def test_mistakes_have_a_message_and_an_exit_code(capsys, arguments, code, message):
    assert ended(arguments) == code
    printed = capsys.readouterr()
    assert message in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""


def ended(arguments):
    """Run the command line in this process and return its exit code."""
    try:
        return run(arguments)
    except SystemExit as end:
        return end.code


def test_a_failed_gate_keeps_the_report(capsys, data, model_folder, tmp_path):
    arguments = ["evaluate", "--model", str(model_folder), "--data", str(data), "--output", str(tmp_path / "report")]
    assert run([*arguments, "--minimum-accuracy", "0.999"]) == 1
    assert "accuracy is below --minimum-accuracy 0.999" in capsys.readouterr().err
    assert (tmp_path / "report" / "report.json").exists()
    assert run([*arguments, "--minimum-accuracy", "0.5"]) == 0


def test_an_unexpected_failure_is_a_defect_of_the_program(program, tmp_path):
    broken = tmp_path / "broken"
    (broken / "trainer").mkdir(parents=True)
    (broken / "sitecustomize.py").write_text("import json; json.dumps = None\n")
    source = Path(__file__).parent.parent / "src"
    done = program("predict", "--model", SMALL, "x", PYTHONPATH=f"{broken}:{source}")
    assert done.returncode == 70
    assert "please report" in done.stderr


def test_input_that_is_not_utf_8_is_read_with_replacement_characters(tmp_path):
    command = [sys.executable, "-m", "trainer", "predict", "--model", str(SMALL)]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parent.parent / "src"), "PYTHONUTF8": "0"}
    done = subprocess.run(command, input=b"good \xff film\n", capture_output=True, env=environment, check=True)
    assert json.loads(done.stdout)["text"] == "good \ufffd film"


@pytest.mark.parametrize("command", ["fetch", "generate", "train", "evaluate", "predict"])
def test_every_command_has_help(capsys, command):
    assert ended([command, "--help"]) == 0
    printed = capsys.readouterr().out
    assert "--output" in printed or "--model" in printed


def test_the_program_starts_as_a_module(program):
    assert program("--help").returncode == 0
