"""Leaks: looks for keys where none may stand: plain, in hex, base64 and URLs, and pieces of them."""

import base64
import json
import random
import re
import string
import urllib.request
from pathlib import Path

from suite import scenario as scenario_file
from suite.suite import Suite

SHORTEST = 12  # A shorter secret would be found by chance.
PREFIXES = ("sk-ant-api03-", "sk_car_", "sk-proj-")  # They say whose key it is, and nothing else.
PIECE = 8
HEX_PIECE = 12  # Ids are hexadecimal too: eight digits of one would be found by chance.


def with_random_keys(script: dict) -> dict:
    """Keys of the providers' forms in which no 24 bytes are anything else's by chance."""
    text = json.dumps(script)
    for provider, body in scenario_file.accepted_keys(script).items():
        for name, old in body.items():
            if name not in ("apiKey", "authToken"):
                continue
            prefix = next((p for p in PREFIXES if old.startswith(p)), "")
            is_hex = re.fullmatch("[0-9a-f]+", old.removeprefix(prefix))
            letters = "0123456789abcdef" if is_hex else string.ascii_letters + string.digits
            length = max(len(old) - len(prefix), 24)
            text = text.replace(old, prefix + "".join(random.choices(letters, k=length)))
    return json.loads(text)


def spellings(secret: str) -> set[bytes]:
    """How a key may stand in a log or a dump. Base64 depends on what stands before it, so each of
    the three alignments is looked for, without the characters that its neighbours share."""
    data = secret.encode()
    found = {data, data.hex().encode(), data.hex().upper().encode(), data[::-1]}
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + data).rstrip(b"=")
        core = text[(0, 2, 3)[shift]:-1]
        found |= {core, core.replace(b"+", b"-").replace(b"/", b"_")}
    for escape in ("%%%02X", "%%%02x", "\\x%02x", "\\u%04x"):  # Of URLs, C and JSON.
        found.add("".join(escape % byte for byte in data).encode())
    found.add(re.sub(r"[^A-Za-z0-9.~]", lambda m: "%%%02X" % ord(m[0]), secret).encode())
    return found


def pieces(secret: str) -> set[bytes]:
    """Every eight characters in a row of a random key, without what all keys begin with."""
    own = secret.removeprefix(next((p for p in PREFIXES if secret.startswith(p)), ""))
    length = HEX_PIECE if re.fullmatch("[0-9a-f]+", own) else PIECE
    return {own[at:at + length].encode() for at in range(len(own) - length + 1)}


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
