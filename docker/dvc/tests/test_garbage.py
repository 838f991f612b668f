import os
from pathlib import Path

import pytest

from conftest import tags
from versioning import garbage, lock
from versioning.deliver import pull, verify
from versioning.errors import InvalidInput
from versioning.garbage import Keep, clean_remote, clean_volume
from versioning.promote import Gate, promote
from versioning.version import fresh_clone


def objects(remote):
    return {path for path in Path(remote.url).rglob("*") if path.is_file()}


@pytest.fixture
def volume(register, repository, remote, tmp_path):
    """A volume with the folders of six versions: v0.1.0 and v0.3.0 were in production."""
    for _ in range(6):
        version = register()
        pull(
            repository,
            remote,
            ("sentiment", version.version, None),
            None,
            tmp_path / "models/sentiment" / version.version,
        )
    for version in ("v0.1.0", "v0.3.0"):
        promote(repository, remote, "sentiment", version, "production", Gate(), {})
    return tmp_path / "models"


def test_a_volume_keeps_the_newest_the_promoted_and_the_pinned(volume, repository):
    removed = clean_volume(repository, "sentiment", volume, Keep(newest=1, pinned=("v0.4.0",)))
    assert removed == ["v0.2.0", "v0.5.0"]
    assert sorted(path.name for path in (volume / "sentiment").iterdir()) == ["v0.1.0", "v0.3.0", "v0.4.0", "v0.6.0"]


def test_a_volume_keeps_what_is_no_version_but_old_leftovers(volume, repository):
    folder = volume / "sentiment"
    for name in ("notes", ".v0.9.0.abc.tmp", ".v0.8.0.abc.tmp"):
        (folder / name).mkdir()
    os.utime(folder / ".v0.8.0.abc.tmp", (0, 0))
    clean_volume(repository, "sentiment", volume, Keep(newest=6))
    left = {path.name for path in folder.iterdir()}
    assert {"notes", ".v0.9.0.abc.tmp"} <= left
    assert ".v0.8.0.abc.tmp" not in left


def test_a_volume_without_the_model_is_clean_and_one_that_is_not_there_is_refused(register, repository, tmp_path):
    register()
    assert clean_volume(repository, "sentiment", tmp_path, Keep()) == []
    with pytest.raises(InvalidInput, match="is no folder"):
        clean_volume(repository, "sentiment", tmp_path / "elsewhere", Keep())


def test_the_remote_loses_what_no_version_needs_and_nothing_else(register, repository, remote, monkeypatch):
    register(), register()
    needed = objects(remote)
    with monkeypatch.context() as patched:
        patched.setattr("versioning.git.Clone.push", lambda *_: (_ for _ in ()).throw(InvalidInput("killed: here; x")))
        with pytest.raises(InvalidInput, match="killed"):
            register()
    assert objects(remote) > needed
    clean_remote(repository, remote, "test", take_over=False)
    assert objects(remote) == needed
    for version in ("v0.1.0", "v0.2.0"):
        verify(repository, remote, "sentiment", version, None)
    assert register().version == "v0.3.0"


def test_no_version_is_registered_while_garbage_is_collected(register, repository, remote, monkeypatch):
    register()
    refused = []

    def meanwhile(clone):
        with pytest.raises(InvalidInput, match="garbage is being collected"):
            register()
        with pytest.raises(InvalidInput, match="garbage is being collected"):
            clean_remote(repository, remote, "another", take_over=False)
        refused.append(clone)

    monkeypatch.setattr(garbage.store, "collect_garbage", meanwhile)
    clean_remote(repository, remote, "test", take_over=False)
    assert len(refused) == 1
    assert register().version == "v0.2.0"


def test_a_run_that_began_before_the_lock_starts_anew(register, repository, remote, monkeypatch):
    """The lock comes between a run's push of its contents and its push of the tag."""
    register()
    original = garbage.store.add_and_push

    def then_lock(clone, path):
        original(clone, path)
        monkeypatch.setattr(garbage.store, "add_and_push", original)
        with fresh_clone(repository) as (other, _):
            assert lock.lock(other, "test")

    monkeypatch.setattr(garbage.store, "add_and_push", then_lock)
    with pytest.raises(InvalidInput, match="garbage is being collected"):
        register()
    assert list(tags(repository)) == ["sentiment@v0.1.0"]


def test_the_lock_of_a_dead_run_can_be_taken_over(register, repository, remote):
    register()
    with fresh_clone(repository) as (clone, _):
        assert lock.lock(clone, "dead")
    with pytest.raises(InvalidInput, match="run gc --take-over"):
        clean_remote(repository, remote, "test", take_over=False)
    clean_remote(repository, remote, "test", take_over=True)
    assert register().version == "v0.2.0"


def test_a_failed_collection_gives_the_lock_back(register, repository, remote, monkeypatch):
    register()

    def fail(_):
        raise InvalidInput("remote: broken; mend it")

    monkeypatch.setattr(garbage.store, "collect_garbage", fail)
    with pytest.raises(InvalidInput, match="broken"):
        clean_remote(repository, remote, "test", take_over=False)
    assert register().version == "v0.2.0"
