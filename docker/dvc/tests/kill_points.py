"""Registers a model again and again, each time killed one step later, until a run gets to its end.

A step is a started program (each Git command) or a renamed file (each file that DVC finishes). The parent only
imports and forks, so that a point costs a fraction of a second. Prints, as JSON, how many points there were, the tags
that were there after each, and those that could not be pulled.

Usage: kill_points.py REPOSITORY REMOTE MODEL [broken]; ``broken`` pushes the tag before the contents, to show that
this test notices.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

from dvc.repo import Repo

from versioning import store
from versioning.deliver import verify
from versioning.errors import InvalidInput
from versioning.git import Clone, Repository
from versioning.store import Remote
from versioning.version import Request, create_version

STEPS = {"subprocess.Popen", "os.rename", "os.link"}


def forked(work) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except InvalidInput as problem:
            print(problem, file=sys.stderr)
            os._exit(1)
        finally:
            os._exit(70)
    return os.waitpid(child, 0)[1]


def killed_after(steps: int, work):
    def run():
        left = [steps]

        def hook(name, _):
            if name in STEPS:
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        work()

    return run


def tags(repository: Repository) -> list[str]:
    listed = subprocess.run(["git", "-C", repository.url, "tag"], capture_output=True, text=True, check=True)
    return listed.stdout.split()


def push_the_tag_first() -> None:
    add_and_push, push, late = store.add_and_push, Clone.push, []

    def only_add(clone, path):
        with store._open(clone) as repo:
            repo.add(str(clone.folder / path))
        late.append(path)

    def push_then_contents(clone, *references):
        done = push(clone, *references)
        add_and_push(clone, late.pop())
        return done

    store.add_and_push, Clone.push = only_add, push_then_contents


def main() -> None:
    repository, remote, model = Repository(sys.argv[1]), Remote(sys.argv[2]), Path(sys.argv[3])
    logging.getLogger("dvc").setLevel(logging.CRITICAL)
    assert Repo
    if "broken" in sys.argv:
        push_the_tag_first()
    seen: list[str] = []
    unusable: list[str] = []
    points = 0
    while True:
        status = forked(killed_after(points, lambda: create_version(repository, remote, Request(model))))
        for tag in sorted(set(tags(repository)) - set(seen)):
            seen.append(tag)
            name, version = tag.split("@")
            if forked(lambda name=name, version=version: verify(repository, remote, name, version, None)) != 0:
                unusable.append(tag)
        if not os.WIFSIGNALED(status) or unusable:
            print(json.dumps({"status": status, "points": points, "tags": seen, "unusable": unusable}))
            return
        points += 1


if __name__ == "__main__":
    main()
