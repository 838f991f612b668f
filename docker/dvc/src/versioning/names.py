"""What users may call things: everything that becomes part of a path, a tag or a trailer is checked here.

Tags follow GTO: ``sentiment@v1.2.0`` and ``sentiment#production#3``.

See Also:
    https://dvc.org/doc/gto/command-reference
"""

import re

from .errors import InvalidInput, shown

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_VERSION = re.compile(r"v(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_LONGEST_LINE = 500


def problems(**values: str | None) -> list[str]:
    """Return what is wrong with options; a keyword tells the rule: name, stage, version, pinned, digest, or text."""
    a_version = (_VERSION, "is no version", "write v and three numbers, such as v1.2.0")
    rules = {
        "name": (_NAME, "is no model name", "use up to 63 of a-z, 0-9 and -, with no - at an end"),
        "stage": (_NAME, "is no stage", "use up to 63 of a-z, 0-9 and -, such as production"),
        "version": a_version,
        "pinned": a_version,
        "digest": (_DIGEST, "is no digest", "write sha256: and 64 hexadecimal digits"),
    }
    found = []
    for option, value in values.items():
        where = "--" + option.replace("_", "-")
        if value is None:
            continue
        if option in rules:
            pattern, what, fix = rules[option]
            if not pattern.fullmatch(value):
                found.append(f"{where}: {what} (got {shown(value)}); {fix}")
        elif not is_line(value):
            found.append(f"{where}: is not one line of text (got {shown(value)}); leave out control characters")
    return found


def check(**values: str | None) -> None:
    """Raise InvalidInput with everything that :func:`problems` finds."""
    found = problems(**values)
    if found:
        raise InvalidInput(*found)


def is_line(value: str) -> bool:
    """Return whether ``value`` can be the value of a trailer: one line of printable text."""
    return 0 < len(value) <= _LONGEST_LINE and value.isprintable() and value.strip() == value
