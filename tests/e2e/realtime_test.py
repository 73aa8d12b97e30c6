"""Calls over OpenAI Realtime: the conversation, the interruption, and what goes wrong."""

import unittest

from stage import StageCase, scenario

BARGE_IN_MS_MAX = 400  # The model notices the voice, not we: its detection is a part of it.
HEARD_MS_MAX = 60
APOLOGY = "we have a technical problem"
SAMPLES_PER_MS = 8


class RealtimeCase(StageCase):
    """What every test of a realtime call needs."""

    def realtime_number(self, tenant, **agent) -> str:
        return self.number(tenant, pipeline="realtime", **agent)

    def run_call(self, to: str, **agent) -> tuple[object, dict]:
        """A call to its end: the tenant and the record."""
        tenant, _ = self.ready_tenant()
        placed = self.call(tenant, self.realtime_number(tenant, **agent), to)
        return tenant, self.ended(tenant, placed["id"], 120)

    def transcript(self, tenant, call: dict) -> dict:
        for _ in tenant.follow(call["id"], 10):
            pass  # Until its last event is there: the transcript is made of them.
        return tenant.get(f"/v1/calls/{call['id']}/transcript")

    def ear_spans(self, call: dict) -> list[tuple[float, float]]:
        """When the callee really heard the agent, in milliseconds since the answer."""
        heard = self.sandbox("GET", f"/sandbox/calls/{call['carrierCallId']}/heard")
        return [(s["start"] / SAMPLES_PER_MS, (s["start"] + s["samples"]) / SAMPLES_PER_MS)
                for s in heard["spans"]]


class RealtimeTest(RealtimeCase):
    script = scenario(faults=[])

    def test_a_conversation_is_heard_transcribed_recorded_and_billed(self):
        tenant, call = self.run_call("+14155550101")

        self.assertEqual((call["disposition"].lower(), call["reason"]),
                         ("completed", "agent_hung_up"))
        events = list(tenant.follow(call["id"], 10))
        said = [e["utterance"] for e in events if "utterance" in e]
        self.assertEqual([u["speaker"].lower() for u in said],
                         ["agent", "callee", "agent", "callee", "agent", "callee", "agent"])
        self.assertIn("tuesday at nine", said[0]["text"].lower())
        self.assertIn("thursday", said[3]["text"].lower())
        self.assertIn("half past two", said[4]["text"].lower())
        transcript = tenant.get(f"/v1/calls/{call['id']}/transcript")
        self.assertEqual(transcript["troubles"], [])
        self.assertGreaterEqual(len([t for t in transcript["latencies"] if t["firstFrameMs"]]), 3)
        usage = [e["usage"] for e in events if "usage" in e]
        self.assertGreaterEqual(len(usage), 4)
        self.assertGreater(sum(u["outputAudioTokens"] for u in usage), 100)
        bill = self.bill(tenant, call["id"])
        self.assertEqual(bill["billedSeconds"], call["answeredSeconds"])
        # Nobody but the prober of its key has asked the LLM for anything.
        self.assertEqual([r for r in self.requests("anthropic") if r.get("stream")], [])

    def test_an_interrupted_agent_stops_and_its_model_knows_what_was_heard(self):
        tenant, call = self.run_call("+14155550102")

        heard = self.at_the_callees_ear(call["carrierCallId"])
        self.assertEqual(len(heard["barge_in_ms"]), 1, heard)
        self.assertLessEqual(heard["barge_in_ms"][0], BARGE_IN_MS_MAX)
        transcript = self.transcript(tenant, call)
        broken = [u for u in transcript["utterances"] if u["interrupted"]]
        self.assertEqual(len(broken), 1, transcript)
        self.assertLess(len(broken[0]["text"]), len(self.script["agent"][0]["say"]))

    def test_what_the_transcript_says_was_heard_is_what_the_ear_heard(self):
        tenant, call = self.run_call("+14155550102")

        spans = self.ear_spans(call)
        for one in self.transcript(tenant, call)["utterances"]:
            if one["speaker"].lower() != "agent":
                continue
            within = [(start, end) for start, end in spans
                      if end > one["startMs"] - HEARD_MS_MAX and start < one["endMs"] + HEARD_MS_MAX]
            self.assertTrue(within, (one, spans))
            ear = within[-1][1] - within[0][0]
            told = one["endMs"] - one["startMs"]
            self.assertLessEqual(abs(ear - told), HEARD_MS_MAX, (one, within))

    def test_semantic_turns_hold_a_conversation_too(self):
        _, call = self.run_call("+14155550101", turnDetection="semantic_vad")

        self.assertEqual(call["reason"], "agent_hung_up")


