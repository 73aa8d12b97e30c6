#!/usr/bin/env python3
"""Checks what CONTRIBUTING.md asks for and a program can see. Prints file:line: what; exits 1 if any.

  tests/tidy/tidy.py          the whole project
  tests/tidy/tidy.py PATH…    files whose path starts with one of these
"""

import sys

import awaits
import budgets
import contracts
import layers
import promises
import reasons
import tree


def findings():
    sources = tree.sources()
    for source in sources:
        for rule in (layers, awaits, budgets):
            for line, what in rule.check(source):
                yield source.path, line, what
    protos = tree.protos()
    for proto in protos:
        for line, what in contracts.check(proto):
            yield proto.path, line, what
    for service in sorted(p.name for p in (tree.ROOT / "services").iterdir() if p.is_dir()):
        yield from reasons.check(service, sources, protos)
    page = (tree.ROOT / promises.PAGE).read_text()
    for line, what in promises.check(page, promises.known()):
        yield promises.PAGE, line, what


def main() -> int:
    wanted = tuple(sys.argv[1:])
    found = [f for f in findings() if not wanted or f[0].startswith(wanted)]
    for path, line, what in found:
        print(f"{path}:{line}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
