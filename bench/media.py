"""scripts/bench media: calls per core of media's two pipelines, each beside a relay without logic.

A pipeline and its relay run in the same minutes with the same calls, one after the other: first a
short run that says what a call costs, then the two that count.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from suite.folder import fresh
from suite.suite import ROOT

BINARIES = Path(os.environ.get("LATCHKEY_BIN", ROOT / "build" / "release" / "bin"))
TRIAL_CALLS, TRIAL_SECONDS = 120, 7
# Three turns of the load's callers, so that each part of one is seen equally often.
SECONDS = 21
SUBJECT_WANTED = 0.80  # Of a core; design's floor is 0.70.
LOAD_MOST = 0.85  # Of its core: busier, the load generator itself would be late.
CALLS_MOST = 2000
# What must hold in every call: no audio of an interrupted reply, none twice, none of another call,
# and an answer to every turn.
RULES = ("stale_frames", "repeated_frames", "foreign_frames", "unanswered_turns")
SHOWN = ("calls", "core_used", "calls_per_core", "bytes_per_call", "up_added_p50_ms",
         "up_added_p99_ms", "down_added_p50_ms", "down_added_p99_ms", "holding_p99_ms",
         "frames_up", "frames_down", "barge_ins", *RULES, "load_core_used", "load_lateness_p99_ms", "troubles", "void")


def measure(variant: str, calls: int, seconds: int, folder: Path) -> dict[str, str]:
    """One run. Its lines, by figure."""
    subject = "latchkey-relay" if variant.endswith("relay") else "latchkey-media"
    done = subprocess.run([BINARIES / "latchkey-bench-media", variant, BINARIES / subject,
                           str(calls), str(seconds)], cwd=folder, capture_output=True, text=True,
                          timeout=60 + calls / 20 + seconds)
    found = dict(re.findall(rf"^media\.{variant}\.(\w+): (.*)$", done.stdout, re.MULTILINE))
    if done.returncode != 0 or "core_used" not in found:
        said = (done.stderr or done.stdout).strip().splitlines()
        sys.exit(f"media.{variant}.void: it did not run: {said[-1] if said else 'no word'} "
                 f"(log in {folder})")
    return found


def choose_calls(trial: dict[str, str]) -> int:
    """As many calls as drive the subject's core to what is wanted, or as the load's core bears."""
    calls = int(trial["calls"])
    for_subject = calls * SUBJECT_WANTED / max(0.01, float(trial["core_used"]))
    for_load = calls * LOAD_MOST / max(0.01, float(trial["load_core_used"]))
    return int(min(for_subject, for_load, CALLS_MOST))


def cpu_per_call(run: dict[str, str]) -> float:
    return float(run["core_used"]) / max(1, int(run["calls"]))


def show(variant: str, run: dict[str, str]) -> None:
    for figure in SHOWN:
        if figure in run:
            print(f"media.{variant}.{figure}: {run[figure]}", flush=True)


def wrongs(run: dict[str, str]) -> list[str]:
    """What no shortage excuses."""
    found = [f"{rule}: {run[rule]}" for rule in RULES if run[rule] != "0"]
    return found if run["barge_ins"] != "0" else [*found, "nobody was interrupted"]


def voids(pipeline: str, run: dict[str, str], relay: dict[str, str], calls: int) -> list[str]:
    """Why this run says nothing, beside what each of the two says of itself."""
    found = []
    if int(run["frames_down"]) == 0 or int(relay["frames_down"]) == 0:
        found.append("no agent was heard")
    if run.get("troubles", "0") != "0":
        found.append(f"{run['troubles']} troubles in the calls")
    for name, one in ((pipeline, run), ("relay's", relay)):
        if int(one["calls"]) < calls * 0.98:
            found.append(f"only {one['calls']} of {calls} calls lived in the {name} run")
    return found


def compare(pipeline: str, folder: Path) -> bool:
    """A pipeline and its relay. True when the reading counts and nothing was wrong."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else choose_calls(
        measure(pipeline, TRIAL_CALLS, TRIAL_SECONDS, folder))
    run = measure(pipeline, calls, SECONDS, folder)
    relay = measure(f"{pipeline}_relay", calls, SECONDS, folder)
    show(pipeline, run)
    show(f"{pipeline}_relay", relay)
    print(f"media.{pipeline}.cpu_over_relay: {cpu_per_call(run) / cpu_per_call(relay):.2f}")
    found = voids(pipeline, run, relay, calls)
    for why in found:
        print(f"media.{pipeline}.void: {why}")
    wrong = wrongs(run)
    for what in wrong:
        print(f"media.{pipeline}.wrong: {what}")
    return not found and not wrong and "void" not in run and "void" not in relay


def main() -> int:
    folder = fresh(ROOT / "run", "bench-media")
    count = [compare(pipeline, folder) for pipeline in ("composed", "realtime")]
    return 0 if all(count) else 1


if __name__ == "__main__":
    sys.exit(main())
