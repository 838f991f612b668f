"""What the tags of a model repository say: versions and stages of a model."""

import re
from dataclasses import dataclass

from gto.constants import Action
from gto.tag import parse_name
from gto.versions import SemVer

from .errors import InvalidInput, shown
from .git import Clone

_TRAILER = re.compile(r"([A-Z][A-Za-z-]*): (.*)")
ROLLED_BACK = "Rolled-Back"


@dataclass(frozen=True)
class Version:
    """A registered version: its tag, commit, and the trailers of its tag."""

    name: str
    version: str
    commit: str
    trailers: dict[str, str]

    @property
    def tag(self) -> str:
        """Name of the tag."""
        return f"{self.name}@{self.version}"

    @property
    def digest(self) -> str:
        """Digest of the folder, empty if the tag does not tell it."""
        return self.trailers.get("Digest", "")


@dataclass(frozen=True)
class Registry:
    """Everything that is known of one model.

    Attributes:
        name: the model.
        versions: in ascending order, without withdrawn ones.
        highest: the highest number that was ever given, also to a withdrawn version.
        stacks: for each stage the versions that it holds, the current one last: a promotion puts one on top, a
            rollback takes one away.
        counter: largest number of any stage tag.
    """

    name: str
    versions: list[Version]
    highest: str
    stacks: dict[str, list[str]]
    counter: int

    def find(self, version: str) -> Version:
        """Return a registered version.

        Raises:
            InvalidInput: if there is no such version.
        """
        for known in self.versions:
            if known.version == version:
                return known
        latest = ", ".join(known.version for known in self.versions[-5:]) or "none"
        raise InvalidInput(
            f"{self.name}@{version}: is not a version of the model (there is {latest}); name one of them"
        )

    def current(self, stage: str) -> str | None:
        """Return the version that ``stage`` holds."""
        stack = self.stacks.get(stage)
        return stack[-1] if stack else None

    def previous(self, stage: str) -> str:
        """Return the version that ``stage`` held before the current one.

        Raises:
            InvalidInput: if there is none.
        """
        stack = self.stacks.get(stage, [])
        if len(stack) < 2:
            got = shown(stack[-1]) if stack else "no version"
            raise InvalidInput(f"{self.name}#{stage}: has no earlier version to go back to (got {got}); promote one")
        return stack[-2]

    def with_run_key(self, key: str) -> Version | None:
        """Return the version that a run with this key has made."""
        return next((known for known in self.versions if known.trailers.get("Run-Key") == key), None)

    def next_version(self, bump: str) -> str:
        """Return the version that follows the highest one; ``bump`` is major, minor or patch."""
        return SemVer(self.highest).bump(**{f"bump_{bump}": True}).version


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.removeprefix("v").split(".")))


def read_registry(clone: Clone, name: str) -> Registry:
    """Read the tags of model ``name``."""
    versions: dict[str, Version] = {}
    withdrawn: set[str] = set()
    stages: list[tuple[int, str, str | None, bool]] = []
    counter = 0
    for tag, commit, message in _tags(clone):
        parsed = parse_name(tag, raise_on_fail=False)
        if not parsed or parsed["name"] != name:
            continue
        trailers = dict(_TRAILER.fullmatch(line).groups() for line in message.splitlines() if _TRAILER.fullmatch(line))
        number = parsed.get("counter", 0)
        counter = max(counter, number)
        action = parsed.get("action")
        if action is Action.REGISTER and re.fullmatch(r"v\d+\.\d+\.\d+", parsed["version"]):
            versions[parsed["version"]] = Version(name, parsed["version"], commit, trailers)
        elif action is Action.DEREGISTER:
            withdrawn.add(parsed["version"])
        elif action is Action.ASSIGN:
            stages.append((number, parsed["stage"], trailers.get("Version") or commit, ROLLED_BACK in trailers))
        elif action is Action.UNASSIGN:
            stages.append((number, parsed["stage"], None, False))
    known = [versions[version] for version in sorted(versions, key=_order) if version not in withdrawn]
    highest = max(versions, key=_order, default="v0.0.0")
    return Registry(name, known, highest, _stacks(stages, known), counter)


def _stacks(stages: list[tuple[int, str, str | None, bool]], known: list[Version]) -> dict[str, list[str]]:
    """Replay the stage tags in order; one that GTO itself made tells its version by its commit."""
    by_commit = {version.commit: version.version for version in known}
    stacks: dict[str, list[str]] = {}
    for _, stage, held, rolled_back in sorted(stages, key=lambda entry: entry[0]):
        stack = stacks.setdefault(stage, [])
        if held is None:
            stack.clear()
            continue
        if rolled_back:
            del stack[-2:]
        stack.append(by_commit.get(held, held))
    return stacks


def _tags(clone: Clone) -> list[tuple[str, str, str]]:
    form = "%(refname:strip=2)%00%(objectname)%00%(*objectname)%00%(contents)%00"
    fields = clone.run("for-each-ref", f"--format={form}", "refs/tags").split("\0")
    rows = zip(*[iter(fields[: len(fields) // 4 * 4])] * 4, strict=True)
    return [(tag.strip("\n"), peeled or own, message) for tag, own, peeled, message in rows]
