"""Provider keys and onboarding: what is stored, what is refused, what is shown."""

import unittest

from stage import StageCase, scenario
from suite.tenant import ApiError


class KeysTest(StageCase):
    script = scenario()

    def test_a_rejected_key_is_not_stored(self):
        tenant = self.suite.make_tenant(self.id())

        with self.assertRaises(ApiError) as refused:
            tenant.put("/v1/keys/anthropic", {"apiKey": "sk-ant-api03-nobody-knows-this-key-0000"})

        self.assertEqual((refused.exception.status, refused.exception.code),
                         (422, "byok_key_invalid"))
        self.assertEqual(refused.exception.reason, "invalid_key")
        self.assertNotIn("nobody-knows", str(refused.exception.error))
        self.assertEqual(tenant.get("/v1/keys")["keys"], [])

    def test_a_rejected_key_leaves_the_old_one_in_place(self):
        tenant = self.suite.make_tenant(self.id())
        good = tenant.put("/v1/keys/anthropic", self.keys["anthropic"])["key"]

        with self.assertRaises(ApiError):
            tenant.put("/v1/keys/anthropic", {"apiKey": "sk-ant-api03-nobody-knows-this-key-0000"})

        kept = tenant.get("/v1/keys")["keys"]
        self.assertEqual([k["keyPreview"] for k in kept], [good["keyPreview"]])

    def test_a_provider_out_of_reach_is_not_a_bad_key(self):
        tenant = self.suite.make_tenant(self.id())
        self.fault(provider="deepgram", moment="connect", kind="status", status=503, times=4)

        with self.assertRaises(ApiError) as refused:
            tenant.put("/v1/keys/deepgram", self.keys["deepgram"])

        self.assertEqual(refused.exception.status, 503)
        self.assertEqual(tenant.get("/v1/keys")["keys"], [])

    def test_testing_a_key_stores_nothing(self):
        tenant = self.suite.make_tenant(self.id())

        tenant.post("/v1/keys/cartesia/test", self.keys["cartesia"])

        self.assertEqual(tenant.get("/v1/keys")["keys"], [])

    def test_a_listed_key_shows_its_preview_and_never_itself(self):
        tenant = self.suite.make_tenant(self.id())
        for provider, body in self.keys.items():
            tenant.put(f"/v1/keys/{provider}", body)

        listed = tenant.get("/v1/keys")["keys"]

        self.assertEqual({k["provider"] for k in listed}, set(self.keys))
        for secret in (self.keys["anthropic"]["apiKey"], self.keys["twilio"]["authToken"]):
            self.assertNotIn(secret, str(listed))

    def test_onboarding_cannot_be_completed_with_one_missing(self):
        tenant = self.suite.make_tenant(self.id())
        tenant.put("/v1/onboarding/mode", {"mode": "byok"})
        for provider in ("anthropic", "cartesia", "twilio"):
            tenant.put(f"/v1/keys/{provider}", self.keys[provider])

        with self.assertRaises(ApiError) as refused:
            tenant.post("/v1/onboarding/complete")

        self.assertEqual(refused.exception.reason, "onboarding_incomplete")
        self.assertIn("deepgram", str(refused.exception.error).lower())
        tenant.put("/v1/keys/deepgram", self.keys["deepgram"])
        tenant.post("/v1/onboarding/complete")
        self.assertTrue(tenant.get("/v1/onboarding")["onboarded"])

    def test_a_deleted_key_is_gone(self):
        tenant = self.suite.make_tenant(self.id())
        tenant.put("/v1/keys/anthropic", self.keys["anthropic"])

        tenant.delete("/v1/keys/anthropic")

        self.assertEqual(tenant.get("/v1/keys")["keys"], [])

    def test_a_tenant_sees_only_its_own(self):
        mine, other = self.suite.make_tenant(self.id()), self.suite.make_tenant(self.id() + "2")
        mine.put("/v1/keys/anthropic", self.keys["anthropic"])

        self.assertEqual(other.get("/v1/keys")["keys"], [])


if __name__ == "__main__":
    unittest.main()
