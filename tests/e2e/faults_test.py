"""A provider fails in the middle of a call: it recovers, or ends with a spoken apology, and the
record says why."""

import unittest

from stage import StageCase, scenario

ANSWERS = {"say": "Hello, yes, this is Maria. Could we change it to another day?"}
GOODBYE = {"say": "No, that is all. Thank you and goodbye!"}
CALLEE = "+14155550111"


class Faults:
    """What is tried with each provider; the classes below say which."""

    provider: str
    script = scenario(callees={CALLEE: {"ring_ms": 300, "lines": [ANSWERS, GOODBYE]}})

    def setUp(self) -> None:
        """The keys are saved before the provider turns against them."""
        self.tenant, self.number_id = self.ready_tenant()

    def run_call(self) -> tuple[dict, dict]:
        placed = self.call(self.tenant, self.number_id, CALLEE)
        call = self.ended(self.tenant, placed["id"], 90)
        usage = self.bill(self.tenant, placed["id"])
        self.assertEqual(usage["billedSeconds"], call["answeredSeconds"])
        return call, self.tenant.get(f"/v1/calls/{placed['id']}/transcript")

    def assert_recovered(self, call: dict, transcript: dict) -> None:
        self.assertEqual(call["disposition"].lower(), "completed", call)
        self.assertEqual(call["reason"], "agent_hung_up", call)
        troubles = [t for t in transcript["troubles"] if t.get("provider") == self.provider]
        self.assertTrue(troubles and all(t["recovered"] for t in troubles), transcript["troubles"])

    def test_a_key_that_is_rejected_ends_the_call_with_an_apology(self):
        self.fault(provider=self.provider, moment="connect", kind="status", status=401, times=0)

        call, transcript = self.run_call()

        self.assertEqual(call["reason"], f"{self.provider}_rejected_key", call)
        self.assertIn("sorry", self.said(transcript, "agent").lower())

    def test_a_connection_that_is_dropped_once_is_made_again(self):
        self.fault(provider=self.provider, moment="mid_stream", kind="drop", times=1)

        self.assert_recovered(*self.run_call())

    def test_a_limit_that_passes_is_waited_for(self):
        self.fault(provider=self.provider, moment="connect", kind="status", status=429, times=1)

        self.assert_recovered(*self.run_call())


class AnthropicFaultsTest(Faults, StageCase):
    provider = "anthropic"


class CartesiaFaultsTest(Faults, StageCase):
    provider = "cartesia"


class DeepgramFaultsTest(Faults, StageCase):
    provider = "deepgram"


if __name__ == "__main__":
    unittest.main()
