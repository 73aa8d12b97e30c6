"""Random and mutated requests of every method break nothing: no crash, no INTERNAL, no word told.

Runs against programs that are built with AddressSanitizer. LATCHKEY_RANDOM_REQUESTS says how many
each method gets.
"""

import os
import subprocess
import time
import unittest
import uuid

from stage import AGENT, StageCase, scenario

COUNT = int(os.environ.get("LATCHKEY_RANDOM_REQUESTS", "40"))
SEED = int(os.environ.get("LATCHKEY_RANDOM_SEED", time.time_ns() % 1_000_000))
SECONDS = 3400
CANARY = "CANARY-5f1c7d9b2e604a83"
SERVICES = ("billing", "dialer", "keyvault", "media/m1", "orchestrator", "validator")
SANITIZERS = ("AddressSanitizer", "runtime error:", "LeakSanitizer", "broken invariant")

# A service that may not be looked at cannot be searched for leaks at its end.
os.environ["ASAN_OPTIONS"] = "detect_leaks=0:" + os.environ.get("ASAN_OPTIONS", "")


class RandomRequestsTest(StageCase):
    script = scenario()

    def test_no_request_of_any_method_breaks_a_service(self):
        tenant, number = self.ready_tenant()
        placed = self.call(tenant, number, "+14155550101")
        for identity in ("gateway", "orchestrator", "dialer", "keyvault", "media/m1", "ops"):
            self.suite.authority.leaf(identity)
        words = [tenant.tenant_id, number, placed["id"], uuid.uuid4().hex, "m1", "media/m1",
                 "spiffe://latchkey/media/m1", "platform", "US", "USD", "en-US", "+14155550101", "0",
                 "1", "1.2", "apiKey", "accountSid", "2026-01-01T00:00:00Z", "https://localhost/x",
                 AGENT["voiceId"], AGENT["systemPrompt"], CANARY]
        addresses = [f"{name}={self.suite.kitchen.address(name)}" for name in SERVICES]

        done = subprocess.run(
            [self.suite.binaries / "random-requests", str(SEED), str(COUNT),
             self.suite.authority.ca, self.suite.authority.folder, *addresses],
            input="\n".join(words), capture_output=True, text=True, timeout=SECONDS)

        self.assertEqual(done.returncode, 0,
                         f"seed {SEED}:\n{done.stdout[:4000]}\n{done.stderr[-2000:]}")
        answers = [line.split("\t") for line in done.stdout.splitlines()]
        self.assertGreater(len({a[0] for a in answers}), 40)
        for method in {a[0] for a in answers}:
            self.assertEqual(sum(int(a[3]) for a in answers if a[0] == method), COUNT, method)
        self.assertTrue(any(a[1] == "OK" for a in answers))
        for name, program in self.suite.programs.items():
            self.assertTrue(program.running(), f"seed {SEED}: {name}: {program.last_line()}")
        for log in self.suite.logs():
            text = log.read_text(errors="replace")
            for word in (*SANITIZERS, CANARY):
                self.assertNotIn(word, text, f"seed {SEED}: {log}")


if __name__ == "__main__":
    unittest.main()
