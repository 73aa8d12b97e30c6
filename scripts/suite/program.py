"""Program: one process that we started, its log, and its end."""

import ctypes
import os
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from .trouble import Trouble

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def die_with_parent(sign: int):
    """For Popen(preexec_fn=…): the kernel ends the child when this process ends, however it ends."""
    return lambda: _libc.prctl(PR_SET_PDEATHSIG, sign)


class Program:
    """Started on construction, apart from our terminal, so that Ctrl-C reaches only us."""

    def __init__(self, name: str, command: list[str], log: Path,
                 environment: dict[str, str] | None = None, ready_url: str = "",
                 ready_ca: Path | None = None, stop_signal: int = signal.SIGTERM,
                 user: str | None = None):
        self.name = name
        self.command = command
        self.log = log
        self.ready_url = ready_url
        self._tls = ssl.create_default_context(cafile=str(ready_ca)) if ready_ca else None
        self._stop_signal = stop_signal
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, "ab") as sink:
            as_user = {"user": user, "group": user, "extra_groups": []} if user else {}
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
                env={**os.environ, **(environment or {})}, start_new_session=True,
                preexec_fn=die_with_parent(stop_signal), **as_user)

    @property
    def pid(self) -> int:
        return self._process.pid

    def running(self) -> bool:
        return self._process.poll() is None

    def wait_ready(self, seconds: float = 20) -> None:
        """Returns when /readyz answers 200. Trouble says the last line of the log."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.running():
                raise Trouble(f"{self.name} stopped while starting: {self.last_line()}")
            if answers(self.ready_url, self._tls):
                return
            time.sleep(0.02)
        raise Trouble(f"{self.name} was not ready after {seconds:.0f} s: {self.last_line()}")

    def last_line(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return f"{lines[-1] if lines else 'it said nothing'} (all of it: {self.log})"

    def ask_to_stop(self) -> None:
        if self.running():
            self._process.send_signal(self._stop_signal)

    def kill(self) -> None:
        """As a crash would: SIGKILL, no drain."""
        if self.running():
            self._process.kill()
        self._process.wait()

    def wait(self, seconds: float) -> int:
        """The exit code; killed, if it does not end in time."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL


def answers(url: str, tls: ssl.SSLContext | None = None) -> bool:
    """True when `url` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=1, context=tls) as response:
            return response.status == 200
    except (OSError, urllib.error.URLError):
        return False


def run(command: list[str], environment: dict[str, str] | None = None, seconds: float = 60) -> str:
    """Runs a command to its end and returns what it printed; Trouble with its last line if not 0."""
    done = subprocess.run(command, env={**os.environ, **(environment or {})}, timeout=seconds,
                          capture_output=True, text=True)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Trouble(f"{Path(command[0]).name} failed: {said[-1] if said else 'it said nothing'}")
    return done.stdout
