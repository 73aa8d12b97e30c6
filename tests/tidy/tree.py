"""Tree: the files of the project, and source text without what is not code."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE_FOLDERS = ("lib", "services", "sandbox", "tests", "bench")


@dataclass(frozen=True)
class Source:
    path: str  # From the project's folder, with '/'.
    text: str

    @property
    def code(self) -> str:
        """The text with comments blanked, and strings too; every line stays where it is."""
        return _NOT_CODE.sub(_blank, self.text)

    @property
    def without_comments(self) -> str:
        return _NOT_CODE.sub(lambda m: _blank(m) if m[0].startswith("/") else m[0], self.text)

    def line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1


_NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.S)


def _blank(match: re.Match) -> str:
    if match[0].startswith(('"', "R", "'")):
        return '"' + re.sub(r"[^\n]", " ", match[0][1:-1]) + '"'
    return re.sub(r"[^\n]", " ", match[0])


def sources() -> list[Source]:
    return _read(p for folder in SOURCE_FOLDERS for p in (ROOT / folder).rglob("*")
                 if p.suffix in (".h", ".cc"))


def protos() -> list[Source]:
    return _read((ROOT / "proto" / "latchkey").rglob("*.proto"))


def _read(paths) -> list[Source]:
    return [Source(p.relative_to(ROOT).as_posix(), p.read_text()) for p in sorted(paths)]
