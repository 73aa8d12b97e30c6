"""The health of keys: an account that runs out of credit in mid-call, what the tenant sees of it, and
how it goes on when there is credit again."""

import unittest
from datetime import datetime, timedelta, timezone

from stage import StageCase, scenario
from suite.tenant import ApiError

CALLEE = "+14155550111"
LINES = [{"say": "Hello, yes, this is Maria. Could we change it to another day?"},
         {"say": "Thursday is perfect for me."},
         {"say": "No, that is all. Thank you and goodbye!"}]


class HealthTest(StageCase):
    script = scenario(callees={CALLEE: {"ring_ms": 300, "lines": LINES}})

    def setUp(self) -> None:
        self.tenant, self.number_id = self.ready_tenant()
        self.key = self.keys["anthropic"]["apiKey"]

    def listed(self) -> dict:
        return next(k for k in self.tenant.get("/v1/keys")["keys"] if k["provider"] == "anthropic")

    def becomes(self, status: str) -> dict:
        # What works is reported with the renewals of leases, every 30 s.
        return self.eventually(lambda: (key := self.listed())["status"] == status and key, 45,
                               f"the key did not become {status}")

    def events(self) -> list[tuple[str, str]]:
        """What the tenant was told, oldest first: provider and status."""
        told = self.tenant.get("/v1/events")["events"]
        return [(e["details"]["provider"], e["details"]["to"]) for e in reversed(told)
                if e["kind"] == "key_health_changed"]

    def answers(self, status: int) -> None:
        """From now on Anthropic answers so to the tenant's key."""
        self.fault(provider="anthropic", moment="connect", kind="status", status=status, times=0,
                   who=self.key)

    def revalidate(self) -> dict:
        return self.tenant.post("/v1/keys/anthropic/revalidate")["key"]

    def test_an_account_without_credit_is_seen_in_mid_call_and_works_again_after_it_was_topped_up(self):
        begin = datetime.now(timezone.utc)
        placed = self.call(self.tenant, self.number_id, CALLEE)
        self.eventually(lambda: self.tenant.get(f"/v1/calls/{placed['id']}")["state"] == "answered",
                        20, "nobody answered")
        self.answers(402)
        call = self.ended(self.tenant, placed["id"])

        self.assertEqual(call["reason"], "anthropic_no_credit", call)
        key = self.becomes("exhausted")
        self.assertEqual(key["reason"], "no_credit")
        since = datetime.fromisoformat(key["since"])
        self.assertGreater(since, begin - timedelta(seconds=1))
        self.assertLess(since, datetime.now(timezone.utc) + timedelta(seconds=1))
        with self.assertRaises(ApiError) as refused:
            self.call(self.tenant, self.number_id, CALLEE)
        self.assertEqual(refused.exception.reason, "key_exhausted")
        self.assertIn("Anthropic", refused.exception.message)
        self.assertIn("Add credit", refused.exception.message)
        self.eventually(lambda: self.events() == [("anthropic", "exhausted")], 20,
                        "the tenant was not told")
        self.assertEqual(self.revalidate()["status"], "exhausted")

        self.play()
        self.assertEqual(self.revalidate()["status"], "valid")

        self.eventually(lambda: self.events() == [("anthropic", "exhausted"), ("anthropic", "valid")],
                        20, "the tenant was not told, or twice")
        placed = self.call(self.tenant, self.number_id, CALLEE)
        self.assertEqual(self.ended(self.tenant, placed["id"])["reason"], "agent_hung_up")

    def test_a_key_that_was_revoked_at_its_provider_is_invalid_when_a_probe_has_said_so(self):
        placed = self.call(self.tenant, self.number_id, CALLEE)
        self.answers(401)
        self.ended(self.tenant, placed["id"])

        key = self.becomes("invalid")

        self.assertEqual(key["reason"], "invalid_key")
        with self.assertRaises(ApiError) as refused:
            self.call(self.tenant, self.number_id, CALLEE)
        self.assertEqual(refused.exception.reason, "key_invalid")

    def test_a_provider_in_trouble_keeps_nobody_from_calling(self):
        self.answers(529)
        with self.assertRaises(ApiError) as unknown:
            self.revalidate()

        self.assertEqual((unknown.exception.status, unknown.exception.code),
                         (503, "provider_unreachable"))
        self.assertEqual(self.listed()["status"], "unreachable")
        self.play()
        placed = self.call(self.tenant, self.number_id, CALLEE)
        self.assertEqual(self.ended(self.tenant, placed["id"])["reason"], "agent_hung_up")
        self.assertEqual(self.becomes("valid")["status"], "valid")


if __name__ == "__main__":
    unittest.main()
