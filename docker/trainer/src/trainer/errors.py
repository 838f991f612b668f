"""Mistakes of the user, and how they are told."""


class InvalidInput(Exception):
    """What a person has to mend: one or more complete messages ``WHERE: WHAT (got VALUE); FIX``."""

    def __init__(self, *messages: str) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


def shown(value: object) -> str:
    """Return ``value`` for an error message: quoted, on one line, cut after 80 characters."""
    text = ascii(value)
    return text if len(text) <= 80 else text[:77] + "..."
