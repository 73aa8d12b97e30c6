"""Folder: where a run keeps its logs, certificates and recordings."""

import fcntl
import shutil
from pathlib import Path

_held = []  # Locks, for as long as this process lives.


def fresh(parent: Path, name: str) -> Path:
    """An empty parent/name; parent/name-2 while another run has that one, and so on."""
    parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = parent / (name if number == 1 else f"{name}-{number}")
        lock = open(parent / f".{folder.name}.lock", "w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            number += 1
            continue
        _held.append(lock)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder
