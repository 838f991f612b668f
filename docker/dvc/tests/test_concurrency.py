import json
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import tags, write_model
from versioning.deliver import verify
from versioning.promote import Gate, promote

RUNS = 8


def started(environment, *arguments):
    command = [sys.executable, "-m", "versioning", *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(processes):
    return [(*process.communicate(timeout=300), process.returncode) for process in processes]


def test_eight_runs_at_once_get_eight_consecutive_versions_and_lose_nothing(repository, remote, tmp_path, environment):
    where = ("version", "--repository", repository.url, "--remote", remote.url)
    models = [write_model(tmp_path / f"model {number}", number) for number in range(RUNS)]
    ended = finished([started(environment, *where, "--model", model) for model in models])
    assert [code for _, _, code in ended] == [0] * RUNS, [err for _, err, _ in ended]
    made = {
        json.loads(out)["version"]: (json.loads(out)["digest"], model)
        for (out, _, _), model in zip(ended, models, strict=True)
    }
    assert sorted(made) == [f"v0.{number}.0" for number in range(1, RUNS + 1)]
    assert sorted(tags(repository)) == [f"sentiment@{version}" for version in sorted(made)]
    for version, (digest, _) in made.items():
        assert verify(repository, remote, "sentiment", version, digest).digest == digest
    history = subprocess.run(
        ["git", "-C", repository.url, "log", "--format=%s", "--reverse", "HEAD"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")[:-1]
    assert history == [f"sentiment {version}" for version in sorted(made)]


def test_promotions_at_once_to_one_stage_get_distinct_tags(register, repository, remote, environment):
    versions = [register().version for _ in range(3)]
    where = ("--repository", repository.url, "--remote", remote.url, "--name", "sentiment", "--stage", "production")
    ended = finished([started(environment, "promote", *where, "--version", version) for version in versions])
    assert [code for _, _, code in ended] == [0, 0, 0], [err for _, err, _ in ended]
    made = sorted(json.loads(out)["stageTag"] for out, _, _ in ended)
    assert made == [f"sentiment#production#{number}" for number in (1, 2, 3)]
    last = next(json.loads(out) for out, _, _ in ended if json.loads(out)["stageTag"].endswith("#3"))
    assert promote(repository, remote, "sentiment", last["version"], "production", Gate(), {}).tag == ""


def kill_points(repository, remote, tmp_path, environment, *options):
    script = Path(__file__).parent / "kill_points.py"
    model = write_model(tmp_path / "model")
    command = [sys.executable, str(script), repository.url, remote.url, str(model), *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_killed_at_any_point_no_tag_points_at_a_version_that_cannot_be_pulled(
    repository, remote, tmp_path, environment
):
    outcome = kill_points(repository, remote, tmp_path, environment)
    assert outcome["status"] == 0
    assert outcome["points"] > 15
    assert outcome["unusable"] == []
    assert outcome["tags"] == [f"sentiment@v0.{number + 1}.0" for number in range(len(outcome["tags"]))]


def test_the_search_for_kill_points_notices_a_tag_that_comes_too_early(repository, remote, tmp_path, environment):
    assert kill_points(repository, remote, tmp_path, environment, "broken")["unusable"] == ["sentiment@v0.1.0"]


@pytest.mark.parametrize("hook", ["exit 1", "echo protected >&2; exit 1"])
def test_a_push_that_the_server_refuses_is_told_at_once(register, repository, hook):
    register()
    script = Path(repository.url) / "hooks" / "pre-receive"
    script.write_text(f"#!/bin/sh\n{hook}\n")
    script.chmod(0o755)
    with pytest.raises(Exception, match="git push was refused"):
        register()
    assert list(tags(repository)) == ["sentiment@v0.1.0"]
