import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import write_model
from versioning import names
from versioning.cli import run

WHERE = ["--repository", "nowhere", "--name", "sentiment"]


def ended(arguments):
    """Run the command line in this process and return its exit code."""
    try:
        return run(arguments)
    except SystemExit as end:
        return end.code


def test_the_whole_way_from_a_folder_to_production_and_back(program, repository, remote, tmp_path):
    where = ("--repository", repository.url, "--remote", remote.url)
    named = (*where, "--name", "sentiment")
    results = ("--results", tmp_path / "results")
    for number in (1, 2):
        made = program("version", *where, "--model", write_model(tmp_path / f"m{number}", number), *results)
        assert made.returncode == 0, made.stderr
        assert (tmp_path / "results" / "version").read_text() == f"v0.{number}.0" == json.loads(made.stdout)["version"]
        moved = program(
            "promote", *named, "--version", f"v0.{number}.0", "--stage", "production", "--approved-by", "Ada"
        )
        assert moved.returncode == 0, moved.stderr
    back = program("rollback", *named, "--stage", "production")
    assert json.loads(back.stdout)["version"] == "v0.1.0"
    assert json.loads(back.stdout)["previous"] == "v0.2.0"
    events = [json.loads(line)["event"] for line in back.stderr.splitlines()]
    assert events == ["verified", "promoted"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "required: COMMAND"),
        (["version"], 2, "required: --repository, --model"),
        (["pull", *WHERE, "--output", "x"], 2, "one of the arguments --version --stage is required"),
        (["verify", *WHERE, "--version", "1.0"], 1, "--version: is no version (got '1.0'); write v and three numbers"),
        (["verify", *WHERE, "--version", "v1.0.0\n"], 1, "--version: is no version"),
        (["promote", *WHERE, "--version", "v1.0.0", "--stage", "a b"], 1, "--stage: is no stage (got 'a b')"),
        (["pull", *WHERE, "--stage=--force", "--output", "x"], 1, "--stage: is no stage"),
        (["verify", *WHERE, "--version", "v1.0.0", "--digest", "abc"], 1, "--digest: is no digest"),
        (["verify", *WHERE, "--version", "v1.0.0", "--remote", "a\nb"], 1, "--remote: is not one line of text"),
        (["verify", "--repository", "a\nb", "--name", "x", "--version", "v1.0.0"], 1, "--repository: is not one line"),
        (["gc", "--repository", "nowhere"], 1, "nothing to clean"),
        (["gc", "--repository", "x", "--models", "m", "--name", "n", "--pinned", "v1"], 1, "--pinned: is no version"),
        (["gc", "--repository", "nowhere", "--models", "m", "--name", "n", "--pinned", "previous"], 1, "nowhere: git"),
        (["verify", *WHERE, "--version", "v1.0.0"], 1, "error: nowhere: git clone failed"),
        (["verify", *WHERE, "--version", "v1.0.0", "--ssh-key", "none"], 1, "error: none: cannot be read"),
    ],
)
def test_mistakes_have_a_message_and_an_exit_code(capsys, arguments, code, message):
    assert ended(arguments) == code
    printed = capsys.readouterr()
    assert message in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""


def test_all_mistakes_are_told_at_once(capsys):
    arguments = ["verify", "--repository", "x", "--name", "A", "--version", "B", "--digest", "C"]
    assert ended(arguments) == 1
    assert [line.split(":")[1] for line in capsys.readouterr().err.splitlines()] == [
        " --name",
        " --version",
        " --digest",
    ]


@pytest.mark.parametrize("command", ["version", "verify", "pull", "promote", "rollback", "gc"])
def test_every_command_has_help(capsys, command):
    assert ended([command, "--help"]) == 0
    assert "--repository" in capsys.readouterr().out


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=80))
def test_a_name_that_passes_is_safe_in_a_path_a_tag_and_an_argument(text):
    if names.problems(name=text):
        return
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert text[0] != "-" != text[-1]
    assert 0 < len(text) <= 63


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=40))
def test_a_line_that_passes_stays_one_line(text):
    if names.is_line(text):
        assert text.splitlines() == [text]
        assert text.strip() == text


def test_a_token_goes_only_to_its_own_host(tmp_path):
    from versioning.git import Credentials, Repository

    (tmp_path / "token").write_text("secret\n")
    variables = Repository("https://git.example/m.git", Credentials(token=tmp_path / "token")).environment()
    keys = {variables[f"GIT_CONFIG_KEY_{n}"] for n in range(int(variables["GIT_CONFIG_COUNT"]))}
    assert "http.https://git.example/.extraHeader" in keys


def test_a_key_with_an_awkward_path_stays_one_argument(tmp_path):
    from versioning.git import Credentials, Repository

    key = tmp_path / "my $(key)'s file"
    key.write_text("k")
    import shlex

    variables = Repository("git@git.example:m.git", Credentials(ssh_key=key)).environment()
    assert shlex.split(variables["GIT_SSH_COMMAND"])[:3] == ["ssh", "-i", str(key)]
