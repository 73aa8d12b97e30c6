"""Awaits: a co_await stands alone, and no coroutine is a lambda with captures.

Alone: a statement, the whole initialiser of a named variable, or the operand of co_return. GCC 12
compiles the other forms into crashes; a reader of a line with one suspension in it sees it.
"""

import re

from tree import Source

_INITIALISER = re.compile(r"\b(?:if|switch)\s*\(\s*[^()=]*=\s*$")
_LABEL = re.compile(r"^(?:(?:case\s(?:[^:]|::)+|default|public|private)\s*:(?!:)\s*)+")
_CONTROL = re.compile(r"(else|do)\b|(if|for|while|switch)\s*\(")
_BORROWING = re.compile(r"\[(?:\s|,|this\b|&\w*)*\]\s*(?:\([^()]*\)\s*)?{")
_CAPTURES = re.compile(r"\[[^\]\s][^\]]*\]\s*(?:\([^()]*\)\s*)?(?:mutable\s*)?(?:->[^{;]*)?\{")


def check(source: Source):
    code = source.code
    for match in re.finditer(r"\bco_await\b", code):
        trouble = _trouble(code, match.start(), match.end())
        if trouble:
            yield source.line(match.start()), f"co_await {trouble}"
    for match in _CAPTURES.finditer(code):
        body = code[match.end():_closing(code, match.end())]
        if re.search(r"\bco_(await|return|yield)\b", body):
            yield source.line(match.start()), "a coroutine lambda has captures; make it a function"


def _trouble(code: str, start: int, end: int) -> str:
    before = code[max(code.rfind(c, 0, start) for c in ";{}") + 1:start].strip()
    before = _without_control(_LABEL.sub("", before))
    after = _without_borrowing_lambdas(code[end:_statement_end(code, end)])
    in_condition = bool(_INITIALISER.search(before))
    if before not in ("", "co_return") and not in_condition and not _is_named(before):
        return "does not stand alone"
    if "{" in after and not in_condition:
        return "has braces among its arguments; name the value first"
    if re.search(r"\[[^\]\s][^\]]*\]\s*[({]", after):
        return "has a capturing lambda among its arguments; name a function"
    if "?" in after:
        return "is part of a conditional expression"
    return ""


def _is_named(before: str) -> bool:
    """`Type name =` or `place =`, with no call around it."""
    if not before.endswith("=") or before.endswith(("==", "!=", "<=", ">=")):
        return False
    return "(" not in re.sub(r"<[^<>]*>|\(\)|decltype\([^()]*\)", "", before)


def _without_control(before: str) -> str:
    """What is left of `if (a) b =` is `b =`; an open parenthesis keeps its keyword."""
    while match := _CONTROL.match(before):
        if match[1] in ("else", "do"):
            before = before[match.end():].strip()
            continue
        end = _closing(before, match.end(), "()")
        if before[:end].count("(") != before[:end].count(")"):
            return before
        before = before[end:].strip()
    return before


def _without_borrowing_lambdas(after: str) -> str:
    """A lambda that captures nothing but `this` and references has nothing to destroy: it may stand
    there, as the wrappers of callback interfaces in lib/ have it."""
    while match := _BORROWING.search(after):
        after = after[:match.start()] + after[_closing(after, match.end(), "{}"):]
    return after


def _statement_end(code: str, at: int) -> int:
    depth = 0
    while at < len(code):
        if code[at] == ";" and depth == 0:
            return at
        depth += (code[at] in "({[") - (code[at] in ")}]")
        if depth < 0:
            return at
        at += 1
    return at


def _closing(code: str, at: int, pair: str = "{}") -> int:
    """Just behind the bracket that closes the one that ends at `at`."""
    depth = 1
    while at < len(code) and depth > 0:
        depth += (code[at] == pair[0]) - (code[at] == pair[1])
        at += 1
    return at
