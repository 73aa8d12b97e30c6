"""Memory: looks for keys in all of a process's memory, in every form that they travel in."""

import base64
import os
import subprocess
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

ARENA = "arena"  # Locked memory that no core file has: the only place for a key.


@dataclass(frozen=True)
class Hit:
    """A place that holds 24 bytes or more of a key in one of its forms. Never the key itself."""

    form: str
    where: str  # "arena", "undumped" or "memory"
    mapping: str
    size: int


@dataclass(frozen=True)
class Scan:
    hits: list[Hit]
    searched_bytes: int
    arena_bytes: int

    def outside(self) -> list[Hit]:
        return [hit for hit in self.hits if hit.where != ARENA]


class CannotLook(Exception):
    """The process may not be looked at; says what is missing."""


def forms(name: str, secret: str, users: tuple[str, ...] = ()) -> dict[str, bytes]:
    """A key as it stands in a body, a header, a form or a URL, by what the form is called.

    Base64 depends on what stands before it, so each of the three alignments is looked for, without
    the characters that its neighbours share. That is basic-auth, whatever the user; those that are
    known are looked for whole, too.
    """
    data = secret.encode()
    found = {f"{name} plain": data, f"{name} reversed": data[::-1], f"{name} hex": data.hex().encode(),
             f"{name} form": urllib.parse.quote_plus(secret, safe="").encode(),
             f"{name} json": data.replace(b"/", b"\\/")}
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + data).rstrip(b"=")
        core = text[(0, 2, 3)[shift]:-1]
        found[f"{name} base64 +{shift}"] = core
        found[f"{name} base64url +{shift}"] = core.replace(b"+", b"-").replace(b"/", b"_")
    for user in users:
        found[f"{name} basic"] = base64.b64encode(f"{user}:{secret}".encode())
    once = {text: form for form, text in reversed(found.items()) if len(text) >= 12}
    return {form: text for text, form in once.items()}


class Scanner:
    """Runs the memory-scan program that the build made beside the services."""

    def __init__(self, binaries: Path, needles: dict[str, bytes]):
        self._program = binaries / "memory-scan"
        self._input = "".join(f"{form}\t{text.hex()}\n" for form, text in needles.items())

    def scan(self, pid: int) -> Scan:
        done = subprocess.run([self._program, str(pid)], input=self._input, text=True,
                              capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"})
        if done.returncode != 0:
            raise CannotLook(done.stderr.strip())
        *lines, last = [line.split("\t") for line in done.stdout.splitlines()]
        hits = [Hit(form, where, mapping, int(size)) for form, where, mapping, size in lines]
        return Scan(hits, int(last[1]), int(last[2]))
