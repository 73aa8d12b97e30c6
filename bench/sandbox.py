"""scripts/bench sandbox: how many calls one sandbox paces, and how late; beside bare sockets.

One process is the carrier of all calls: TLS, one frame each way every 20 ms, on one origin. Another
answers them. The carrier's own log is held against what the other side saw.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from suite.folder import fresh
from suite.suite import ROOT

BINARIES = Path(os.environ.get("LATCHKEY_BIN", ROOT / "build" / "release" / "bin"))
CALLS, SECONDS, BARE_SECONDS = 1000, 8, 6
LATE_P99_MS = 20.0  # A frame that comes a whole frame late is a gap at the callee's ear.
SHORT = 0.92  # An end busier than this was short of CPU.
WAITED = 0.10  # So was one that was ready for so much of the time and had to wait for its core.


def measure(variant: str, binary: str, calls: int, seconds: int, folder: Path) -> list[tuple]:
    """One run. Its lines: (figure, value), in their order."""
    argument = {"load": "carrier", "bare": "bare"}[variant]
    done = subprocess.run([BINARIES / "latchkey-bench-sandbox", argument, BINARIES / binary,
                           str(calls), str(seconds)], cwd=folder, capture_output=True, text=True,
                          timeout=120 + calls / 20 + seconds, check=False)
    found = re.findall(rf"^sandbox\.{variant}\.(\w+): (.*)$", done.stdout, re.MULTILINE)
    if done.returncode != 0 or not found:
        said = (done.stderr or done.stdout).strip().splitlines()
        sys.exit(f"sandbox.{variant}.void: it did not run: {said[-1] if said else 'no word'} "
                 f"(logs in {folder})")
    return found


def voids(run: dict[str, str], calls: int) -> list[str]:
    """Why a run says nothing of the sandbox: this machine was short of CPU."""
    found = []
    if float(run["peer_core_used"]) > SHORT:
        found.append("the answering side was short of CPU; measure with fewer calls")
    if float(run["core_waited_for"]) > WAITED:
        found.append(f"it waited for its core for {run['core_waited_for']} of the time")
    if float(run["core_stolen"]) > 0.02:
        found.append(f"{run['core_stolen']} of its core was stolen by other machines")
    if float(run["lateness_p99_ms"]) > LATE_P99_MS:
        found.append(f"frames were late: p99 {run['lateness_p99_ms']} ms of {LATE_P99_MS:.0f} ms")
    if int(run["calls"]) < calls:
        found.append(f"only {run['calls']} of {calls} calls lived")
    return found


def held(stages: list[str]) -> int:
    """The most calls at which frames were in time."""
    parsed = [re.match(r"(\d+) calls, p99 ([\d.]+) ms", stage) for stage in stages]
    return max((int(s[1]) for s in parsed if float(s[2]) <= LATE_P99_MS), default=0)


def wrongs(run: dict[str, str], calls: int) -> list[str]:
    """What no shortage excuses: a log that is not exact, frames that were lost or doubled."""
    found = []
    for figure in ("log_placed", "log_answered", "log_ended"):
        if int(run[figure]) != calls:
            found.append(f"{figure} is {run[figure]}, not {calls}")
    if run["log_mistakes"] != "0":
        found.append(f"{run['log_mistakes']} mistakes in the carrier's log")
    if run["frames_out_of_order"] != "0":
        found.append(f"{run['frames_out_of_order']} frames out of order")
    return found


def main() -> int:
    folder = fresh(ROOT / "run", "bench-sandbox")
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    lines = measure("load", "latchkey-sandbox", calls, SECONDS, folder)
    load = dict(lines)
    bare_lines = measure("bare", "latchkey-bench-sandbox", calls, BARE_SECONDS, folder)
    bare = dict(bare_lines)
    for variant, found in (("load", lines), ("bare", bare_lines)):
        for figure, value in found:
            print(f"sandbox.{variant}.{figure}: {value}")
    print(f"sandbox.load.held_calls: {held([v for f, v in lines if f == 'stage'])}")
    per_core = float(load["core_used"]) / max(0.01, float(bare["core_used"]))
    print(f"sandbox.load.cpu_over_bare: {per_core:.2f}")
    for variant, run in (("load", load), ("bare", bare)):
        for why in voids(run, calls):
            print(f"sandbox.{variant}.void: {why}")
    wrong = wrongs(load, calls)
    for what in wrong:
        print(f"sandbox.load.wrong: {what}")
    return 1 if wrong or voids(load, calls) else 0


if __name__ == "__main__":
    sys.exit(main())
