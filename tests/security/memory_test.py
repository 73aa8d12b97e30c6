"""No key is left in any process after a call, and during one it lies in the arena alone."""

import base64
import ctypes
import os
import resource
import subprocess
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from leaks import with_random_keys
from memory import Scan, Scanner, forms
from stage import StageCase, scenario
from suite.tenant import ApiError, Tenant

HOLDERS = ("keyvault", "validator", "gateway", "media/m1")
FORGOTTEN_SECONDS = 5  # After the last release.
REFUSED = "sk-ant-api03-refused-by-the-provider-and-never-to-be-seen-again-00"
# A whole copy, and 24 bytes of one, as a careless process would keep them.
PLANTER = """
import sys
secret = sys.stdin.readline().strip()
whole = bytearray(secret.encode())
piece = bytearray(b"....") + secret[7:31].encode()
del secret
print("ready", flush=True)
sys.stdin.readline()
"""


PR_CAPBSET_DROP = 24
CAP_IPC_LOCK = 14
_libc = ctypes.CDLL(None)


def with_little_to_lock() -> None:
    """As a service of an ordinary user finds it under a kernel older than 5.16."""
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (64 * 1024, 64 * 1024))
    _libc.prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0)


class MemoryTest(StageCase):
    script = with_random_keys(scenario())

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        needles: dict[str, bytes] = {}
        for provider, body in cls.keys.items():
            users = tuple(v for k, v in body.items() if k in ("accountSid", "sid", "apiKey"))
            for name, secret in body.items():
                if name in ("apiKey", "authToken"):
                    needles |= forms(f"{provider} {name}", secret, users)
        needles |= forms("refused key", REFUSED)
        cls.scanner = Scanner(cls.suite.binaries, needles)

    def scan(self, name: str) -> Scan:
        return self.scanner.scan(self.suite.programs[name].pid)

    def scan_all(self) -> dict[str, Scan]:
        with ThreadPoolExecutor() as threads:
            return dict(zip(HOLDERS, threads.map(self.scan, HOLDERS)))

    def put_every_key(self, tenant: Tenant) -> None:
        for provider, body in self.keys.items():
            tenant.put(f"/v1/keys/{provider}", body)

    def assert_forgotten(self) -> None:
        """No process has a trace of any key, its arena included, at most five seconds from now."""
        end = time.monotonic() + FORGOTTEN_SECONDS
        while True:
            left = {name: scan.hits for name, scan in self.scan_all().items() if scan.hits}
            if not left or time.monotonic() > end:
                break
        self.assertEqual(left, {})

    def test_the_search_finds_a_planted_copy_a_piece_and_the_sandboxs_keys(self):
        secret = self.keys["anthropic"]["apiKey"]
        with subprocess.Popen([sys.executable, "-c", PLANTER], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as careless:
            careless.stdin.write(secret + "\n")
            careless.stdin.flush()
            careless.stdout.readline()
            found = self.scanner.scan(careless.pid).outside()
            careless.stdin.write("\n")
        sizes = {hit.size for hit in found if hit.form == "anthropic apiKey plain"}
        self.assertIn(len(secret), sizes)
        self.assertIn(24, sizes)

        # It is the other side: providers hold their customers' keys in the clear.
        sandbox = {hit.form for hit in self.scan("sandbox").outside()}
        for provider in self.keys:
            self.assertTrue(any(form.startswith(provider) for form in sandbox), provider)

    def test_keys_are_forgotten_after_they_were_put_tested_refused_replaced_and_deleted(self):
        tenant = self.suite.make_tenant("memory-keys")
        self.put_every_key(tenant)
        for provider, body in self.keys.items():
            tenant.post(f"/v1/keys/{provider}/test", body)
        self.put_every_key(tenant)  # Replaces each by itself.
        with self.assertRaises(ApiError):
            tenant.put("/v1/keys/anthropic", {"apiKey": REFUSED})
        for nonsense in ({"apiKey": REFUSED, "more": "x"}, {"apiKey": [REFUSED]}, {"key": REFUSED}):
            with self.assertRaises(ApiError):
                tenant.put("/v1/keys/anthropic", nonsense)
        for provider in self.keys:
            tenant.delete(f"/v1/keys/{provider}")

        self.assert_forgotten()

    def test_during_a_call_keys_lie_in_the_arena_alone_and_nowhere_after_it(self):
        tenant, number = self.ready_tenant()
        placed = self.call(tenant, number, "+14155550101")
        self.eventually(
            lambda: tenant.get(f"/v1/calls/{placed['id']}")["state"].lower() == "answered", 30,
            "the call was not answered")

        during = self.scan_all()
        for name, scan in during.items():
            self.assertEqual(scan.outside(), [], name)
            self.assertGreater(scan.arena_bytes, 4_000_000, f"{name} has no locked arena")
        held = {hit.form for hit in during["media/m1"].hits}
        for provider in ("anthropic", "cartesia", "deepgram", "twilio"):
            self.assertTrue(any(form.startswith(provider) for form in held), provider)

        self.ended(tenant, placed["id"], 120)
        self.bill(tenant, placed["id"])
        self.assert_forgotten()

    def test_the_root_key_lies_in_keyvaults_arena_alone(self):
        recipe = next(r for r in self.suite.kitchen.recipes() if r.name == "keyvault")
        text = recipe.environment["TENANT_KEY_ENCRYPTION_KEY"]
        scanner = Scanner(self.suite.binaries, {"root key": base64.b64decode(text),
                                                "root key base64": text.encode()})
        scan = scanner.scan(self.suite.programs["keyvault"].pid)

        self.assertEqual(scan.outside(), [])
        self.assertEqual({hit.form for hit in scan.hits}, {"root key"})

    def test_the_processes_leave_no_core_and_the_arena_fits_the_usual_limit(self):
        for name in HOLDERS:
            pid = self.suite.programs[name].pid
            self.assertEqual(resource.prlimit(pid, resource.RLIMIT_CORE), (0, 0), name)
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                fields = dict(line.split(":", 1) for line in status)
            self.assertIn(int(fields["VmLck"].split()[0]), range(4096, 8193), name)

    def test_a_service_that_cannot_lock_its_memory_does_not_start(self):
        recipe = next(r for r in self.suite.kitchen.recipes() if r.name == "validator")
        program = [str(self.suite.binaries / recipe.program), *recipe.flags]
        refused = subprocess.run(program, env={**os.environ, **recipe.environment}, text=True,
                                 capture_output=True, check=False, timeout=30,
                                 preexec_fn=with_little_to_lock)
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("RLIMIT_MEMLOCK", refused.stderr)

    def test_a_service_does_not_start_with_what_prints_its_messages(self):
        recipe = next(r for r in self.suite.kitchen.recipes() if r.name == "keyvault")
        program = [str(self.suite.binaries / recipe.program), *recipe.flags]
        for name, value in (("GRPC_TRACE", "secure_endpoint"), ("GRPC_VERBOSITY", "debug"),
                            ("SSLKEYLOGFILE", "/dev/null")):
            refused = subprocess.run(program, text=True, capture_output=True, check=False, timeout=30,
                                     env={**os.environ, **recipe.environment, name: value})
            self.assertEqual(refused.returncode, 2, refused.stderr)
            self.assertIn(name, refused.stderr)


if __name__ == "__main__":
    unittest.main()
