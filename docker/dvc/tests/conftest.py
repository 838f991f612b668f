import hashlib
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from versioning.git import Repository
from versioning.store import Remote
from versioning.version import Request, create_version

SOURCE = Path(__file__).parent.parent / "src"


def write_model(folder, seed=0, accuracy=0.9, name="sentiment"):
    """Write a small folder of the model contract's shape; ``seed`` changes its weights."""
    folder.mkdir(parents=True)
    weights = hashlib.shake_256(str(seed).encode()).digest(1024)
    (folder / "weights.f32").write_bytes(weights)
    document = {
        "schema": "cdk8s-mlops/model/v1",
        "name": name,
        "version": "v0.0.0-unversioned",
        "weights": {"file": "weights.f32", "count": 256, "sha256": hashlib.sha256(weights).hexdigest()},
        "metrics": {"accuracy": accuracy},
        "synthetic": True,
        "data": {"sha256": "0" * 64},
        "codeRevision": "abc123",
    }
    (folder / "model.json").write_text(json.dumps(document))
    return folder


@pytest.fixture
def environment(tmp_path):
    """What every program gets: nothing of the developer's own settings."""
    (tmp_path / "home").mkdir()
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(SOURCE),
        "GIT_AUTHOR_NAME": "author",
        "GIT_AUTHOR_EMAIL": "author@localhost",
        "GIT_COMMITTER_NAME": "author",
        "GIT_COMMITTER_EMAIL": "author@localhost",
    }


@pytest.fixture(autouse=True)
def isolated_home(environment, monkeypatch):
    for name in [name for name in os.environ if name.startswith(("GIT_", "DVC_", "AWS_"))]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        if name.startswith(("GIT_", "HOME")):
            monkeypatch.setenv(name, value)


@pytest.fixture
def repository(tmp_path):
    """An empty bare Git repository in a folder with an awkward name."""
    path = tmp_path / "a repository's $(place)"
    subprocess.run(["git", "init", "--quiet", "--bare", "--", str(path)], check=True)
    return Repository(str(path))


@pytest.fixture
def remote(tmp_path):
    return Remote(str(tmp_path / "remote storage"))


@pytest.fixture
def register(repository, remote, tmp_path):
    """Register one more model and return its version."""
    made = []

    def run(accuracy=0.9, name="sentiment", **request):
        made.append(len(made))
        folder = write_model(tmp_path / f"model {len(made)}", len(made), accuracy, name)
        return create_version(repository, remote, Request(folder, **request))

    return run


@pytest.fixture
def program(environment):
    """Run the program as a user does and return the finished process."""

    def run(*arguments, **more):
        command = [sys.executable, "-m", "versioning", *map(str, arguments)]
        env = {**environment, **more}
        return subprocess.run(command, capture_output=True, text=True, env=env, timeout=120, check=False)

    return run


def tags(repository):
    """Names of the tags of ``repository``, with the object that each points to."""
    listed = subprocess.run(["git", "ls-remote", "--tags", "--refs", repository.url], capture_output=True, check=True)
    rows = (line.split("\t") for line in listed.stdout.decode().splitlines())
    return {name.removeprefix("refs/tags/"): target for target, name in rows}


@pytest.fixture(autouse=True)
def no_log_handlers_left():
    """Forget the handler that a test of the command line leaves: its stream ends with that test."""
    yield
    logging.getLogger("versioning").handlers.clear()
