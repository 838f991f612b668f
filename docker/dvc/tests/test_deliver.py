import shutil
import subprocess
from pathlib import Path

import pytest

from versioning.deliver import pull, verify
from versioning.errors import InvalidInput
from versioning.git import Repository
from versioning.store import Remote


def test_a_pull_with_the_pinned_digest_succeeds_and_another_digest_is_refused(register, repository, remote, tmp_path):
    version = register()
    target = tmp_path / "models" / "v0.1.0"
    with pytest.raises(InvalidInput, match="is not the pinned one"):
        pull(repository, remote, ("sentiment", "v0.1.0", None), "sha256:" + "0" * 64, target)
    assert not target.parent.exists() or not list(target.parent.iterdir())
    assert pull(repository, remote, ("sentiment", "v0.1.0", None), version.digest, target).digest == version.digest


def test_a_second_pull_accepts_what_is_there_and_refuses_what_was_changed(register, repository, remote, tmp_path):
    register()
    wanted, target = ("sentiment", "v0.1.0", None), tmp_path / "v0.1.0"
    pull(repository, remote, wanted, None, target)
    pull(repository, remote, wanted, None, target)
    (target / "weights.f32").write_bytes(b"changed")
    with pytest.raises(InvalidInput, match="exists already with other content"):
        pull(repository, remote, wanted, None, target)


def test_contents_that_the_remote_changed_are_refused(register, repository, remote, tmp_path):
    register()
    objects = [path for path in Path(remote.url).rglob("*") if path.is_file() and path.stat().st_size == 1024]
    assert len(objects) == 1
    objects[0].chmod(0o644)
    objects[0].write_bytes(b"x" * 1024)
    with pytest.raises(InvalidInput, match=r"has another digest|the DVC remote failed"):
        verify(repository, remote, "sentiment", "v0.1.0", None)


def test_contents_that_the_remote_lost_are_told(register, repository, remote):
    register()
    shutil.rmtree(remote.url)
    with pytest.raises(InvalidInput, match="the DVC remote failed"):
        verify(repository, remote, "sentiment", "v0.1.0", None)


def test_a_version_that_does_not_exist_is_told_with_those_that_do(register, repository, remote):
    register()
    with pytest.raises(InvalidInput, match=r"is not a version of the model \(there is v0\.1\.0\)"):
        verify(repository, remote, "sentiment", "v0.9.0", None)


def test_a_version_without_digest_is_refused(register, repository, remote):
    commit = register().commit
    subprocess.run(["git", "-C", repository.url, "tag", "-am", "by hand", "sentiment@v3.0.0", commit], check=True)
    with pytest.raises(InvalidInput, match="the tag tells no digest"):
        verify(repository, remote, "sentiment", "v3.0.0", None)


@pytest.mark.parametrize("url", ["none", "--upload-pack=touch pwned", "ext::sh -c touch% pwned", "https://a:b@[/"])
def test_a_repository_that_cannot_be_reached_is_told(tmp_path, url, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidInput, match="check the repository and access"):
        verify(Repository(url), Remote(), "sentiment", "v0.1.0", None)
    assert not (tmp_path / "pwned").exists()


def test_a_relative_path_is_meant_from_where_the_user_is(register, repository, remote, tmp_path, monkeypatch):
    version = register()
    monkeypatch.chdir(tmp_path)
    for url in (Path(repository.url).name, f"./{Path(repository.url).name}"):
        assert verify(Repository(url), remote, "sentiment", "v0.1.0", None).digest == version.digest


def test_a_password_in_the_url_is_not_told():
    assert Repository("https://user:secret@git.example/models.git?x=1").described == "https://git.example/models.git"
