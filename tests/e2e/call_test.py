"""The demo's call, and calls that nobody takes."""

import unittest

from ear import Ear
from stage import StageCase, scenario
from suite import recording
from turn import Call

BARGE_IN_MS_MAX = 300
DECISION_TO_SILENCE_MS_MAX = 100


class CallTest(StageCase):
    script = scenario(faults=[])

    def test_a_conversation_is_heard_transcribed_recorded_and_billed(self):
        tenant, number = self.ready_tenant()

        placed = self.call(tenant, number, "+14155550101")
        call = self.ended(tenant, placed["id"], 120)

        self.assertEqual(call["disposition"].lower(), "completed")
        self.assertEqual(call["reason"], "agent_hung_up")
        transcript = tenant.get(f"/v1/calls/{placed['id']}/transcript")
        self.assertIn("thursday", self.said(transcript, "callee").lower())
        self.assertIn("half past two", self.said(transcript, "agent").lower())
        self.assertEqual(transcript["troubles"], [])
        turns = [t for t in transcript["latencies"] if t["sttFinalMs"] is not None]
        self.assertGreaterEqual(len(turns), 3)
        for turn in turns:
            self.assertLessEqual(turn["sttFinalMs"], turn["llmFirstTokenMs"])
            self.assertLessEqual(turn["llmFirstTokenMs"], turn["ttsFirstByteMs"])
            self.assertLessEqual(turn["ttsFirstByteMs"], turn["firstFrameMs"])
        heard = recording.read(tenant.eventually(f"/v1/calls/{placed['id']}/recording"))
        self.assertGreater(heard.callee_speech_seconds, 3)
        self.assertGreater(heard.agent_speech_seconds, 5)
        self.assertAlmostEqual(heard.seconds, call["answeredSeconds"], delta=2)
        usage = self.bill(tenant, placed["id"])
        self.assertEqual(usage["billedSeconds"], call["answeredSeconds"])
        self.assertEqual(usage["cost"], {"currency": "USD", "amount": "0.00"})

    def test_an_interrupted_agent_stops_and_remembers_only_what_was_heard(self):
        tenant, number = self.ready_tenant()

        placed = self.call(tenant, number, "+14155550102")
        call = self.ended(tenant, placed["id"], 120)

        # At the callee's ear: first voiced frame → last frame of the agent's that was played.
        heard = self.at_the_callees_ear(call["carrierCallId"])
        self.assertEqual(len(heard["barge_in_ms"]), 1, heard)
        self.assertLessEqual(heard["barge_in_ms"][0], BARGE_IN_MS_MAX)
        transcript = tenant.get(f"/v1/calls/{placed['id']}/transcript")
        broken = [u for u in transcript["utterances"] if u["interrupted"]]
        self.assertEqual(len(broken), 1, transcript)
        whole = self.script["agent"][0]["say"]
        self.assertTrue(whole.startswith(broken[0]["text"].rstrip(" .-…")[:12]), broken)
        self.assertLess(len(broken[0]["text"]), len(whole))
        # From media's decision, as its transcript has it, to silence at the callee's ear.
        ear = Ear(self.recorded_at_the_ear(call["carrierCallId"]))
        barge_ins = Call(ear, transcript, {}).barge_ins()
        self.assertEqual(len(barge_ins), 1)
        self.assertLessEqual(barge_ins[0].silence, DECISION_TO_SILENCE_MS_MAX)
        # The LLM is told of no more than that.
        self.assertNotIn(whole, str(self.requests("anthropic")[-1]))

    def test_busy_unanswered_and_rejected_calls_cost_nothing(self):
        tenant, number = self.ready_tenant()

        for to in ("+14155550103", "+14155550104", "+14155550105"):
            with self.subTest(to=to):
                placed = self.call(tenant, number, to)
                call = self.ended(tenant, placed["id"], 60)

                self.assertEqual(call["answeredSeconds"], 0)
                self.assertNotEqual(call["disposition"].lower(), "completed")
                self.assertEqual(self.bill(tenant, placed["id"])["cost"]["amount"], "0.00")

    def test_the_same_idempotency_key_places_one_call(self):
        tenant, number = self.ready_tenant()
        body = {"numberId": number, "to": "+14155550103"}

        first = tenant.post("/v1/calls", body, Idempotency_Key="once")
        again = tenant.post("/v1/calls", body, Idempotency_Key="once")

        self.assertEqual(first["id"], again["id"])
        self.ended(tenant, first["id"])
        self.assertEqual(len(tenant.get("/v1/calls")["calls"]), 1)


if __name__ == "__main__":
    unittest.main()
