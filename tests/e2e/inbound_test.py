"""People call a tenant's number: an agent answers, or a sentence that fits."""

import time
import unittest

from caller import CallerCase
from stage import scenario

TALKER = "+14155550101"
SILENT = "+14155550106"
INTERRUPTS = "+14155550108"
PERSON = "+14155550142"

NOT_IN_SERVICE = "The number that you have called is not in service. Goodbye."
NOT_NOW = "This number can not take calls at the moment. Please try again later. Goodbye."
NOT_READY = "This number does not take calls yet. Please try again later. Goodbye."
LINES_BUSY = "All lines of this number are busy. Please call again in a few minutes. Goodbye."
ALL_BUSY = ("We have more calls than we can take right now. Please call again in a few minutes. "
            "Goodbye.")
APOLOGY = "I am sorry, we have a technical problem and I have to end this call. Goodbye."


class InboundTest(CallerCase):
    media_instances = ("m1", "m2")
    script = scenario()

    def test_a_caller_is_answered_converses_and_is_billed(self):
        tenant, _ = self.ready_tenant()
        number_id, number = self.inbound_number(tenant)

        sid = self.call_in(TALKER, number)
        call = self.record(tenant, sid, seconds=120)

        self.assertEqual((call["direction"], call["from"], call["to"], call["numberId"]),
                         ("inbound", TALKER, number, number_id))
        self.assertEqual((call["disposition"], call["reason"]), ("completed", "agent_hung_up"))
        transcript = tenant.get(f"/v1/calls/{call['id']}/transcript")
        self.assertIn("thursday", self.said(transcript, "caller").lower())
        self.assertIn("half past two", self.said(transcript, "agent").lower())
        self.assertEqual(transcript["troubles"], [])
        self.assertEqual(self.carriers_call(sid)["billed_seconds"], call["answeredSeconds"])
        self.assertEqual(self.bill(tenant, call["id"])["billedSeconds"], call["answeredSeconds"])
        self.assertEqual(self.carriers_call(sid)["said"], [])

    def test_a_caller_of_a_realtime_number_converses_interrupts_and_is_billed(self):
        tenant, _ = self.ready_tenant()
        number_id, number = self.inbound_number(tenant, pipeline="realtime")

        sid = self.call_in(INTERRUPTS, number)
        call = self.record(tenant, sid, seconds=120)

        self.assertEqual((call["direction"], call["from"], call["numberId"]),
                         ("inbound", INTERRUPTS, number_id))
        self.assertEqual((call["disposition"], call["reason"]), ("completed", "agent_hung_up"))
        events = list(tenant.follow(call["id"], 10))  # Until its last event is there.
        said = [e["utterance"] for e in events if "utterance" in e]
        self.assertEqual([u["speaker"] for u in said],
                         ["agent", "caller", "agent", "caller", "agent", "caller", "agent"])
        self.assertEqual([u["interrupted"] for u in said if u["speaker"] == "agent"],
                         [False, True, False, False])
        transcript = tenant.get(f"/v1/calls/{call['id']}/transcript")
        self.assertEqual(transcript["utterances"], said)
        self.assertIn("change my appointment", self.said(transcript, "caller").lower())
        self.assertIn("half past two", self.said(transcript, "agent").lower())
        self.assertEqual(transcript["troubles"], [])
        self.assertEqual(self.carriers_call(sid)["billed_seconds"], call["answeredSeconds"])
        self.assertEqual(self.bill(tenant, call["id"])["billedSeconds"], call["answeredSeconds"])
        self.assertEqual(self.carriers_call(sid)["said"], [])

    def test_a_repeated_webhook_makes_one_call(self):
        tenant, _ = self.ready_tenant()
        _, number = self.inbound_number(tenant)
        quirks = {**self.script.get("quirks", {}), "twilio": {"webhook_copies": 4}}
        self.addCleanup(self.play)
        self.sandbox("POST", "/sandbox/scenario", {**self.script, "quirks": quirks})

        sid = self.call_in(TALKER, number)
        call = self.record(tenant, sid, seconds=120)

        self.assertEqual(call["reason"], "agent_hung_up")
        self.bill(tenant, call["id"])

    def test_a_repetition_at_another_instance_gets_the_same_answer(self):
        tenant, _ = self.ready_tenant()
        _, number = self.inbound_number(tenant)
        form = {"CallSid": "CA" + "7" * 32, "From": PERSON, "To": number,
                "CallStatus": "ringing", "Direction": "inbound"}

        answers = {self.webhook(instance, **form) for instance in ("m1", "m2", "m1", "m2")}

        self.assertEqual(len(answers), 1, answers)
        status, twiml = answers.pop()
        self.assertEqual(status, 200)
        self.assertIn("<Connect><Stream url=\"wss://", twiml)
        # The carrier never opens the stream: it knows no such call.
        call = self.record(tenant, form["CallSid"])
        self.assertEqual((call["disposition"], call["reason"]),
                         ("failed", "carrier_stream_missing"))
        self.assertEqual(call["answeredSeconds"], 0)

    def test_a_forged_webhook_is_refused_and_leases_nothing(self):
        tenant, _ = self.ready_tenant()
        _, number = self.inbound_number(tenant)
        leases = self.suite.cluster.query("SELECT count(*) FROM keyvault.leases")
        form = {"CallSid": "CA" + "8" * 32, "From": PERSON, "To": number}

        self.assertEqual(self.webhook("m1", signed=False, **form), (403, ""))

        self.assertEqual(self.records(tenant, form["CallSid"]), [])
        self.assertEqual(self.suite.cluster.query("SELECT count(*) FROM keyvault.leases"), leases)

    def test_a_number_of_nobody_is_not_in_service(self):
        number = self.unused_numbers.pop()
        self.point_at_us(number)

        self.assertEqual(self.over(self.call_in(PERSON, number))["said"], [NOT_IN_SERVICE])

    def test_a_tenant_that_is_not_ready_is_said_to_be_so(self):
        tenant = self.suite.make_tenant(self.id())
        tenant.put("/v1/keys/twilio", self.keys["twilio"])
        tenant.put("/v1/onboarding/mode", {"mode": "byok"})
        _, number = self.inbound_number(tenant)

        sid = self.call_in(PERSON, number)

        self.assertEqual(self.over(sid)["said"], [NOT_READY])
        call = self.record(tenant, sid)
        self.assertEqual((call["disposition"], call["reason"]),
                         ("failed", "onboarding_incomplete"))
        self.assertIn("anthropic", call["message"].lower())
        self.assertEqual(tenant.get(f"/v1/usage?callId={call['id']}")["events"], [])

    def test_a_tenant_without_credit_at_its_provider_is_said_to_take_no_calls_now(self):
        tenant, _ = self.ready_tenant()
        _, number = self.inbound_number(tenant)
        self.fault(provider="anthropic", moment="connect", kind="status", status=402, times=0,
                   who=self.keys["anthropic"]["apiKey"])
        key = tenant.post("/v1/keys/anthropic/revalidate")["key"]
        self.assertEqual(key["status"], "exhausted")

        sid = self.call_in(PERSON, number)

        self.assertEqual(self.over(sid)["said"], [NOT_NOW])
        call = self.record(tenant, sid)
        self.assertEqual((call["disposition"], call["reason"]), ("failed", "key_exhausted"))
        self.assertIn("Anthropic", call["message"])
        self.assertEqual(tenant.get(f"/v1/usage?callId={call['id']}")["events"], [])

    def test_more_calls_than_the_tenant_may_have_at_a_time(self):
        tenant, _ = self.ready_tenant(concurrent_calls_max=1)
        _, number = self.inbound_number(tenant)
        first = self.call_in(SILENT, number)
        self.record(tenant, first, "answered")

        sid = self.call_in(PERSON, number)

        self.assertEqual(self.over(sid)["said"], [LINES_BUSY])
        self.assertEqual(self.record(tenant, sid)["reason"], "tenant_concurrency")
        tenant.post(f"/v1/calls/{self.record(tenant, first, 'answered')['id']}/end")
        self.record(tenant, first)

    def test_a_key_saved_later_configures_the_numbers_that_wait_for_it(self):
        tenant = self.suite.make_tenant(self.id())
        tenant.put("/v1/onboarding/mode", {"mode": "byok"})
        e164 = self.unused_numbers.pop()
        made = tenant.post("/v1/numbers", {"e164": e164, "carrier": "twilio"})
        self.assertEqual((made["inbound"]["configured"], made["inbound"]["reason"]),
                         (False, "key_missing"))

        saved = self.eventually(
            lambda: (s := tenant.put("/v1/keys/twilio", self.keys["twilio"]))["numbers"][0]
            ["inbound"]["configured"] and s, 20, "the number was not configured")

        self.assertEqual([n["id"] for n in saved["numbers"]], [made["id"]])
        self.assertEqual(self.over(self.call_in(PERSON, e164))["said"], [NOT_READY])

    def test_a_number_of_another_account_is_named(self):
        tenant = self.suite.make_tenant(self.id())
        tenant.put("/v1/keys/twilio", self.keys["twilio"])

        made = tenant.post("/v1/numbers", {"e164": "+14155559999", "carrier": "twilio"})

        self.assertEqual((made["inbound"]["configured"], made["inbound"]["reason"]),
                         (False, "number_not_owned"))

    def test_a_caller_who_hangs_up_at_once_costs_what_the_carrier_counts(self):
        tenant, _ = self.ready_tenant()
        _, number = self.inbound_number(tenant)

        sid = self.call_in("+14155550107", number)

        call = self.record(tenant, sid)
        self.assertEqual(call["reason"], "caller_hung_up")
        self.assertEqual(call["answeredSeconds"], self.carriers_call(sid)["billed_seconds"])


