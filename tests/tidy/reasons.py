"""Reasons: each one that a service gives is listed, once, where a caller looks for it."""

import re

from tree import ROOT, Source

_PROMISED = re.compile(
    r"^\s*//\s+(?:CANCELLED|INVALID_ARGUMENT|DEADLINE_EXCEEDED|NOT_FOUND|ALREADY_EXISTS|"
    r"PERMISSION_DENIED|RESOURCE_EXHAUSTED|FAILED_PRECONDITION|ABORTED|UNAVAILABLE|INTERNAL|"
    r"UNAUTHENTICATED)\s+([a-z0-9_]+)", re.M)
# lib's own reasons reach the caller through every service; they are listed where they are made.
_USED = re.compile(r'\bError\(\s*absl::StatusCode::k\w+,\s*"([a-z0-9_]+)"', re.S)
_LISTED = re.compile(r'constexpr[^=;]*\sk\w+(?:\[\])?\s*=\s*"([a-z0-9_]+)"', re.S)


def check(service: str, sources: list[Source], protos: list[Source]):
    """Yields (path, line, what)."""
    here = f"services/{service}/"
    listing = ROOT / here / "domain" / "reasons.h"
    if not listing.exists():
        return
    path = f"{here}domain/reasons.h"
    text = listing.read_text()
    listed = _LISTED.findall(text)
    readme = ROOT / here / "README.md"
    told = readme.read_text() if readme.exists() else ""
    for reason in listed:
        line = text[:text.index(f'"{reason}"')].count("\n") + 1
        if not re.search(rf"\b{reason}\b", told):
            yield path, line, f"{reason} is not in {here}README.md"
    from_lib = {use[1] for source in sources if source.path.startswith("lib/")
                for use in _USED.finditer(source.without_comments)}
    for proto in protos:
        if not proto.path.startswith(f"proto/latchkey/{service}/"):
            continue
        for promise in _PROMISED.finditer(proto.text):
            if promise[1] not in listed and promise[1] not in from_lib:
                yield proto.path, proto.line(promise.start(1)), f"{promise[1]} is not in {path}"
    for source in sources:
        if not source.path.startswith(here):
            continue
        for use in _USED.finditer(source.without_comments):
            if use[1] not in listed and use[1] not in from_lib:
                yield source.path, source.line(use.start()), f"{use[1]} is not in {path}"
