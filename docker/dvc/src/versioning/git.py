"""Git by its own program, with argument lists: no value ever passes through a shell."""

import base64
import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .errors import InvalidInput, shown

_RACE = re.compile(
    r"non-fast-forward|fetch first|already exists|stale info|atomic push failed|atomic transaction failed"
    r"|failed to update ref|failed to lock|cannot lock ref|incorrect old value|reference already exists"
)
_TIMEOUT_SECONDS = 300


@dataclass(frozen=True)
class Credentials:
    """Files that hold what Git needs to get in; both are usually mounted from a Secret.

    Attributes:
        ssh_key: private key for an SSH repository. Host keys are checked against the user's known_hosts.
        token: file with a token for an HTTPS repository.
    """

    ssh_key: Path | None = None
    token: Path | None = None


@dataclass(frozen=True)
class Repository:
    """A Git repository to clone from and push to."""

    url: str
    credentials: Credentials = Credentials()

    @property
    def described(self) -> str:
        """The URL without what may be secret in it."""
        try:
            parts = urlsplit(self.url)
        except ValueError:
            return "the repository"
        if not parts.scheme or not parts.netloc:
            return self.url
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def environment(self) -> dict[str, str]:
        """Return the environment that Git runs in."""
        variables = {
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "model versioning",
            "GIT_AUTHOR_EMAIL": "model-versioning@localhost",
            "GIT_COMMITTER_NAME": "model versioning",
            "GIT_COMMITTER_EMAIL": "model-versioning@localhost",
            **os.environ,
            "LC_ALL": "C.UTF-8",
        }
        settings: dict[str, str] = {"gc.auto": "0", "advice.detachedHead": "false", "core.hooksPath": os.devnull}
        if self.credentials.ssh_key is not None:
            key = shlex.quote(str(_readable(self.credentials.ssh_key)))
            variables["GIT_SSH_COMMAND"] = f"ssh -i {key} -o IdentitiesOnly=yes -o BatchMode=yes"
        if self.credentials.token is not None:
            secret = _readable(self.credentials.token).read_text(encoding="utf-8").strip()
            basic = base64.b64encode(f"x-access-token:{secret}".encode()).decode()
            parts = urlsplit(self.url)
            if parts.scheme != "https":
                raise InvalidInput(f"--token-file: is for https only (got {shown(self.described)}); use --ssh-key")
            settings[f"http.https://{parts.netloc}/.extraHeader"] = f"Authorization: Basic {basic}"
        variables["GIT_CONFIG_COUNT"] = str(len(settings))
        for number, (name, value) in enumerate(settings.items()):
            variables[f"GIT_CONFIG_KEY_{number}"] = name
            variables[f"GIT_CONFIG_VALUE_{number}"] = value
        return variables

    def clone(self, folder: Path) -> "Clone":
        """Clone into ``folder``, with all tags; an empty repository is fine.

        Raises:
            InvalidInput: if it cannot be reached.
        """
        source = str(Path(self.url).absolute()) if Path(self.url).exists() else self.url
        _run(self, ["clone", "--quiet", "--", source, str(folder)], folder.parent)
        return Clone(self, folder)


def _readable(path: Path) -> Path:
    if not path.is_file() or not os.access(path, os.R_OK):
        raise InvalidInput(f"{path}: cannot be read; mount the Secret that holds it")
    return path.absolute()


def _run(repository: Repository, arguments: list[str], folder: Path, content: str | None = None) -> str:
    done = _attempt(repository, arguments, folder, content)
    if done.returncode != 0:
        reason = " ".join(done.stderr.split())[-300:]
        raise InvalidInput(
            f"{repository.described}: git {arguments[0]} failed ({reason}); check the repository and access"
        )
    return done.stdout


def _attempt(
    repository: Repository, arguments: list[str], folder: Path, content: str | None = None
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env=repository.environment(),
            input=content or "",
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        where, seconds = repository.described, _TIMEOUT_SECONDS
        raise InvalidInput(f"{where}: git {arguments[0]} took over {seconds} seconds; check the network") from None


@dataclass(frozen=True)
class Clone:
    """A working copy of one attempt; never used again after a rejected push."""

    repository: Repository
    folder: Path

    def run(self, *arguments: str, content: str | None = None) -> str:
        """Run one Git command here and return what it printed."""
        return _run(self.repository, list(arguments), self.folder, content)

    @property
    def branch(self) -> str:
        """Name of the branch that the repository shows first; it need not have a commit yet."""
        return self.run("symbolic-ref", "--short", "HEAD").strip()

    def commit(self, message: str, paths: list[str]) -> str:
        """Commit ``paths`` and return the commit."""
        self.run("add", "--force", "--", *paths)
        self.run("commit", "--quiet", "--no-verify", "--no-gpg-sign", "--file=-", content=message)
        return self.run("rev-parse", "HEAD").strip()

    def tag(self, name: str, commit: str, message: str) -> str:
        """Make an annotated tag and return its full reference."""
        self.run("tag", "--annotate", "--no-sign", "--cleanup=verbatim", "--file=-", name, commit, content=message)
        return f"refs/tags/{name}"

    def push(self, *references: str) -> bool:
        """Push all of ``references`` or none; nothing is ever overwritten.

        Returns:
            False if somebody else was faster: the branch moved or a tag exists.

        Raises:
            InvalidInput: if it failed for another reason.
        """
        updates = [f"{name}:{name}" for name in references]
        done = _attempt(self.repository, ["push", "--porcelain", "--atomic", "origin", *updates], self.folder)
        if done.returncode == 0 or self._arrived(references):
            return True
        refusals = "\n".join(line for line in done.stdout.splitlines() if line.startswith("!"))
        if refusals and _RACE.search(refusals + done.stderr):
            return False
        reason = " ".join((refusals + " " + done.stderr).split())[-300:]
        raise InvalidInput(f"{self.repository.described}: git push was refused ({reason}); check the rights to push")

    def _arrived(self, references: tuple[str, ...]) -> bool:
        """Return whether a push that reported failure has happened: its answer may have been lost."""
        listed = _attempt(self.repository, ["ls-remote", "origin", *references], self.folder)
        there = {tuple(line.split("\t", 1)) for line in listed.stdout.splitlines()}
        return all((self.run("rev-parse", name).strip(), name) in there for name in references)
