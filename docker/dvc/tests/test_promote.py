import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import tags
from versioning.deliver import pull
from versioning.errors import InvalidInput
from versioning.git import Repository
from versioning.promote import Gate, promote, rollback
from versioning.registry import read_registry
from versioning.version import fresh_clone


@pytest.fixture
def move(repository, remote):
    """Promote ``sentiment`` and return the outcome."""

    def run(version, stage="production", gate=None, **notes):
        return promote(repository, remote, "sentiment", version, stage, gate or Gate(), notes)

    return run


def stage_tags(repository):
    return [name for name in tags(repository) if "#" in name]


def current(repository, stage="production"):
    with fresh_clone(repository) as (clone, _):
        return read_registry(clone, "sentiment").current(stage)


def test_promotions_append_stage_tags_with_one_counter_per_model(register, repository, move):
    register(), register()
    assert move("v0.1.0", "dev").tag == "sentiment#dev#1"
    assert move("v0.1.0").tag == "sentiment#production#2"
    outcome = move("v0.2.0")
    assert (outcome.tag, outcome.previous) == ("sentiment#production#3", "v0.1.0")
    assert (current(repository), current(repository, "dev")) == ("v0.2.0", "v0.1.0")


def test_promoting_what_a_stage_holds_changes_nothing(register, repository, move):
    register()
    move("v0.1.0")
    assert move("v0.1.0").tag == ""
    assert stage_tags(repository) == ["sentiment#production#1"]


def test_rollback_goes_back_step_by_step_and_never_forward_again(register, repository, remote, move):
    for version in ("v0.1.0", "v0.2.0", "v0.3.0"):
        register()
        move(version)
    assert rollback(repository, remote, "sentiment", "production", {}).version.version == "v0.2.0"
    assert rollback(repository, remote, "sentiment", "production", {}).version.version == "v0.1.0"
    with pytest.raises(InvalidInput, match="has no earlier version to go back to"):
        rollback(repository, remote, "sentiment", "production", {})
    assert len(stage_tags(repository)) == 5


def test_after_a_rollback_a_promotion_goes_on_from_there(register, repository, remote, move):
    for _ in range(3):
        register()
    move("v0.1.0"), move("v0.2.0")
    rollback(repository, remote, "sentiment", "production", {})
    assert move("v0.3.0").previous == "v0.1.0"
    assert rollback(repository, remote, "sentiment", "production", {}).version.version == "v0.1.0"


def test_a_stage_can_be_pulled(register, repository, remote, move, tmp_path):
    register(), register()
    move("v0.1.0")
    assert pull(repository, remote, ("sentiment", None, "production"), None, tmp_path / "m").version == "v0.1.0"
    with pytest.raises(InvalidInput, match="sentiment#staging: holds no version"):
        pull(repository, remote, ("sentiment", None, "staging"), None, tmp_path / "n")


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        (Gate(minimum=0.9), "accuracy is below 0.9 .got 0.85"),
        (Gate(largest_loss=0.04), "is lower than that of v0.1.0 by more than 0.04 .got 0.05"),
        (Gate(metric="f1", minimum=0.1), "tells no metric 'f1'"),
    ],
)
def test_a_gate_keeps_a_worse_version_away(register, repository, move, gate, message):
    register(accuracy=0.9), register(accuracy=0.85)
    move("v0.1.0", gate=Gate(minimum=0.9, largest_loss=0))
    with pytest.raises(InvalidInput, match=message):
        move("v0.2.0", gate=gate)
    assert current(repository) == "v0.1.0"
    move("v0.2.0", gate=Gate(minimum=0.85, largest_loss=0.06))
    assert current(repository) == "v0.2.0"


def test_a_version_whose_contents_are_lost_is_not_promoted(register, repository, remote, move, tmp_path):
    register()
    (tmp_path / "remote storage").rename(tmp_path / "gone")
    with pytest.raises(InvalidInput, match="the DVC remote failed"):
        move("v0.1.0")
    assert stage_tags(repository) == []


def test_gto_sees_the_stages_and_its_own_tags_are_seen(register, repository, move, tmp_path, environment):
    register(), register()
    move("v0.1.0")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", repository.url, str(clone)], check=True)

    def gto(*arguments):
        command = [Path(sys.executable).parent / "gto", *arguments]
        return subprocess.run(command, cwd=clone, env=environment, check=True, capture_output=True, text=True)

    assert [entry["version"] for entry in json.loads(gto("show", "sentiment#production", "--json").stdout)] == [
        "v0.1.0"
    ]
    gto("assign", "sentiment", "--version", "v0.2.0", "--stage", "production")
    subprocess.run(["git", "push", "-q", "--tags"], cwd=clone, check=True)
    assert current(repository) == "v0.2.0"


def test_a_tag_that_exists_is_never_overwritten(register, repository, move, monkeypatch):
    register(), register()
    move("v0.1.0")
    before = tags(repository)["sentiment#production#1"]
    original, calls = read_registry, []

    def stale(clone, name):
        """Not see the stage tag the first time, as if it came a moment later."""
        registry = original(clone, name)
        calls.append(name)
        if len(calls) == 1:
            return replace(registry, stacks={}, counter=0)
        return registry

    monkeypatch.setattr("versioning.promote.read_registry", stale)
    clone_folder = Repository.clone

    def without_tag(self, folder):
        clone = clone_folder(self, folder)
        if not calls:
            clone.run("tag", "--delete", "sentiment#production#1")
        return clone

    monkeypatch.setattr(Repository, "clone", without_tag)
    assert move("v0.2.0").tag == "sentiment#production#2"
    assert len(calls) == 2
    assert tags(repository)["sentiment#production#1"] == before
