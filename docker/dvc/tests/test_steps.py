import json

import pytest

from conftest import tags, write_model
from versioning.candidates import Bound, choose
from versioning.cli import run
from versioning.errors import InvalidInput
from versioning.promote import Gate, promote, rollback
from versioning.proposal import propose
from versioning.resolve import parse_inputs, resolve_run, run_key
from versioning.version import Request, create_version

INPUTS = {"data": "a" * 64, "seed": "0", "image": "registry.example/trainer:0.1.0"}


def test_a_run_key_does_not_depend_on_order_and_changes_with_each_part():
    key = run_key("sentiment", INPUTS)
    assert key == run_key("sentiment", dict(reversed(INPUTS.items())))
    assert key != run_key("other", INPUTS)
    assert all(key != run_key("sentiment", {**INPUTS, name: "changed"}) for name in INPUTS)


def test_the_parts_of_a_run_key_cannot_run_into_each_other():
    assert run_key("m", {"a": "1", "b": "2"}) != run_key("m", {"a": '1","b":"2'})


@pytest.mark.parametrize("pairs", [["seed"], ["=1"], ["a=1", "a=2"]])
def test_inputs_that_are_no_pairs_are_refused(pairs):
    with pytest.raises(InvalidInput):
        parse_inputs(pairs)


def test_the_same_inputs_find_the_version_that_they_have_made(repository, register):
    before = resolve_run(repository, "sentiment", "next", INPUTS)
    assert before.version is None
    made = register(run_key=before.run_key)
    for wanted in ("next", made.version):
        found = resolve_run(repository, "sentiment", wanted, INPUTS)
        assert found.version is not None
        assert (found.version.version, found.version.digest) == (made.version, made.digest)
    assert resolve_run(repository, "sentiment", "next", {**INPUTS, "seed": "1"}).version is None


def test_a_taken_version_is_refused_before_training(repository, register):
    register()
    with pytest.raises(InvalidInput, match=r"sentiment@v0\.1\.0: exists already"):
        resolve_run(repository, "sentiment", "v0.1.0", INPUTS)
    assert resolve_run(repository, "sentiment", "v3.0.0", INPUTS).version is None


def test_inputs_that_have_made_another_version_are_refused_for_the_wanted_one(repository, register):
    made = register(run_key=run_key("sentiment", INPUTS))
    with pytest.raises(InvalidInput, match=f"use {made.version}, or next"):
        resolve_run(repository, "sentiment", "v9.0.0", INPUTS)


def test_a_version_can_be_chosen_and_is_made_once(repository, remote, register, tmp_path):
    assert register(version="v2.0.0").version == "v2.0.0"
    assert register().version == "v2.1.0"
    before = tags(repository)
    with pytest.raises(InvalidInput, match="exists already"):
        create_version(repository, remote, Request(write_model(tmp_path / "again", 9), version="v2.0.0"))
    assert tags(repository) == before


def candidate(folder, name, **metrics):
    (folder / name / "model").mkdir(parents=True)
    (folder / name / "report").mkdir()
    (folder / name / "report" / "report.json").write_text(json.dumps({"metrics": metrics}))


@pytest.mark.parametrize(("metric", "op", "value", "best"), [("accuracy", ">=", 0.9, "b"), ("logLoss", "<", 0.3, "a")])
def test_the_gate_lets_the_best_candidate_through(repository, tmp_path, metric, op, value, best):
    candidate(tmp_path / "c", "a", accuracy=0.9, logLoss=0.2)
    candidate(tmp_path / "c", "b", accuracy=0.95, logLoss=0.25)
    choice = choose(tmp_path / "c", "sentiment", Bound(metric, op, value), repository)
    assert (choice.candidate, choice.folder) == (best, tmp_path / "c" / best / "model")


@pytest.mark.parametrize(("op", "value"), [(">=", 0.91), (">", 0.9), ("<", 0.9), ("<=", 0.89)])
def test_the_gate_refuses_what_is_not_good_enough(repository, tmp_path, op, value):
    candidate(tmp_path / "c", "only", accuracy=0.9)
    with pytest.raises(InvalidInput, match="of the best candidate only is not"):
        choose(tmp_path / "c", "sentiment", Bound("accuracy", op, value), repository)


def test_the_gate_compares_with_what_the_stage_holds(repository, remote, register, tmp_path):
    candidate(tmp_path / "c", "only", accuracy=0.88)
    bound = Bound("accuracy", ">=", -0.01, "production")
    assert choose(tmp_path / "c", "sentiment", bound, repository).served is None
    register(accuracy=0.885)
    promote(repository, remote, "sentiment", "v0.1.0", "production", Gate(), {})
    assert choose(tmp_path / "c", "sentiment", bound, repository).served == 0.885
    with pytest.raises(InvalidInput, match=r"the served version has 0\.885"):
        choose(tmp_path / "c", "sentiment", Bound("accuracy", ">=", 0.0, "production"), repository)


def test_damaged_reports_and_no_candidates_are_told(repository, tmp_path):
    (tmp_path / "c").mkdir()
    with pytest.raises(InvalidInput, match="holds no candidate"):
        choose(tmp_path / "c", "sentiment", Bound("accuracy", ">=", 0), repository)
    candidate(tmp_path / "c", "odd", accuracy="high")
    with pytest.raises(InvalidInput, match="accuracy is no number"):
        choose(tmp_path / "c", "sentiment", Bound("accuracy", ">=", 0), repository)
    with pytest.raises(InvalidInput, match="tells no f1"):
        choose(tmp_path / "c", "sentiment", Bound("f1", ">=", 0), repository)


def test_a_proposal_checks_and_changes_nothing(repository, remote, register):
    for accuracy in (0.9, 0.8):
        register(accuracy=accuracy)
    promote(repository, remote, "sentiment", "v0.1.0", "production", Gate(), {})
    before = tags(repository)
    proposal = propose(repository, remote, "sentiment", "v0.2.0", "production", Gate())
    assert (proposal.version.version, proposal.held) == ("v0.2.0", "v0.1.0")
    with pytest.raises(InvalidInput, match="accuracy is lower"):
        propose(repository, remote, "sentiment", "v0.2.0", "production", Gate(largest_loss=0.0))
    assert tags(repository) == before


def test_previous_is_what_a_rollback_would_take(repository, remote, register):
    for accuracy in (0.8, 0.9):
        version = register(accuracy=accuracy).version
        promote(repository, remote, "sentiment", version, "production", Gate(), {})
    worse = Gate(largest_loss=0.0)
    proposed = propose(repository, remote, "sentiment", "previous", "production", worse).version.version
    assert proposed == rollback(repository, remote, "sentiment", "production", {}).version.version == "v0.1.0"


@pytest.mark.parametrize("command", ["resolve", "gate", "check"])
def test_every_step_has_help(capsys, command):
    with pytest.raises(SystemExit) as end:
        run([command, "--help"])
    assert end.value.code == 0
    assert "--repository" in capsys.readouterr().out


def test_resolve_gives_a_workflow_its_output_parameters(program, repository, tmp_path):
    where = ("--repository", repository.url, "--name", "sentiment", "--input", "seed=0")
    done = program("resolve", *where, "--results", tmp_path / "results")
    assert done.returncode == 0, done.stderr
    written = {path.name: path.read_text() for path in (tmp_path / "results").iterdir()}
    key = run_key("sentiment", {"seed": "0"})
    assert written == {"name": "sentiment", "runKey": key, "found": "false", "version": "", "digest": ""}
