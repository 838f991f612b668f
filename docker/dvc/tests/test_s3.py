"""The same flow on an S3-compatible server: moto's, on loopback."""

import json

import pytest

from conftest import write_model
from versioning.folders import digest

moto = pytest.importorskip("moto.server", reason="the S3 server (package moto) is not installed")


@pytest.fixture
def bucket(monkeypatch):
    import boto3

    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket="models")
    yield endpoint, keys
    server.stop()


def test_a_version_goes_to_s3_and_comes_back(program, repository, bucket, tmp_path):
    endpoint, keys = bucket
    where = ("--repository", repository.url, "--remote", "s3://models/dvc", "--remote-endpoint", endpoint)
    made = program("version", *where, "--model", write_model(tmp_path / "model"), **keys)
    assert made.returncode == 0, made.stderr
    version = json.loads(made.stdout)
    got = program(
        "pull", "--repository", repository.url, "--name", "sentiment", "--version", version["version"],
        "--digest", version["digest"], "--output", tmp_path / "v0.1.0", **keys,
    )  # fmt: skip
    assert got.returncode == 0, got.stderr
    assert f"sha256:{digest(tmp_path / 'v0.1.0')}" == version["digest"]


def test_missing_credentials_are_told(program, repository, bucket, tmp_path):
    endpoint, _ = bucket
    where = ("--repository", repository.url, "--remote", "s3://models/dvc", "--remote-endpoint", endpoint)
    nowhere = {"AWS_EC2_METADATA_DISABLED": "true", "AWS_DEFAULT_REGION": "us-east-1"}
    done = program("version", *where, "--model", write_model(tmp_path / "model"), **nowhere)
    assert done.returncode == 1, done.stderr
    assert "check the remote and its credentials" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_credentials_or_bucket_are_told_without_secrets(program, repository, bucket, tmp_path):
    endpoint, keys = bucket
    where = ("--repository", repository.url, "--remote", "s3://nobodys/dvc", "--remote-endpoint", endpoint)
    done = program(
        "version", *where, "--model", write_model(tmp_path / "model"), **{**keys, "AWS_SECRET_ACCESS_KEY": "hush"}
    )
    assert done.returncode == 1
    assert "the DVC remote failed" in done.stderr
    assert "hush" not in done.stderr
    assert "Traceback" not in done.stderr
