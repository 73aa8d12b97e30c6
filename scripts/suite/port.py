"""Ports: free TCP ports of the loopback interface."""

import fcntl
import os
import random
import socket
import tempfile

from .trouble import Trouble

# Below Linux's ephemeral ports, so that no outgoing connection takes one before its server does.
LOW, HIGH = 12000, 32000
# A port is chosen seconds before its server listens. Until this process ends, no other that asks
# here gets the same: each has a file, and is whose lock it is.
_FOLDER = os.path.join(tempfile.gettempdir(), f"latchkey-ports-{os.getuid()}")
_LOCKS: list[int] = []


def free_port() -> int:
    """A port that nothing listens on, and that nobody else was given."""
    os.makedirs(_FOLDER, exist_ok=True)
    for _ in range(200):
        port = random.SystemRandom().randrange(LOW, HIGH)
        if _is_free(port) and _reserve(port):
            return port
    raise Trouble("No free port between 12000 and 32000 on 127.0.0.1; stop some programs.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _reserve(port: int) -> bool:
    lock = os.open(os.path.join(_FOLDER, str(port)), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return False
    _LOCKS.append(lock)
    return True
