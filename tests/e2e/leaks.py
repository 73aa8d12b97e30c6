"""Leaks: looks for keys where none may stand, in plain text, hex and base64."""

import base64
import urllib.request
from pathlib import Path

from suite.suite import Suite

SHORTEST = 12  # A shorter secret would be found by chance.


def spellings(secret: str) -> set[bytes]:
    """How a key may stand in a log or a dump. Base64 depends on what stands before it, so each of
    the three alignments is looked for, without the characters that its neighbours share."""
    data = secret.encode()
    found = {data, data.hex().encode(), data.hex().upper().encode(), data[::-1]}
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + data).rstrip(b"=")
        core = text[(0, 2, 3)[shift]:-1]
        found |= {core, core.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def secrets(keys: dict[str, dict]) -> list[str]:
    """Of the bodies of PUT /v1/keys/{provider}, what is secret: neither account nor number is."""
    return [text for body in keys.values() for name, text in body.items()
            if name in ("apiKey", "authToken")]


def places(suite: Suite):
    """(name, bytes) of everything that the suite has written or shows."""
    for log in suite.logs():
        if log.name != "sandbox.log":  # It is on the providers' side.
            yield log.name, log.read_bytes()
    for url in suite.metrics_urls():
        with urllib.request.urlopen(url, timeout=5) as page:
            yield url, page.read()
    yield "pg_dump", suite.cluster.dump().encode()
    for file in Path(suite.cluster.folder, "data").rglob("*"):
        if file.is_file() and ("base" in file.parts or "pg_wal" in file.parts):
            yield f"postgres {file.name}", file.read_bytes()


def find(suite: Suite, wanted: list[str]) -> list[str]:
    """Where any of them stands, as sentences that do not repeat the key."""
    patterns = [(secret, spelling) for secret in wanted if len(secret) >= SHORTEST
                for spelling in spellings(secret)]
    return [f"a key ({secret[:4]}…, {len(secret)} characters) stands in {name}"
            for name, data in places(suite) for secret, spelling in patterns if spelling in data]
