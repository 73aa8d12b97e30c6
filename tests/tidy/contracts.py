"""Contracts: a comment on everything in a proto, and the shape of its enums and methods."""

import re

from tree import Source

_DECLARATION = re.compile(
    r"\s*(?:(?:service|message|enum|rpc|oneof|extend)\s+[\w.]+|"
    r"(?:repeated\s+|optional\s+|map<[^>]*>\s+)?[\w.]*\s*\b\w+\s*=\s*\d+\s*(?:\[.*)?;)")
_OPTIONAL_COMMENT = re.compile(r"\s*(?:oneof|extend|option|syntax|package|import|reserved)\b")


def check(source: Source):
    lines = source.text.splitlines()
    if not source.text.startswith("// "):
        yield 1, "a proto begins with a sentence about what it is for"
    for number, line in enumerate(lines, 1):
        if not _DECLARATION.match(line) or _OPTIONAL_COMMENT.match(line):
            continue
        if number < 2 or not lines[number - 2].strip().startswith("//"):
            yield number, f"no comment on `{line.strip()}`"
    yield from _enums(source)
    yield from _methods(source)


def _enums(source: Source):
    for enum in re.finditer(r"^\s*enum\s+(\w+)\s*{(.*?)}", source.text, re.M | re.S):
        prefix = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", enum[1]).upper()
        line = source.line(enum.start(1))
        values = re.findall(r"^\s*(\w+)\s*=\s*(\d+)", enum[2], re.M)
        if (f"{prefix}_UNSPECIFIED", "0") not in values:
            yield line, f"{enum[1]} has no {prefix}_UNSPECIFIED = 0"
        for value, _ in values:
            if not value.startswith(prefix + "_"):
                yield line, f"{value} does not start with {prefix}_"


def _methods(source: Source):
    pattern = r"^\s*rpc\s+(\w+)\s*\(\s*(?:stream\s+)?(\w+)\)\s*returns\s*\(\s*(?:stream\s+)?(\w+)\)(.*?)^  }"
    for rpc in re.finditer(pattern, source.text, re.M | re.S):
        line = source.line(rpc.start(1))
        if (rpc[2], rpc[3]) != (f"{rpc[1]}Request", f"{rpc[1]}Response"):
            yield line, f"{rpc[1]} takes and gives messages of its own"
        if "callers" not in rpc[4]:
            yield line, f"{rpc[1]} does not say who may call it"
        if not re.search(r"v1\.limit\) = {concurrent: [1-9]\d*, per_minute: [1-9]\d*}", rpc[4]):
            yield line, f"{rpc[1]} does not say how much of it one caller may use"
