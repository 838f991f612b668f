import logging
import subprocess
import sys
from pathlib import Path

import pytest

from trainer.classifier import Settings
from trainer.dataset import Selection, write_dataset
from trainer.generate import Recipe, generate
from trainer.train import Identity, train

SOURCE = Path(__file__).parent.parent / "src"


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """A data set of 1 600 synthetic reviews."""
    folder = tmp_path_factory.mktemp("shared") / "data"
    write_dataset(generate(Recipe(size=1600, seed=5, words=120)), "synthetic", Selection(), folder)
    return folder


@pytest.fixture(scope="session")
def model_folder(data, tmp_path_factory):
    """A model of 4 096 buckets trained on ``data``."""
    folder = tmp_path_factory.mktemp("shared") / "model"
    train(data, Identity("sentiment", "test"), Settings(bits=12), folder)
    return folder


@pytest.fixture
def program():
    """Run the program as a user does and return the finished process."""

    def run(*arguments, input_text=None, **environment):
        return subprocess.run(
            [sys.executable, "-m", "trainer", *map(str, arguments)],
            capture_output=True,
            text=True,
            input=input_text,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1", **environment},
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(autouse=True)
def no_log_handlers_left():
    """Forget the handler that a test of the command line leaves: its stream ends with that test."""
    yield
    logging.getLogger("trainer").handlers.clear()
