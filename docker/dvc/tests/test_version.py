import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from conftest import tags, write_model
from versioning.deliver import pull, verify
from versioning.errors import InvalidInput
from versioning.folders import digest
from versioning.store import Remote
from versioning.version import Request, create_version


def test_versions_are_consecutive_and_each_can_be_pulled(register, repository, remote, tmp_path):
    made = [register().version, register(bump="patch").version, register(bump="major").version, register().version]
    assert made == ["v0.1.0", "v0.1.1", "v1.0.0", "v1.1.0"]
    for version in made:
        folder = tmp_path / "models" / "sentiment" / version
        found = pull(repository, remote, ("sentiment", version, None), None, folder)
        assert json.loads((folder / "model.json").read_text())["version"] == version
        assert f"sha256:{digest(folder)}" == found.digest


def test_what_training_wrote_stays_as_it_is(repository, remote, tmp_path):
    folder = write_model(tmp_path / "model")
    before = digest(folder)
    create_version(repository, remote, Request(folder))
    assert digest(folder) == before


def test_the_tag_tells_digest_metrics_and_run(register, repository):
    version = register(accuracy=0.91, run="train-x7k2p", run_key="key-1")
    shown = subprocess.run(
        ["git", "-C", repository.url, "for-each-ref", "--format=%(objecttype) %(contents)", "refs/tags"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert shown.startswith("tag sentiment v0.1.0\n\n")
    for line in (
        f"Digest: {version.digest}",
        'Metrics: {"accuracy": 0.91}',
        "Synthetic: true",
        f"Data: {'0' * 64}",
        "Code-Revision: abc123",
        "Run-Key: key-1",
        "Workflow-Run: train-x7k2p",
    ):
        assert line in shown.splitlines()


def test_a_run_key_makes_a_second_run_find_the_first_version(register, repository):
    first = register(run_key="key")
    assert register(run_key="key").version == first.version
    assert register(run_key="other").version == "v0.2.0"
    assert list(tags(repository)) == ["sentiment@v0.1.0", "sentiment@v0.2.0"]


def test_models_are_numbered_apart(register):
    assert [register(name="sentiment").version, register(name="topic").version] == ["v0.1.0", "v0.1.0"]


def test_tags_of_others_do_not_disturb(register, repository):
    version = register()
    for name in ("v9.9.9", "sentiment-old@v8.0.0", "sentiment@v7.0.0-rc.1", "sentiment@created", "notes/x"):
        subprocess.run(["git", "-C", repository.url, "tag", name, version.commit], check=True)
    assert register().version == "v0.2.0"


def test_a_withdrawn_version_is_gone_and_its_number_is_not_given_again(register, repository, remote):
    register()
    commit = register().commit
    subprocess.run(["git", "-C", repository.url, "tag", "sentiment@v0.2.0!", commit], check=True)
    with pytest.raises(InvalidInput, match=r"is not a version of the model \(there is v0\.1\.0\)"):
        verify(repository, remote, "sentiment", "v0.2.0", None)
    assert register().version == "v0.3.0"


def test_dvc_and_gto_themselves_understand_the_repository(register, repository, tmp_path, environment):
    version = register()
    register()
    arguments = ["get", repository.url, "models/sentiment", "--rev", "sentiment@v0.1.0", "--out", str(tmp_path / "got")]
    subprocess.run([sys.executable, "-m", "dvc", *arguments], env=environment, check=True, capture_output=True)
    assert f"sha256:{digest(tmp_path / 'got')}" == version.digest
    subprocess.run(["git", "clone", "-q", repository.url, tmp_path / "clone"], check=True)
    shown = subprocess.run(
        [Path(sys.executable).parent / "gto", "show", "sentiment", "--json"],
        cwd=tmp_path / "clone",
        env=environment,
        check=True,
        capture_output=True,
    )
    assert [entry["version"] for entry in json.loads(shown.stdout)] == ["v0.2.0", "v0.1.0"]


def test_a_remote_given_later_serves_the_same_contents_from_another_place(register, repository, remote, tmp_path):
    version = register()
    shutil.move(remote.url, tmp_path / "moved")
    with pytest.raises(InvalidInput, match="the DVC remote failed"):
        verify(repository, Remote(), "sentiment", "v0.1.0", None)
    assert verify(repository, Remote(str(tmp_path / "moved")), "sentiment", "v0.1.0", None).digest == version.digest


def test_contents_that_cannot_be_stored_give_no_tag(repository, remote, tmp_path):
    (tmp_path / "remote storage").write_text("a file where the folder should be")
    with pytest.raises(InvalidInput, match="the DVC remote failed"):
        create_version(repository, remote, Request(write_model(tmp_path / "model")))
    assert tags(repository) == {}


def test_a_user_number_without_a_name_is_enough(register, monkeypatch):
    def no_such_user(number):
        raise KeyError(number)

    monkeypatch.setattr("pwd.getpwuid", no_such_user)
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    assert register().version == "v0.1.0"


@pytest.mark.parametrize("name", ["it's", '"quoted"', "$(touch pwned)", "a # b", "--force", "..", "100%", "tab=, x"])
def test_a_remote_with_an_awkward_path_is_used_as_it_is(repository, tmp_path, name):
    where = tmp_path / "remotes" / name
    create_version(repository, Remote(str(where)), Request(write_model(tmp_path / name / "model")))
    assert verify(repository, Remote(), "sentiment", "v0.1.0", None).version == "v0.1.0"
    assert len([path for path in (where / "files").rglob("*") if path.is_file()]) == 3
    assert not list(tmp_path.rglob("pwned"))


def test_a_remote_that_the_settings_of_dvc_cannot_hold_is_refused(repository, tmp_path):
    with pytest.raises(InvalidInput, match="--remote: DVC's settings cannot hold"):
        create_version(repository, Remote("s3://bucket/%(x)s"), Request(write_model(tmp_path / "model")))


def test_a_temporary_folder_behind_a_link_leaves_nothing_of_it_in_the_repository(
    register, repository, tmp_path, monkeypatch
):
    (tmp_path / "elsewhere" / "real").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere" / "real")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "link"))
    register()
    register()
    tree = ["git", "-C", repository.url, "ls-tree", "-r", "--name-only", "HEAD"]
    names = subprocess.run(tree, capture_output=True, text=True, check=True).stdout.splitlines()
    assert names == [
        ".dvc/.gitignore",
        ".dvc/config",
        ".dvcignore",
        "dvc.yaml",
        "models/.gitignore",
        "models/sentiment.dvc",
    ]


def test_an_empty_repository_needs_a_remote(repository, tmp_path):
    with pytest.raises(InvalidInput, match="has no DVC remote yet"):
        create_version(repository, Remote(), Request(write_model(tmp_path / "model")))


def break_weights(folder):
    (folder / "weights.f32").write_bytes(b"short")


def break_document(folder):
    (folder / "model.json").write_text("{")


def add_link(folder):
    (folder / "link").symlink_to("/etc/passwd")


def change(**members):
    def run(folder):
        path = folder / "model.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **members}))

    return run


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (break_weights, "is damaged or missing"),
        (break_document, "is no model document"),
        (add_link, "neither a file nor a folder"),
        (change(name="../../etc"), "is no model name"),
        (change(name="--force"), "is no model name"),
        (change(name=["sentiment"]), "is no model name"),
        (change(codeRevision="x\nDigest: sha256:0"), "Code-Revision is not one line"),
    ],
)
def test_a_folder_that_is_no_model_is_refused_and_gives_no_tag(repository, remote, tmp_path, damage, message):
    folder = write_model(tmp_path / "model")
    damage(folder)
    with pytest.raises(InvalidInput, match=message):
        create_version(repository, remote, Request(folder))
    assert tags(repository) == {}


@pytest.mark.parametrize("run", ["quotes \" and '", "$(touch pwned)", "`touch pwned`; true", "--force", "../../x"])
def test_awkward_text_reaches_the_tag_as_it_is(register, run, repository, tmp_path):
    assert register(run=run).trailers["Workflow-Run"] == run
    assert register().version == "v0.2.0"
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize("run", ["two\nlines", "", " ", "bell\a", "x" * 501])
def test_text_that_is_not_one_line_is_refused(register, run, repository):
    with pytest.raises(InvalidInput, match="--run: is not one line"):
        register(run=run)
    assert tags(repository) == {}
