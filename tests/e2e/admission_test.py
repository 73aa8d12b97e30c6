"""Calls that may not happen: each is refused with its reason, before a carrier hears of it."""

import unittest

from stage import StageCase, scenario
from suite.tenant import ApiError


class AdmissionTest(StageCase):
    script = scenario()

    def refused(self, tenant, number: str, to: str) -> ApiError:
        before = len(self.requests("twilio"))
        with self.assertRaises(ApiError) as refused:
            self.call(tenant, number, to)
        self.assertEqual(len(self.requests("twilio")), before)
        return refused.exception

    def test_incomplete_onboarding_says_which_key_is_missing(self):
        tenant = self.suite.make_tenant(self.id())
        tenant.put("/v1/onboarding/mode", {"mode": "byok"})
        tenant.put("/v1/keys/twilio", self.keys["twilio"])
        number = self.number(tenant)

        refusal = self.refused(tenant, number, "+14155550101")

        self.assertEqual(refusal.reason, "onboarding_incomplete")
        for provider in ("anthropic", "cartesia", "deepgram"):
            self.assertIn(provider, str(refusal.error).lower())

    def test_a_key_deleted_after_onboarding_is_named(self):
        tenant, number = self.ready_tenant()
        tenant.delete("/v1/keys/cartesia")

        refusal = self.refused(tenant, number, "+14155550101")

        self.assertEqual(refusal.reason, "key_missing")
        self.assertIn("cartesia", str(refusal.error).lower())

    def test_numbers_that_are_never_called(self):
        tenant, number = self.ready_tenant()
        expected = {"4155550101": "malformed_number", "+1911": "malformed_number",
                    "+19005550101": "premium_number", "+442071838750": "country_not_allowed"}

        for to, reason in expected.items():
            with self.subTest(to=to):
                self.assertEqual(self.refused(tenant, number, to).reason, reason)

    def test_a_number_on_the_dnc_list_is_not_called_until_it_is_taken_off(self):
        tenant, number = self.ready_tenant()
        tenant.put("/v1/dnc/+14155550103", {})

        self.assertEqual(self.refused(tenant, number, "+14155550103").reason, "on_dnc_list")

        tenant.delete("/v1/dnc/+14155550103")
        self.ended(tenant, self.call(tenant, number, "+14155550103")["id"])

    def test_a_foreign_number_does_not_exist(self):
        mine, _ = self.ready_tenant()
        _, foreign = self.ready_tenant(self.id() + "2")

        self.assertEqual(self.refused(mine, foreign, "+14155550101").reason, "number_not_found")

    def test_more_calls_than_the_tenant_may_have_at_a_time(self):
        tenant, number = self.ready_tenant(concurrent_calls_max=1)
        first = self.call(tenant, number, "+14155550106")

        refusal = self.refused(tenant, number, "+14155550101")

        self.assertEqual((refusal.status, refusal.reason), (429, "tenant_concurrency"))
        tenant.post(f"/v1/calls/{first['id']}/end")
        self.ended(tenant, first["id"])


if __name__ == "__main__":
    unittest.main()
