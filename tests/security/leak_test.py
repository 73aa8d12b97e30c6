"""No key stands anywhere after a call: logs, metrics, answers, tables, the database's own files."""

import unittest

import leaks
from stage import StageCase, scenario
from suite.tenant import ApiError


class LeakTest(StageCase):
    script = scenario()

    def test_the_search_finds_what_it_is_for(self):
        secret = "sk-ant-api03-a-key-for-this-test-alone"
        for text in (secret.encode(), secret.encode().hex().encode(),
                     __import__("base64").b64encode(b"Basic user:" + secret.encode() + b"!")):
            self.assertTrue(any(s in text for s in leaks.spellings(secret)), text)

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
        for secret in wanted:
            self.assertNotIn(secret, str(shown))


if __name__ == "__main__":
    unittest.main()
