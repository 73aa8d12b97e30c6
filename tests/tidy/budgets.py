"""Budgets: how long a file, a function and a line may be, and what nothing is called."""

import re

from tree import Source

FILE_LINES = 400
FUNCTION_LINES = 60
COLUMNS = 100
BANNED = re.compile(r"(?:^|_)(?:utils?|helpers?|managers?|common|impl)(?:_|\.|$)")
BANNED_TYPE = re.compile(
    r"\b(?:class|struct|enum class|namespace)\s+(\w*(?:Utils?|Helper|Manager|Common|Impl)|I[A-Z][a-z]\w*)\s*"
    r"(?:final\s*)?[:{]")
_NOT_A_FUNCTION = re.compile(
    r"\s*(?:class|struct|union|enum|namespace|extern|if|for|while|switch|do|else|try|catch|return|"
    r"case|default)\b")


def check(source: Source):
    lines = source.text.splitlines()
    if len(lines) > FILE_LINES:
        yield 1, f"has {len(lines)} lines; a file has at most {FILE_LINES}"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS and "http" not in line:
            yield number, f"a line has at most {COLUMNS} columns"
    if BANNED.search(source.path.rsplit("/", 1)[-1]):
        yield 1, "the file's name says nothing; if no better one comes, it is two things"
    code = source.code
    for match in BANNED_TYPE.finditer(code):
        yield source.line(match.start()), f"{match[1]}: the name says nothing about its job"
    for start, length in functions(code):
        if length > FUNCTION_LINES:
            yield start, f"a function of {length} lines; one has at most {FUNCTION_LINES}"
    if source.path.endswith(".h"):
        if not source.text.startswith("// "):
            yield 1, "a header begins with a sentence about what it is for"
        if "#pragma once" not in source.text:
            yield 1, "a header has #pragma once"


def functions(code: str):
    """(first line, lines) of every function body in text that clang-format has laid out: it opens
    on a line that ends in '{' and closes at the same indentation."""
    lines = code.splitlines()
    number = 0
    while number < len(lines):
        first = number
        if not lines[number].rstrip().endswith("{"):
            number += 1
            continue
        while first > 0 and lines[first - 1].strip() and \
                not lines[first - 1].rstrip().endswith((";", "{", "}", ":")) and \
                not lines[first - 1].startswith("#"):
            first -= 1
        statement = "\n".join(lines[first:number + 1])
        if "(" not in statement or _NOT_A_FUNCTION.match(lines[first]):
            number += 1
            continue
        indent = re.match(r"\s*", lines[first])[0]
        end = number + 1
        while end < len(lines) and not re.match(rf"{indent}}}", lines[end]):
            end += 1
        yield first + 1, end - first + 1
        number = end
