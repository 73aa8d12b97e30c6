"""scripts/bench start: seconds from scripts/demo on a built tree to the first word heard."""

import re
import subprocess
import sys

from .suite import ROOT

RUNS = 3
GOAL_SECONDS = 10


def main() -> int:
    seconds = []
    for _ in range(RUNS):
        done = subprocess.run([ROOT / "scripts" / "demo"], capture_output=True, text=True)
        told = re.search(r"first word that the callee heard: ([\d.]+) s", done.stdout)
        if done.returncode != 0 or not told:
            print(f"start.demo: void: the demo failed: {done.stderr.strip()[-200:]}")
            return 1
        seconds.append(float(told[1]))
    print(f"start.demo.runs: {RUNS}")
    print(f"start.demo.first_word_s: {sorted(seconds)[RUNS // 2]:.1f}")
    print(f"start.demo.first_word_s_max: {max(seconds):.1f}")
    print(f"start.demo.goal_s: {GOAL_SECONDS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
