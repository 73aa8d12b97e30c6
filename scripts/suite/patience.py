"""Patience: looks again until there is something to see."""

import time

from .trouble import Trouble


def wait_for(look, seconds: float, otherwise: str):
    """What `look` gives as soon as it is something. Raises Trouble, which says `otherwise`."""
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            raise Trouble(f"{otherwise} within {seconds:.0f} s; see the logs.")
        time.sleep(0.1)
    return found
