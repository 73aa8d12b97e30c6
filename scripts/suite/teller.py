"""Teller: prints what scripts/demo shows, one chapter after the other."""

import threading
from dataclasses import dataclass, field

BOLD, DIM, GREEN, RED, OFF = "\033[1m", "\033[2m", "\033[32m", "\033[31m", "\033[0m"


@dataclass
class Teller:
    """`begin` is when the demo was started, by time.monotonic()."""

    colour: bool
    begin: float
    lock: threading.Lock = field(default_factory=threading.Lock)

    def chapter(self, title: str) -> None:
        self.line(f"\n{BOLD}{title}{OFF}")

    def line(self, text: str) -> None:
        if not self.colour:
            for code in (BOLD, DIM, GREEN, RED, OFF):
                text = text.replace(code, "")
        with self.lock:
            print(text, flush=True)
