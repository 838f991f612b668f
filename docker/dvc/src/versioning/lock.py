"""The lock that keeps new versions away while garbage is collected.

It is a file on the branch. A version is registered by a push on top of the branch as it was cloned, so a run either
was first, and its version is seen by the collection, or its push is rejected and it starts anew and finds the lock.
"""

import json
from datetime import UTC, datetime

from .errors import InvalidInput, shown
from .git import Clone

LOCK_FILE = "garbage-collection.lock"


def refuse_if_locked(clone: Clone) -> None:
    """Raise InvalidInput if garbage is being collected."""
    file = clone.folder / LOCK_FILE
    if file.exists():
        raise InvalidInput(
            f"{clone.repository.described}: garbage is being collected (got {shown(file.read_text()[:200])}); wait and "
            "run again, or, if that run is dead, run gc --take-over"
        )


def lock(clone: Clone, run: str) -> bool:
    """Take the lock; return False if somebody else pushed first."""
    started = datetime.now(UTC).isoformat(timespec="seconds")
    (clone.folder / LOCK_FILE).write_text(json.dumps({"run": run, "started": started}) + "\n", encoding="ascii")
    clone.commit("Collect garbage: no new versions\n", [LOCK_FILE])
    return clone.push(f"refs/heads/{clone.branch}")


def unlock(clone: Clone) -> bool:
    """Give the lock back; return False if somebody else pushed first."""
    (clone.folder / LOCK_FILE).unlink(missing_ok=True)
    clone.commit("Collect garbage: done\n", [LOCK_FILE])
    return clone.push(f"refs/heads/{clone.branch}")
