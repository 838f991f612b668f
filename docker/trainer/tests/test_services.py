"""Real services next to the trainer: an MLflow server on loopback, and a DVC repository on disk."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from importlib.util import find_spec

import pytest

NO_MLFLOW = "the MLflow server (package mlflow) is not installed"
NO_DVC = "DVC (package dvc) is not installed"


@pytest.fixture(scope="module")
def mlflow_server(tmp_path_factory):
    """A tracking server with its own database and artifact folder: its URL."""
    folder = tmp_path_factory.mktemp("mlflow")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    stores = [
        "--backend-store-uri",
        f"sqlite:///{folder}/runs.db",
        "--artifacts-destination",
        str(folder / "artifacts"),
    ]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([*command, *stores], stdout=log, stderr=log, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_healthy(f"{url}/health", server, folder / "log")
        yield url
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _wait_until_healthy(url, server, log):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the MLflow server did not start:\n{log.read_text()[-2000:]}")


def _call(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


@pytest.mark.skipif(find_spec("mlflow") is None or find_spec("uvicorn") is None, reason=NO_MLFLOW)
def test_train_and_evaluate_record_in_one_mlflow_run(program, data, tmp_path, mlflow_server):
    tracking = {"MLFLOW_TRACKING_URI": mlflow_server, "MLFLOW_EXPERIMENT_NAME": "reviews", "HOME": str(tmp_path)}
    trained = program("train", "--data", data, "--output", tmp_path / "model", "--bits", 10, **tracking)
    assert trained.returncode == 0, trained.stderr
    result = json.loads(trained.stdout)
    run_id = result["mlflowRun"]
    arguments = ("evaluate", "--model", tmp_path / "model", "--data", data, "--output", tmp_path / "report")
    measured = program(*arguments, **tracking, MLFLOW_RUN_ID=run_id)
    assert measured.returncode == 0, measured.stderr
    assert json.loads(measured.stdout)["mlflowRun"] == run_id

    run = _call(f"{mlflow_server}/api/2.0/mlflow/runs/get?run_id={run_id}")["run"]
    metrics = {entry["key"]: entry["value"] for entry in run["data"]["metrics"]}
    tags = {entry["key"]: entry["value"] for entry in run["data"]["tags"]}
    params = {entry["key"]: entry["value"] for entry in run["data"]["params"]}
    assert metrics["accuracy"] == result["accuracy"]
    assert params["bits"] == "10"
    assert tags["synthetic"] == "true"
    assert tags["weights.sha256"] == result["weightsSha256"]
    listed = [
        entry["path"]
        for folder in ("train", "evaluate")
        for entry in _call(f"{mlflow_server}/api/2.0/mlflow/artifacts/list?run_id={run_id}&path={folder}")["files"]
    ]
    assert listed == ["train/model.json", "train/weights.f32", "evaluate/report.json", "evaluate/report.png"]


@pytest.mark.skipif(find_spec("mlflow") is None, reason=NO_MLFLOW)
def test_a_server_that_does_not_answer_fails_the_step_and_keeps_the_model(program, data, tmp_path):
    nobody = {
        "MLFLOW_TRACKING_URI": "http://127.0.0.1:9",
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
        "HOME": str(tmp_path),
    }
    arguments = ("train", "--data", data, "--output", tmp_path / "model", "--bits", 10)
    done = program(*arguments, **nobody)
    assert done.returncode == 1
    assert "the run was not recorded" in done.stderr
    assert (tmp_path / "model" / "model.json").exists()
    assert program(*arguments).returncode == 0


@pytest.mark.skipif(find_spec("dvc") is None, reason=NO_DVC)
def test_fetch_a_revision_of_a_dvc_repository(program, tmp_path):
    home = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "DVC_NO_ANALYTICS": "1", "PYTHONUTF8": "1"}
    identity = {
        "GIT_AUTHOR_NAME": "t",
        "GIT_AUTHOR_EMAIL": "t@t",
        "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@t",
    }
    repository = tmp_path / "data repository"
    repository.mkdir()

    def run(*command):
        subprocess.run(command, cwd=repository, env={**home, **identity}, check=True, capture_output=True)

    def dvc(*arguments):
        run(sys.executable, "-m", "dvc", *arguments)

    run("git", "init", "-q")
    dvc("init", "-q")
    dvc("remote", "add", "-d", "store", str(tmp_path / "store"))
    rows = [f'{{"text": "film {n}", "label": "{"pos" if n % 2 else "neg"}"}}' for n in range(60)]
    (repository / "reviews.jsonl").write_text("\n".join(rows))
    dvc("add", "-q", "reviews.jsonl")
    dvc("push", "-q")
    run("git", "add", "-A")
    run("git", "commit", "-qm", "data")
    run("git", "tag", "data-1")
    run("git", "rm", "-q", "reviews.jsonl.dvc")
    run("git", "commit", "-qm", "no data")

    arguments = ("fetch", "--repository", repository, "--source", "reviews.jsonl", "--output")
    done = program(*arguments, tmp_path / "data", "--revision", "data-1", HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["training"] == 48
    hostile = "--help; $(touch pwned)\n"
    refused = program(*arguments, tmp_path / "other", f"--revision={hostile}", HOME=str(tmp_path))
    assert refused.returncode == 1
    assert "cannot get 'reviews.jsonl' at '--help; $(touch pwned)\\n' (ERROR:" in refused.stderr
    assert not list(tmp_path.rglob("pwned"))
    assert not (tmp_path / "other").exists()
