"""Textproto: Protobuf's text format to and from plain Python values, as protoc reads and writes it."""

import re

_TOKEN = re.compile(r'\s*(?:([A-Za-z_][\w.]*)|("(?:\\.|[^"\\])*")|(-?[\d][\w.+-]*|-\w+)|([{}:<>]))')
_ESCAPES = {"n": b"\n", "r": b"\r", "t": b"\t", '"': b'"', "'": b"'", "\\": b"\\"}


class Word(str):
    """A bare word of the format: an enum value."""


def encode(message: dict) -> str:
    """{"name": "x", "rules": {…}, "plan": Word("PLAN_BYOK")}; a list repeats its field."""
    lines = []
    for name, value in message.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                lines.append(f"{name} {{ {encode(one)} }}")
            else:
                lines.append(f"{name}: {_scalar(one)}")
    return " ".join(lines)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Word, int)):
        return str(value)
    data = value if isinstance(value, bytes) else str(value).encode()
    return '"' + "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\{b:03o}"
                         for b in data) + '"'


def raw(value: str) -> bytes:
    """The bytes of a decoded field of type `bytes`."""
    return value.encode(errors="surrogateescape")


def decode(text: str) -> dict:
    """Every field becomes a list, since the text does not tell which ones repeat."""
    tokens = [match for match in _TOKEN.finditer(text)]
    message, at = _fields(tokens, 0)
    assert at == len(tokens)
    return message


def _fields(tokens: list, at: int) -> tuple[dict, int]:
    message: dict = {}
    while at < len(tokens) and tokens[at][4] != "}":
        name = tokens[at][1]
        at += 1
        if tokens[at][4] == "{":
            value, at = _fields(tokens, at + 1)
        else:
            at += 1  # The colon.
            value = _value(tokens[at])
        at += 1
        message.setdefault(name, []).append(value)
    return message, at


def _value(token: re.Match) -> object:
    if token[2]:
        return _unescape(token[2][1:-1])
    if token[1] in ("true", "false"):
        return token[1] == "true"
    if token[3] and re.fullmatch(r"-?\d+", token[3]):
        return int(token[3])
    return Word(token[1] or token[3])


def _unescape(text: str) -> str:
    parts = re.split(r"\\([0-7]{1,3}|.)", text)
    data = b""
    for i, part in enumerate(parts):
        if i % 2 == 0:
            data += part.encode()
        elif part.isdigit():
            data += bytes([int(part, 8)])
        else:
            data += _ESCAPES[part]
    return data.decode(errors="surrogateescape")  # Bytes that are no text come back whole.
