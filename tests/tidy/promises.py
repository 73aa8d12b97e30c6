"""Promises: every row of docs/security.md names a test, and every test that is named there exists."""

import re

from tree import ROOT

PAGE = "docs/security.md"
_CASE = re.compile(r"\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)")
_PYTHON_CASE = re.compile(r"^\s+def (test_\w+)\(", re.M)
_PROGRAM = re.compile(r"\blatchkey_(?:suite_)?test\(\s*([\w.]+)")
_FUZZER = re.compile(r"\blatchkey_fuzz\(\s*(\w+)")
_NAMED = re.compile(r"`([^`]+)`")


def known() -> set[str]:
    """Programs, suites, cases as `Suite.Case`, and Python's cases."""
    names = set()
    for path in (ROOT / "tests").rglob("*"):
        if path.suffix == ".cc":
            for suite, case in _CASE.findall(path.read_text()):
                names |= {suite, f"{suite}.{case}"}
        elif path.suffix == ".py":
            names |= set(_PYTHON_CASE.findall(path.read_text()))
        elif path.name in ("CMakeLists.txt", "targets.cmake"):
            text = path.read_text()
            names |= {name.split(".")[0] for name in _PROGRAM.findall(text)}
            names |= {f"fuzz_{name}" for name in _FUZZER.findall(text)}
    return names


def check(page: str, names: set[str]):
    """Yields (line, what). The last column of every table is its tests; `.Case` is of the suite
    before it."""
    inside = False
    for number, line in enumerate(page.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif not inside:
            inside = True
            if cells[-1] not in ("test", "tests"):
                yield number, "the last column of a table of promises is its tests"
        elif not set(line) <= set("|- "):
            named = _NAMED.findall(cells[-1])
            if not named:
                yield number, "a promise without a test"
            suite = ""
            for name in named:
                suite = name.split(".")[0] or suite
                full = suite + name if name.startswith(".") else name
                if full not in names and not full.startswith("scripts/") and full != "--deep":
                    yield number, f"there is no test {full}"
