"""A key is replaced, revoked or deleted while calls hold it: the conversation goes on, or ends with
a goodbye and says why."""

import time
import unittest
import urllib.request

from stage import StageCase, scenario

ANSWERS = {"say": "Hello, yes, this is Maria. Could we change it to another day?"}
AGREES = {"say": "Thursday is perfect for me."}
GOODBYE = {"say": "No, that is all. Thank you and goodbye!"}
CALLEE = "+14155550111"
# Both are accepted by the sandbox for every tenant.
OLD, NEW = scenario()["keys"]["anthropic"][:2]


CALLEES = {CALLEE: {"ring_ms": 300, "lines": [ANSWERS, AGREES, GOODBYE]}}


class LiveCallCase(StageCase):
    def setUp(self) -> None:
        self.tenant, self.number_id = self.ready_tenant()

    def answered_call(self) -> str:
        placed = self.call(self.tenant, self.number_id, CALLEE)
        self.eventually(lambda: self.call_of(placed["id"])["state"].lower() == "answered", 20,
                        "nobody answered")
        return placed["id"]

    def call_of(self, call_id: str) -> dict:
        return self.tenant.get(f"/v1/calls/{call_id}")

    def transcript(self, call_id: str) -> dict:
        return self.tenant.get(f"/v1/calls/{call_id}/transcript")

    def save(self, key: str) -> None:
        self.tenant.put("/v1/keys/anthropic", {"apiKey": key})

    def revoke_at_the_provider(self, provider: str, key: str) -> None:
        self.fault(provider=provider, moment="connect", kind="status", status=401, times=0, who=key)

    def assert_went_on(self, call_id: str, trouble: str) -> None:
        call = self.ended(self.tenant, call_id, 90)
        self.assertEqual(call["reason"], "agent_hung_up", call)
        troubles = self.transcript(call_id)["troubles"]
        self.assertEqual([(t["reason"], t["recovered"]) for t in troubles], [(trouble, True)])


class RevocationTest(LiveCallCase):
    script = scenario(callees=CALLEES)

    def count(self, process: str, metric: str, label: str = "") -> float:
        url = f"http://127.0.0.1:{self.suite.kitchen.http_ports[process]}/metrics"
        with urllib.request.urlopen(url, timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines
                   if line.startswith(metric) and label in line)

    def fallbacks(self) -> float:
        return self.count("keyvault", "latchkey_keyvault_key_fallbacks_total")

    def test_the_old_key_is_revoked_in_mid_call_and_the_conversation_goes_on(self):
        before = self.fallbacks()
        call_id = self.answered_call()

        self.save(NEW)
        self.revoke_at_the_provider("anthropic", OLD)

        self.assert_went_on(call_id, "anthropic_rejected_key")
        self.assertEqual(self.fallbacks(), before)

    def test_a_socket_that_is_opened_again_is_opened_with_the_new_key(self):
        old, new = self.script["keys"]["deepgram"][:2]
        call_id = self.answered_call()

        self.tenant.put("/v1/keys/deepgram", {"apiKey": new})
        self.revoke_at_the_provider("deepgram", old)
        self.fault(provider="deepgram", moment="mid_stream", kind="drop", times=1)

        # What began it is told: the connection was dropped. That the key was refused then is not.
        self.assert_went_on(call_id, "deepgram_dropped")
        self.assertEqual(self.count("media/m1", "latchkey_media_key_switches_total",
                                    'outcome="replaced",provider="deepgram"'), 1)

    def test_a_bad_new_key_falls_back_to_the_one_before(self):
        before = self.fallbacks()
        self.save(NEW)
        self.revoke_at_the_provider("anthropic", NEW)

        call_id = self.answered_call()

        self.assert_went_on(call_id, "anthropic_rejected_key")
        self.assertEqual(self.fallbacks(), before + 1)

    def test_deleting_a_key_ends_its_calls_when_it_is_told_to(self):
        call_id = self.answered_call()

        removed = self.tenant.delete("/v1/keys/anthropic?live_calls=end")
        told_at = time.monotonic()
        call = self.ended(self.tenant, call_id, 20)
        took = time.monotonic() - told_at

        self.assertEqual(removed["endedLeases"], 1)
        self.assertEqual(call["reason"], "key_revoked", call)
        self.assertIn("goodbye", self.said(self.transcript(call_id), "agent").lower())
        # A second until it is heard of, and the time of the goodbye and of hanging up.
        self.assertLess(took, 6)

    def test_deleting_a_key_lets_its_calls_finish_otherwise(self):
        call_id = self.answered_call()

        removed = self.tenant.delete("/v1/keys/anthropic")

        self.assertEqual(removed["endedLeases"], 0)
        call = self.ended(self.tenant, call_id, 90)
        self.assertEqual(call["reason"], "agent_hung_up", call)


class CutOffTest(LiveCallCase):
    """Media hears nothing from keyvault any more: what it holds ends by itself."""

    script = scenario(callees=CALLEES)

    @classmethod
    def before_start(cls) -> None:
        cls.suite.kitchen.more_flags["keyvault"] = ["--lease-ttl=8s"]

    def test_a_call_that_cannot_renew_its_keys_says_goodbye_when_they_expire(self):
        call_id = self.answered_call()

        self.suite.programs["keyvault"].kill()
        self.addCleanup(self.suite.restart, "keyvault")
        call = self.ended(self.tenant, call_id, 30)

        self.assertEqual(call["reason"], "keyvault_unreachable", call)
        self.assertIn("goodbye", self.said(self.transcript(call_id), "agent").lower())


if __name__ == "__main__":
    unittest.main()