class RealtimeFaultTest(RealtimeCase):
    """Each test has a key of its own, and its fault is that key's: a key that was refused is probed
    by keyvault, at a time of its own, and would take another test's fault."""

    script = scenario(faults=[])
    unused_keys = [f"sk-proj-sandbox0fault{n:04d}0T3BlbkFJ0000000000000000000{n:02d}F"
                   for n in range(16)]
    script["keys"]["openai"] += unused_keys

    def setUp(self) -> None:
        self.key = self.unused_keys.pop()
        self.keys = {**type(self).keys, "openai": {"apiKey": self.key}}

    def play_changed(self, **parts) -> None:
        """Another scenario in mid-run, for this test: the same numbers and keys, but for `parts`."""
        self.addCleanup(self.play)
        self.sandbox("POST", "/sandbox/scenario", {**self.script, **parts})

    def lost(self, reason: str, **fault) -> None:
        """The call ends with the apology, and its record says why."""
        tenant, _ = self.ready_tenant()
        number = self.realtime_number(tenant)
        self.fault(provider="openai", who=self.key, times=0, **fault)
        placed = self.call(tenant, number, "+14155550101")
        call = self.ended(tenant, placed["id"], 120)
        self.assertEqual(call["reason"], reason)
        transcript = self.transcript(tenant, call)
        self.assertIn(APOLOGY, transcript["utterances"][-1]["text"])
        self.assertFalse(transcript["troubles"][-1]["recovered"])

    def recovered(self, reason: str, **fault) -> None:
        """The call goes on to its end, and its record says what was overcome."""
        tenant, _ = self.ready_tenant()
        number = self.realtime_number(tenant)
        self.fault(provider="openai", who=self.key, **fault)
        placed = self.call(tenant, number, "+14155550101")
        call = self.ended(tenant, placed["id"], 120)
        self.assertEqual(call["reason"], "agent_hung_up")
        troubles = self.transcript(tenant, call)["troubles"]
        self.assertEqual([(t["reason"], t["recovered"]) for t in troubles], [(reason, True)])

    def test_a_rejected_key(self):
        self.lost("openai_rejected_key", moment="connect", kind="status", status=401)

    def test_an_account_without_credit(self):
        self.lost("openai_no_credit", moment="first_byte", kind="status", status=429,
                  code="insufficient_quota")

    def test_a_session_that_breaks_in_the_middle_of_a_reply(self):
        self.recovered("openai_dropped", moment="mid_stream", kind="drop", after=1)

    def test_a_session_that_breaks_before_a_reply(self):
        self.recovered("openai_dropped", moment="first_byte", kind="drop", after=1)

    def test_a_model_that_falls_silent(self):
        self.recovered("openai_too_slow", moment="first_byte", kind="hang", after=1)

    def test_a_key_that_is_replaced_while_the_call_goes_on(self):
        tenant, _ = self.ready_tenant()
        placed = self.call(tenant, self.realtime_number(tenant), "+14155550101")
        self.eventually(lambda: tenant.get(f"/v1/calls/{placed['id']}")["state"] == "answered", 20,
                        "the call was not answered")
        tenant.put("/v1/keys/openai", {"apiKey": self.unused_keys.pop()})
        self.fault(provider="openai", who=self.key, moment="mid_stream", kind="status", status=401,
                   code="invalid_api_key", times=0)

        call = self.ended(tenant, placed["id"], 120)

        self.assertEqual(call["reason"], "agent_hung_up")
        troubles = self.transcript(tenant, call)["troubles"]
        self.assertEqual([(t["reason"], t["recovered"]) for t in troubles],
                         [("openai_rejected_key", True)])

    def test_a_key_that_is_refused_inside_the_session(self):
        tenant, _ = self.ready_tenant()
        number = self.realtime_number(tenant)
        self.play_changed(keys={**self.script["keys"], "openai": [{"key": self.key, "status": 401}]})

        placed = self.call(tenant, number, "+14155550101")

        self.assertEqual(self.ended(tenant, placed["id"], 60)["reason"], "openai_rejected_key")

    def test_a_model_that_the_project_may_not_use(self):
        tenant, _ = self.ready_tenant()
        number = self.realtime_number(tenant)
        self.play_changed(quirks={"openai": {"models": [{"id": "gpt-5.5"}]}})

        placed = self.call(tenant, number, "+14155550101")

        self.assertEqual(self.ended(tenant, placed["id"], 60)["reason"], "openai_model_not_found")

    def test_a_session_that_lasts_as_long_as_it_may(self):
        tenant, _ = self.ready_tenant()
        number = self.realtime_number(tenant)
        self.play_changed(quirks={"openai": {"session_limit_ms": 9000}})

        placed = self.call(tenant, number, "+14155550101")

        call = self.ended(tenant, placed["id"], 120)
        self.assertEqual(call["reason"], "agent_hung_up")
        self.assertGreater(len(self.requests("openai")), 1)


if __name__ == "__main__":
    unittest.main()
