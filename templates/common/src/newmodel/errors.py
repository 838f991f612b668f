"""Mistakes of a user, which are told in one line."""


class InvalidInput(Exception):
    """Something that the user can mend; the text says where it is, what is wrong and what to do."""
