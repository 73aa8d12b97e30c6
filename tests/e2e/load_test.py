"""The load run of scripts/bench media, with a few calls: not how fast it is, but that every call
lives and that no rule of its audio is broken."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

BINARIES = Path(os.environ["LATCHKEY_BIN"])
CALLS = 8
TURN_SECONDS = 7
WINDOW_SECONDS = 2 * TURN_SECONDS  # A caller interrupts once in it.
RULES = ("stale_frames", "repeated_frames", "foreign_frames", "unanswered_turns", "troubles")


class LoadTest(unittest.TestCase):

    def run_load(self, variant: str, subject: str, seconds: int) -> dict[str, str]:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [BINARIES / "latchkey-bench-media", variant, BINARIES / subject, str(CALLS),
                 str(seconds)], cwd=folder, capture_output=True, text=True, timeout=90, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return dict(re.findall(rf"^media\.{variant}\.(\w+): (.*)$", done.stdout, re.MULTILINE))

    def converses(self, pipeline: str) -> None:
        run = self.run_load(pipeline, "latchkey-media", WINDOW_SECONDS)

        self.assertEqual(run["calls"], str(CALLS))
        self.assertGreaterEqual(int(run["barge_ins"]), CALLS)
        self.assertEqual({rule: run[rule] for rule in RULES}, dict.fromkeys(RULES, "0"))

    def test_composed_calls_keep_the_rules(self):
        self.converses("composed")

    def test_realtime_calls_keep_the_rules(self):
        self.converses("realtime")

    def test_the_baselines_pass_audio_on(self):
        for variant in ("composed_relay", "realtime_relay"):
            run = self.run_load(variant, "latchkey-relay", TURN_SECONDS)
            self.assertEqual(run["calls"], str(CALLS))
            self.assertGreater(int(run["frames_down"]), 0)


if __name__ == "__main__":
    unittest.main()