class InboundCrashTest(CallerCase):
    media_instances = ("m1", "m2")
    script = scenario()

    def test_a_call_of_a_dead_instance_apologises_is_settled_and_billed_once(self):
        tenant, _ = self.ready_tenant()
        _, number = self.inbound_number(tenant)
        sid = self.call_in(SILENT, number)
        answered = self.record(tenant, sid, "answered")
        instance = self.suite.cluster.query(
            f"SELECT media_instance FROM dialer.calls WHERE call_id = '{answered['id']}'").strip()
        time.sleep(2)  # Something to bill.

        self.suite.programs[f"media/{instance}"].kill()

        self.assertEqual(self.over(sid)["said"], [APOLOGY])
        call = self.record(tenant, sid)
        self.assertEqual((call["disposition"], call["reason"]), ("completed", "settled_after_loss"))
        self.assertEqual(call["answeredSeconds"], self.carriers_call(sid)["billed_seconds"])
        self.assertEqual(self.bill(tenant, call["id"])["billedSeconds"], call["answeredSeconds"])


class FullFleetTest(CallerCase):
    script = scenario()

    @classmethod
    def before_start(cls) -> None:
        cls.suite.kitchen.more_flags["media"] = ["--capacity=1"]

    def test_a_full_fleet_says_so_and_takes_the_next_call_when_it_has_room(self):
        tenant, _ = self.ready_tenant()
        _, number = self.inbound_number(tenant)
        first = self.call_in(SILENT, number)
        running = self.record(tenant, first, "answered")

        second = self.call_in(PERSON, number)

        self.assertEqual(self.over(second)["said"], [ALL_BUSY])
        self.assertEqual(self.record(tenant, second)["reason"], "fleet_full")
        tenant.post(f"/v1/calls/{running['id']}/end")
        self.record(tenant, first)
        third = self.call_in("+14155550107", number)
        self.assertEqual(self.record(tenant, third)["reason"], "caller_hung_up")


if __name__ == "__main__":
    unittest.main()
