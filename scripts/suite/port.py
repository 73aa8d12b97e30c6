"""Ports: free TCP ports of the loopback interface."""

import random
import socket

from .trouble import Trouble

# Below Linux's ephemeral ports, so that no outgoing connection takes one before its server does.
LOW, HIGH = 12000, 32000


def free_port() -> int:
    """A port that nothing listens on. Random, so that suites that start at once do not collide."""
    for _ in range(200):
        port = random.SystemRandom().randrange(LOW, HIGH)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise Trouble("No free port between 12000 and 32000 on 127.0.0.1; stop some programs.")
