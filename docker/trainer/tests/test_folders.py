import hashlib
import os
import shutil
import subprocess

import pytest

from trainer.errors import InvalidInput
from trainer.folders import complete_folder, digest


def write(folder, content):
    with complete_folder(folder) as beside:
        (beside / "file").write_text(content)


def test_the_folder_appears_complete_and_readable_by_others(tmp_path):
    previous = os.umask(0o022)
    try:
        write(tmp_path / "new" / "folder", "content")
    finally:
        os.umask(previous)
    assert (tmp_path / "new" / "folder" / "file").read_text() == "content"
    assert (tmp_path / "new" / "folder").stat().st_mode & 0o777 == 0o755
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["folder"]


def test_nothing_is_seen_under_the_name_before_the_end(tmp_path):
    with complete_folder(tmp_path / "folder") as beside:
        (beside / "file").write_text("half")
        assert not (tmp_path / "folder").exists()


@pytest.mark.parametrize("problem", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_nothing(tmp_path, problem):
    def fail():
        with complete_folder(tmp_path / "folder") as beside:
            (beside / "file").write_text("half")
            raise problem

    with pytest.raises(problem):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_the_same_content_may_be_written_again_and_other_content_not(tmp_path):
    write(tmp_path / "folder", "content")
    write(tmp_path / "folder", "content")
    with pytest.raises(InvalidInput, match="exists already with other content"):
        write(tmp_path / "folder", "other")
    assert (tmp_path / "folder" / "file").read_text() == "content"
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "folder").mkdir()
    write(tmp_path / "folder", "content")
    assert (tmp_path / "folder" / "file").read_text() == "content"


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_the_digest_is_what_sha256sum_prints(tmp_path):
    for name in ("weights.f32", "model.json", "Z", "é"):
        (tmp_path / name).write_text(name)
    names = sorted((path.name for path in tmp_path.iterdir()), key=os.fsencode)
    printed = subprocess.run(["sha256sum", *names], cwd=tmp_path, capture_output=True, check=True).stdout
    assert digest(tmp_path) == hashlib.sha256(printed).hexdigest()


def test_a_link_has_no_digest(tmp_path):
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(InvalidInput, match="neither a file nor a folder"):
        digest(tmp_path)
