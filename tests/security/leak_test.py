"""No key stands anywhere after a call: logs, metrics, answers, tables, the database's own files."""

import base64
import os
import subprocess
import unittest
import urllib.request
from urllib.parse import quote

import leaks
from stage import StageCase, scenario
from suite.tenant import ApiError


class LeakTest(StageCase):
    script = leaks.with_random_keys(scenario())

    def test_the_search_finds_what_it_is_for(self):
        secret = "sk-ant-api03-a-key-for-this-test-alone"
        for text in (secret.encode(), secret.encode().hex().encode(),
                     base64.b64encode(b"Basic user:" + secret.encode() + b"!"),
                     base64.urlsafe_b64encode(b"?" + secret.encode() + b"!"),
                     quote("key=" + secret + "&", safe="").encode(),
                     "".join(f"%{byte:02x}" for byte in secret.encode()).encode()):
            self.assertTrue(any(s in text for s in leaks.spellings(secret)), text)
        self.assertTrue(any(p in b"for-this" for p in leaks.pieces(secret)))
        self.assertFalse(any(p in b"sk-ant-api03-another" for p in leaks.pieces(secret)))

    def test_no_service_starts_with_a_switch_that_prints_messages_or_session_keys(self):
        for recipe in self.suite.kitchen.recipes():
            for switch in ("GRPC_TRACE", "GRPC_VERBOSITY", "SSLKEYLOGFILE"):
                with self.subTest(service=recipe.name, switch=switch):
                    done = subprocess.run(
                        [str(self.suite.binaries / recipe.program), *recipe.flags],
                        env={**os.environ, **recipe.environment, switch: "all"},
                        capture_output=True, text=True, timeout=30)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn(switch, done.stderr)

    def test_no_key_stands_anywhere_after_a_call_and_refused_keys(self):
        tenant, number = self.ready_tenant()
        refused = "sk-ant-api03-refused-and-never-to-be-seen-again-00"
        with self.assertRaises(ApiError) as refusal:
            tenant.put("/v1/keys/anthropic", {"apiKey": refused})
        self.assertNotIn(refused, str(refusal.exception.error))
        for provider, body in self.keys.items():
            tenant.post(f"/v1/keys/{provider}/test", body)

        placed = self.call(tenant, number, "+14155550101")
        self.ended(tenant, placed["id"], 120)
        self.bill(tenant, placed["id"])

        wanted = [*leaks.secrets(self.keys), refused, tenant.api_key]
        self.assertEqual(leaks.find(self.suite, wanted), [])
        shown = [tenant.get(path) for path in ("/v1/keys", "/v1/onboarding", "/v1/calls",
                                               f"/v1/calls/{placed['id']}/transcript")]
        told = {log.name: log.read_bytes() for log in self.suite.logs() if log.name != "sandbox.log"}
        told["the API's answers"] = str(shown).encode()
        for url in self.suite.metrics_urls():
            with urllib.request.urlopen(url, timeout=5) as page:
                told[url] = page.read()
        self.assertFalse(any(s in text for text in told.values() for secret in wanted
                             for s in leaks.spellings(secret)))
        for secret in leaks.secrets(self.keys):
            for where, text in told.items():
                self.assertFalse([p for p in leaks.pieces(secret) if p in text],
                                 f"a piece of a key stands in {where}")


if __name__ == "__main__":
    unittest.main()
