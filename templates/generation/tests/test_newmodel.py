"""The way of a model: a tiny base model, training, its folder, and a server whose settings are felt."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import tiny
import torch
from newmodel import data, examples, network, training
from newmodel.errors import InvalidInput
from newmodel.folder import digest
from newmodel.model import Model, load
from newmodel.probe import predict
from newmodel.settings import Settings

TEXT = "The film begins"


def started(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run a command."""
    command = [sys.executable, "-W", "error", "-m", "newmodel", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def run(*arguments: str) -> dict:
    """Run a command and return its result."""
    done = started(*arguments)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


class Way(unittest.TestCase):
    """Each test goes on from a trained model."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        cls.base = cls.folder / "base"
        tiny.make(cls.base)
        texts = cls.folder / "texts.jsonl"
        examples.write(data.generate(300, seed=1), texts)
        run("fetch", "--source", str(texts), "--output", str(cls.folder / "data"))
        cls.trained = cls.train("model")
        cls.model = load(cls.folder / "model")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def train(cls, name: str) -> dict:
        """Train a few steps."""
        return run("train", "--data", str(cls.folder / "data"), "--base-model", str(cls.base),
                   "--learning-rate", "0.003", "--output", str(cls.folder / name))

    @contextmanager
    def served(self, **environment: str):
        """Serve the model with settings, and give its address."""
        serve = [sys.executable, "-W", "error", "-m", "newmodel", "serve", "--model", str(self.folder / "model")]
        with subprocess.Popen([*serve, "--host", "127.0.0.1", "--port", "0"], stdout=subprocess.PIPE, text=True,
                              env={**os.environ, **environment}) as server:
            try:
                yield json.loads(server.stdout.readline())["url"]
            finally:
                server.terminate()
            self.assertEqual(server.wait(), 0)

    def damaged(self, name: str) -> Path:
        """Copy the model, to damage it."""
        return Path(shutil.copytree(self.folder / "model", self.folder / name))

    def test_learns_what_the_texts_say(self):
        tests = data.read_source(self.folder / "data" / "test.jsonl")
        before = training.measure(network.read(self.base), tests)
        self.assertLess(self.trained["perplexity"], before["perplexity"] / 2)
        self.assertGreater(self.trained["accuracy"], before["accuracy"])
        report = run("evaluate", "--data", str(self.folder / "data"), "--model", str(self.folder / "model"),
                     "--output", str(self.folder / "report"))
        written = json.loads((self.folder / "report" / "report.json").read_text(encoding="utf-8"))["metrics"]
        for metrics in (report, written):
            self.assertAlmostEqual(metrics["perplexity"], self.trained["perplexity"])

    def test_says_that_what_it_learned_from_is_made_up(self):
        self.assertIs(self.model.document["synthetic"], True)

    def test_the_same_texts_give_the_same_bytes(self):
        self.train("again")
        self.assertEqual(digest(self.folder / "again"), digest(self.folder / "model"))

    def test_a_damaged_model_is_refused(self):
        self.assertTrue(load(self.damaged("whole")))
        for name in ("model.safetensors", "tokenizer.json", "config.json"):
            damaged = self.damaged(f"damaged-{name}")
            content = bytearray((damaged / name).read_bytes())
            content[-2] ^= 1
            (damaged / name).write_bytes(content)
            with self.assertRaisesRegex(InvalidInput, f"is damaged \\({name}\\)"):
                load(damaged)

    def test_a_model_that_writes_otherwise_than_it_was_stored_is_refused(self):
        other = self.damaged("other")
        document = json.loads((other / "model.json").read_text(encoding="utf-8"))
        document["golden"][0]["generated"] += "!"
        (other / "model.json").write_text(json.dumps(document), encoding="utf-8")
        with self.assertRaisesRegex(InvalidInput, "does not go on with .* as stored"):
            load(other)

    def test_a_base_model_that_is_none_is_refused_in_one_line(self):
        pickled = self.folder / "pickled"
        shutil.copytree(self.base, pickled)
        # Which PyTorch would read, and which could hold code.
        torch.save(network.read(self.base).model.state_dict(), pickled / "pytorch_model.bin")
        (pickled / "model.safetensors").unlink()
        for base in (pickled, self.folder / "nowhere"):
            done = started("train", "--data", str(self.folder / "data"), "--base-model", str(base),
                           "--output", str(self.folder / "never"))
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, r"^error: .*\n$")

    def write(self, text: str = TEXT, **settings) -> list[str]:
        """Go on with a text by some seeds."""
        return [self.model.go_on(text, Settings(**settings), seed).text for seed in range(4)]

    def test_a_seed_decides_unless_the_likeliest_token_is_always_taken(self):
        by_chance = self.write(temperature=1.5, top_p=1.0, top_k=0)
        self.assertEqual(self.write(temperature=1.5, top_p=1.0, top_k=0), by_chance)
        self.assertGreater(len(set(by_chance)), 1)
        likeliest = set(self.write(temperature=1.5, top_p=1.0, top_k=1))
        self.assertEqual(len(likeliest), 1)
        self.assertEqual(set(self.write(temperature=1.5, top_p=0.01, top_k=0)), likeliest)

    def test_a_lower_temperature_makes_likely_tokens_likelier(self):
        given = "The film begins slowly and I"
        room = {"maximum_length": len(self.model.network.tokens(given)) + 1, "top_p": 1.0, "top_k": 0}
        self.assertEqual(set(self.write(given, temperature=0.01, **room)), {" liked"})
        self.assertGreater(len(set(self.write(given, temperature=100.0, **room))), 1)

    def test_no_text_is_longer_than_the_maximum_length(self):
        for length in (8, 40):
            written = self.model.go_on(TEXT, Settings(maximum_length=length), 0)
            self.assertLessEqual(len(written.given + written.added), length)
        self.assertGreater(len(written.added), 8)
        with self.assertRaisesRegex(InvalidInput, "must have from 1 to 2 tokens"):
            self.model.go_on(TEXT, Settings(maximum_length=3), 0)

    def test_no_tokens_in_a_row_occur_twice(self):
        def repeated(size: int) -> bool:
            settings = Settings(top_k=1, maximum_length=60, no_repeat_ngram_size=size)
            written = untrained.go_on(TEXT, settings, 0)
            tokens = written.given + written.added
            pairs = list(zip(tokens, tokens[1:]))
            return len(set(pairs)) < len(pairs)

        # It has not learned to end, and repeats itself before long.
        untrained = Model({}, network.read(self.base))
        self.assertTrue(repeated(0))
        self.assertFalse(repeated(2))

    def test_a_server_answers_and_says_what_is_wrong(self):
        with self.served(GENERATION_MAXIMUM_LENGTH="20", GENERATION_TEMPERATURE="1") as url:
            report = run("probe", "--url", url, "--data", str(self.folder / "data"), "--minimum-accuracy", "1")
            self.assertEqual(report["accuracy"], 1)
            with urlopen(f"{url}/ready") as reply:
                self.assertEqual(reply.status, 200)
            with urlopen(f"{url}/model") as reply:
                self.assertEqual(json.load(reply)["digest"], digest(self.folder / "model"))
            reply = predict(url, {"text": TEXT})
            self.assertEqual(reply["model_version"], "v0.0.0-unversioned")
            self.assertLessEqual(reply["given_tokens"] + reply["generated_tokens"], 20)
            again = predict(url, {"text": TEXT, "seed": reply["seed"]})
            self.assertEqual(again["generated"], reply["generated"])
            for wrong in ({}, {"text": " "}, {"text": 1}, {"text": "long " * 100}, {"text": TEXT, "seed": 0.5}):
                with self.subTest(wrong=wrong), self.assertRaises(HTTPError) as refused:
                    predict(url, wrong)
                self.assertEqual(refused.exception.code, 400)
                refused.exception.close()

    def test_a_setting_that_cannot_be_is_refused_before_anything_is_served(self):
        serve = ("serve", "--model", str(self.folder / "model"), "--port", "0")
        for name, value in (("TEMPERATURE", "0"), ("TOP_P", "1.5"), ("TOP_K", "-1"), ("MAXIMUM_LENGTH", "513"),
                            ("TEMPERATURE", "nan"), ("NO_REPEAT_NGRAM_SIZE", "-1")):
            done = started(*serve, **{f"GENERATION_{name}": value})
            option = f"--{name.lower().replace('_', '-')}"
            self.assertEqual((done.returncode, done.stderr.split(": ")[1]), (1, option))
        done = started(*serve, GENERATION_MAXIMUM_LENGTH="2.5")
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
