"""The way of a model: made-up rows, training, its folder, and a server that answers."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from newmodel import data, examples
from newmodel.errors import InvalidInput
from newmodel.folder import digest
from newmodel.model import load


def run(*arguments: str) -> dict:
    """Run a command and return its result."""
    done = subprocess.run([sys.executable, "-m", "newmodel", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


class Way(unittest.TestCase):
    """Each test goes on from a trained model."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        rows = cls.folder / "rows.jsonl"
        examples.write(data.generate(600, seed=1), rows)
        run("fetch", "--source", str(rows), "--output", str(cls.folder / "data"))
        cls.trained = run("train", "--data", str(cls.folder / "data"), "--output", str(cls.folder / "model"))

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_learns_what_the_rows_say(self):
        self.assertGreater(self.trained["accuracy"], 0.8)
        report = run("evaluate", "--data", str(self.folder / "data"), "--model", str(self.folder / "model"),
                     "--output", str(self.folder / "report"))
        self.assertEqual(report["accuracy"], self.trained["accuracy"])

    def test_the_same_rows_give_the_same_bytes(self):
        again = self.folder / "again"
        run("train", "--data", str(self.folder / "data"), "--output", str(again))
        self.assertEqual(digest(again), digest(self.folder / "model"))

    def test_learns_from_rows_that_are_made_up(self):
        made_up = self.folder / "made-up"
        run("generate", "--output", str(made_up))
        trained = run("train", "--data", str(made_up), "--output", str(self.folder / "from-made-up"))
        self.assertGreater(trained["accuracy"], 0.8)

    def test_a_damaged_model_is_refused(self):
        damaged = self.folder / "damaged"
        damaged.mkdir()
        for path in (self.folder / "model").iterdir():
            (damaged / path.name).write_bytes(path.read_bytes())
        self.assertTrue(load(damaged))
        weights = bytearray((damaged / "weights.f32").read_bytes())
        weights[0] ^= 1
        (damaged / "weights.f32").write_bytes(weights)
        with self.assertRaises(InvalidInput):
            load(damaged)

    def test_a_server_answers_and_says_what_is_wrong(self):
        serve = [sys.executable, "-m", "newmodel", "serve", "--model", str(self.folder / "model")]
        with subprocess.Popen([*serve, "--host", "127.0.0.1", "--port", "0"], stdout=subprocess.PIPE, text=True) as server:
            url = json.loads(server.stdout.readline())["url"]
            report = run("probe", "--url", url, "--data", str(self.folder / "data"), "--minimum-accuracy", "0.8")
            self.assertEqual(report["accuracy"], self.trained["accuracy"])
            with urlopen(f"{url}/model") as reply:
                self.assertEqual(json.load(reply)["digest"], digest(self.folder / "model"))
            with self.assertRaises(HTTPError) as refused:
                urlopen(Request(f"{url}/predict", b'{"features": {"length": "a"}}'))
            self.assertEqual(refused.exception.code, 400)
            refused.exception.close()
            server.terminate()
            self.assertEqual(server.wait(), 0)


if __name__ == "__main__":
    unittest.main()
