"""Trouble: something that a person has to hear about, in one line."""


class Trouble(Exception):
    """What went wrong and what to do next. Scripts print it and exit 1, without a traceback."""
