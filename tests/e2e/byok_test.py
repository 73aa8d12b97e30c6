"""Keys of numbers: the product page's curl lines, what they answer, and what a minute costs then."""

import unittest
from concurrent.futures import ThreadPoolExecutor
from decimal import ROUND_HALF_EVEN, Decimal

import page
from stage import StageCase, scenario
from suite.tenant import ApiError, Tenant
from suite.textproto import Word

MODEL = "gpt-realtime-2.1"
NO_SUCH_MODEL = "gpt-realtime-2026-beta"  # Not among those that the sandbox's project may use.


# Of one test alone: a fault is a key's, and that one is probed again when its provider refuses it.
ROTATED_OUT = "sk-proj-sandbox0rotated0out0T3BlbkFJ00000000000000000001R"
ROTATED_IN = "sk-proj-sandbox0rotated0in00T3BlbkFJ00000000000000000002R"


class ByokTest(StageCase):
    script = scenario()
    script["keys"]["openai"] += [ROTATED_OUT, ROTATED_IN]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.key, cls.platform_key, revoked = cls.script["keys"]["openai"][:3]
        cls.revoked_key = revoked["key"]
        ops = cls.suite.operator()
        ops.put_platform_key("openai", {"api_key": cls.platform_key})
        for provider in ("anthropic", "cartesia", "deepgram"):
            ops.put_platform_key(provider, {"api_key": cls.keys[provider]["apiKey"]})
        cls.page = page.Curl(cls.suite.api_url, cls.suite.authority.ca, cls.suite.folder)

    def pro(self, **agent: object) -> tuple[Tenant, str]:
        """A tenant on Pro, and the id of its number: Realtime, on its own Twilio account."""
        tenant = self.suite.make_tenant(self.id(), plan="PLAN_PRO")
        tenant.put("/v1/keys/twilio", self.keys["twilio"])
        return tenant, self.number(tenant, **{"pipeline": "realtime", **agent})

    def shown(self, tenant: Tenant, number_id: str) -> dict:
        return next(n for n in tenant.get("/v1/numbers")["numbers"] if n["id"] == number_id)

    def curl(self, lines: str, tenant: Tenant, number_id: str, key: str = "") -> tuple[int, dict]:
        return self.page(lines, tenant.api_key, number_id, key)

    def preview(self, key: str) -> str:
        return f"sk-proj-...{key[-4:]}"

    def assert_error(self, answer: tuple[int, dict], status: int, code: str, reason: str) -> str:
        """The answer is the error, with nothing beside it. Returns its message."""
        self.assertEqual(answer[0], status, answer[1])
        error = answer[1]["error"]
        self.assertEqual(answer[1], {"error": {"code": code, "reason": reason,
                                               "message": error["message"]}})
        return error["message"]

    def test_the_pages_lines_answer_as_the_page_says(self):
        tenant, number_id = self.pro()
        before = self.shown(tenant, number_id)
        self.assertEqual((before["voiceMode"], before["keyPreview"]), ("managed", None))

        tested = self.curl(page.TEST, tenant, number_id, self.key)
        self.assertEqual(tested, (200, {"ok": True, "model": MODEL}))
        self.assertEqual(self.shown(tenant, number_id), before)

        status, saved = self.curl(page.SAVE, tenant, number_id, self.key)
        self.assertRegex(saved["configuredAt"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual((status, saved), (200, {
            "ok": True, "numberId": number_id, "voiceMode": "byok",
            "keyPreview": self.preview(self.key), "configuredAt": saved["configuredAt"]}))
        self.assertEqual(self.shown(tenant, number_id), {
            **before, "voiceMode": "byok", "keyPreview": self.preview(self.key)})

        back = self.curl(page.SWITCH_BACK, tenant, number_id)
        self.assertEqual(back, (200, {"ok": True, "numberId": number_id, "voiceMode": "managed"}))
        self.assertEqual(self.shown(tenant, number_id), before)
        self.assertEqual(self.stored(tenant), [])

    def stored(self, tenant: Tenant) -> list[tuple[str, str]]:
        return [(k["provider"], k.get("numberId", "")) for k in tenant.get("/v1/keys")["keys"]
                if k["provider"] == "openai"]

    def test_a_model_that_the_project_lacks_is_named_and_nothing_is_saved(self):
        tenant, number_id = self.pro(realtimeModel=NO_SUCH_MODEL)

        for lines in (page.TEST, page.SAVE):
            message = self.assert_error(self.curl(lines, tenant, number_id, self.key), 422,
                                        "byok_key_invalid", "model_not_found")
            self.assertTrue(message.startswith(
                f"Key cannot access {NO_SUCH_MODEL} in this project."), message)

        self.assertEqual(self.shown(tenant, number_id)["voiceMode"], "managed")
        self.assertEqual(self.stored(tenant), [])

    def test_the_numbers_own_model_is_what_is_tested_and_returned(self):
        tenant, number_id = self.pro(realtimeModel="gpt-realtime-2.1-mini")

        self.assertEqual(self.curl(page.TEST, tenant, number_id, self.key),
                         (200, {"ok": True, "model": "gpt-realtime-2.1-mini"}))

    def test_a_refused_save_leaves_the_number_as_it_is(self):
        tenant, number_id = self.pro()
        self.assert_error(self.curl(page.SAVE, tenant, number_id, self.revoked_key), 422,
                          "byok_key_invalid", "invalid_key")
        self.assertEqual(self.shown(tenant, number_id)["voiceMode"], "managed")
        self.curl(page.SAVE, tenant, number_id, self.key)

        answer = self.curl(page.SAVE, tenant, number_id, self.revoked_key)

        message = self.assert_error(answer, 422, "byok_key_invalid", "invalid_key")
        self.assertNotIn(self.revoked_key, message)
        kept = self.shown(tenant, number_id)
        self.assertEqual((kept["voiceMode"], kept["keyPreview"]), ("byok", self.preview(self.key)))

    def test_on_free_it_is_said_what_to_do(self):
        tenant = self.suite.make_tenant(self.id(), plan="PLAN_FREE")
        number_id = self.number(tenant, pipeline="realtime")

        for lines in (page.TEST, page.SAVE):
            message = self.assert_error(self.curl(lines, tenant, number_id, self.key), 403,
                                        "pro_required", "pro_required")
            self.assertIn("Upgrade to Pro", message)

        self.assertEqual(self.stored(tenant), [])

    def test_after_a_downgrade_the_key_is_dormant_and_can_be_wiped(self):
        tenant, number_id = self.pro()
        self.curl(page.SAVE, tenant, number_id, self.key)

        self.set_plan(tenant, "PLAN_FREE")

        shown = self.shown(tenant, number_id)
        self.assertEqual((shown["voiceMode"], shown["keyPreview"]),
                         ("managed", self.preview(self.key)))
        self.assertEqual(self.curl(page.SWITCH_BACK, tenant, number_id)[0], 200)
        self.assertEqual(self.stored(tenant), [])

    def set_plan(self, tenant: Tenant, plan: str) -> None:
        self.suite.operator().call("orchestrator", "UpdateTenant", {
            "tenant_id": tenant.tenant_id, "plan": Word(plan)})

    def test_subscriptions_and_others_keys_are_called_by_their_name(self):
        tenant, number_id = self.pro()
        tokens = {
            "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ4In0.c2ln": ("not_an_api_key", "login token"),
            "sess-0123456789abcdef0123456789abcdef01234567": ("not_an_api_key", "ChatGPT session"),
            "sk-ant-oat01-0123456789abcdef0123456789abcdef": ("not_an_api_key", "Claude subscription"),
            "ya29.a0AfH6SMBx0123456789abcdef0123456789": ("not_an_api_key", "Google login"),
            "xai-0123456789abcdef0123456789abcdef01234567": ("malformed_key", "xAI"),
            "AIzaSyD0123456789abcdef0123456789abcdef": ("malformed_key", "Google key"),
        }

        for token, (reason, what) in tokens.items():
            with self.subTest(what):
                message = self.assert_error(self.curl(page.TEST, tenant, number_id, token), 422,
                                            "byok_key_invalid", reason)
                self.assertIn(what, message)
                self.assertNotIn(token, message)

    def test_what_is_no_number_or_no_key_is_refused(self):
        tenant, number_id = self.pro()
        stranger, _ = self.pro()

        for lines in (page.TEST, page.SAVE, page.SWITCH_BACK):
            self.assert_error(self.curl(lines, stranger, number_id, self.key), 404,
                              "number_not_found", "number_not_found")
        with self.assertRaises(ApiError) as refused:
            tenant.post(f"/v1/numbers/{number_id}/byok/key", {"key": self.key})
        self.assertEqual((refused.exception.status, refused.exception.code), (400, "malformed_body"))

    def test_switching_back_twice_does_no_harm(self):
        tenant, number_id = self.pro()

        for _ in range(2):
            self.assertEqual(self.curl(page.SWITCH_BACK, tenant, number_id), (
                200, {"ok": True, "numberId": number_id, "voiceMode": "managed"}))

    def test_a_tenants_key_and_a_numbers_key_stand_together(self):
        tenant, number_id = self.pro()
        tenant.put("/v1/keys/openai", {"apiKey": self.platform_key})
        self.curl(page.SAVE, tenant, number_id, self.key)
        self.assertEqual(self.stored(tenant), [("openai", ""), ("openai", number_id)])

        self.curl(page.SWITCH_BACK, tenant, number_id)

        self.assertEqual(self.stored(tenant), [("openai", "")])

    def test_one_call_puts_a_key_on_all_numbers(self):
        tenant, first = self.pro()
        second = self.number(tenant, pipeline="realtime")

        answer = tenant.post("/v1/numbers/byok/key", {"apiKey": self.key, "all": True})

        self.assertTrue(answer["ok"])
        self.assertEqual([r["numberId"] for r in answer["results"]], [first, second])
        for result in answer["results"]:
            self.assertEqual(result, {
                "ok": True, "numberId": result["numberId"], "voiceMode": "byok",
                "keyPreview": self.preview(self.key), "configuredAt": result["configuredAt"]})
            self.assertEqual(self.shown(tenant, result["numberId"])["voiceMode"], "byok")

    def test_of_many_numbers_each_result_is_told_and_none_is_half_done(self):
        tenant, good = self.pro()
        bad = self.number(tenant, pipeline="realtime", realtimeModel=NO_SUCH_MODEL)
        left_out = self.number(tenant, pipeline="realtime")

        answer = tenant.post("/v1/numbers/byok/key", {
            "apiKey": self.key, "numberIds": [bad, good, "num_unknown"]})

        self.assertFalse(answer["ok"])
        results = {r["numberId"]: r for r in answer["results"]}
        self.assertEqual(results[bad]["error"]["reason"], "model_not_found")
        self.assertEqual(results["num_unknown"]["error"]["code"], "number_not_found")
        self.assertTrue(results[good]["ok"])
        self.assertEqual({n: self.shown(tenant, n)["voiceMode"] for n in (good, bad, left_out)},
                         {good: "byok", bad: "managed", left_out: "managed"})

    def test_a_crash_in_mid_save_leaves_nothing_that_contradicts(self):
        for name in ("gateway", "keyvault"):
            with self.subTest(name):
                tenant, number_id = self.pro()
                probes = len(self.requests("openai"))
                self.fault(provider="openai", moment="connect", kind="slow", delay_ms=1500, times=0)
                with ThreadPoolExecutor() as threads:
                    save = threads.submit(tenant.post, f"/v1/numbers/{number_id}/byok/key",
                                          {"apiKey": self.key})
                    self.eventually(lambda: len(self.requests("openai")) > probes, 10,
                                    "the key was not probed")
                    self.suite.programs[name].kill()
                    self.assertIsNotNone(save.exception(30))
                self.play()
                self.suite.restart(name)

                keys, number = self.eventually(
                    lambda: self.both(tenant, number_id), 20, "keys and numbers were not shown")
                self.assertEqual(number["voiceMode"], "byok" if keys else "managed")
                self.assertEqual(self.curl(page.SAVE, tenant, number_id, self.key)[0], 200)
                self.assertEqual(self.shown(tenant, number_id)["voiceMode"], "byok")

    def both(self, tenant: Tenant, number_id: str) -> tuple[list, dict] | None:
        """The stored keys and the number; nothing while a restarted service is being reached."""
        try:
            return self.stored(tenant), self.shown(tenant, number_id)
        except (ApiError, OSError):
            return None

    def test_a_minute_costs_ten_cents_on_the_key_and_forty_after_it_is_wiped(self):
        tenant, number_id = self.pro()
        self.curl(page.SAVE, tenant, number_id, self.key)
        running = self.call(tenant, number_id, "+14155550101")["id"]
        self.eventually(lambda: tenant.get(f"/v1/calls/{running}")["state"] == "answered", 20,
                        "the call was not answered")

        self.curl(page.SWITCH_BACK, tenant, number_id)
        self.ended(tenant, running, 120)
        later = self.call(tenant, number_id, "+14155550101")["id"]
        self.ended(tenant, later, 120)

        # The running call keeps the rate that it was admitted with.
        self.assert_billed(tenant, running, "byok_number", 100_000)
        self.assert_billed(tenant, later, "bundled", 400_000)

    def test_a_key_that_is_rotated_in_mid_call_costs_no_call(self):
        tenant, number_id = self.pro()
        self.curl(page.SAVE, tenant, number_id, ROTATED_OUT)
        running = self.call(tenant, number_id, "+14155550101")["id"]
        self.eventually(lambda: tenant.get(f"/v1/calls/{running}")["state"] == "answered", 20,
                        "the call was not answered")

        status, saved = self.curl(page.SAVE, tenant, number_id, ROTATED_IN)
        self.assertEqual((status, saved["keyPreview"]), (200, self.preview(ROTATED_IN)))
        # The tenant has revoked the old one at OpenAI.
        self.fault(provider="openai", who=ROTATED_OUT, moment="mid_stream", kind="status",
                   status=401, code="invalid_api_key", times=0)

        record = self.ended(tenant, running, 120)
        self.assertEqual(record["reason"], "agent_hung_up")
        for _ in tenant.follow(running, 10):
            pass  # Until its last event is there: the transcript is made of them.
        troubles = tenant.get(f"/v1/calls/{running}/transcript")["troubles"]
        self.assertEqual([(t["reason"], t["recovered"]) for t in troubles],
                         [("openai_rejected_key", True)])
        switched = [use for use in tenant.get("/v1/keys/openai/uses")["uses"]
                    if use["action"] == "switch"]
        self.assertEqual([(use["callId"], use["numberId"], use["keyVersion"], use["outcome"])
                          for use in switched], [(running, number_id, 2, "done")])
        self.assert_billed(tenant, running, "byok_number", 100_000)

    def assert_billed(self, tenant: Tenant, call_id: str, mode: str, micros: int) -> None:
        bill = self.bill(tenant, call_id)
        self.assertGreater(bill["billedSeconds"], 0)
        self.assertEqual(bill["mode"], mode)
        self.assertEqual(Decimal(bill["ratePerMinute"]["amount"]), Decimal(micros) / 1_000_000)
        cost = (Decimal(micros) * bill["billedSeconds"] / 60).quantize(Decimal(1), ROUND_HALF_EVEN)
        self.assertEqual(Decimal(bill["cost"]["amount"]), cost / 1_000_000)

    def test_a_key_on_a_composed_number_says_that_its_calls_do_not_use_it(self):
        tenant, number_id = self.pro(pipeline="composed")
        status, saved = self.curl(page.SAVE, tenant, number_id, self.key)
        self.assertEqual((status, saved["voiceMode"]), (200, "byok"))
        self.assertIn("composed", saved["warnings"][0])

        record = self.ended(tenant, self.call(tenant, number_id, "+14155550101")["id"])

        self.assertEqual(record["ratePerMinute"], {"currency": "USD", "amount": "0.40"})
        bill = self.bill(tenant, record["id"])
        self.assertEqual(bill["mode"], "bundled")


if __name__ == "__main__":
    unittest.main()
