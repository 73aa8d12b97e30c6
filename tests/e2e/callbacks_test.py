"""What a carrier did not send changes nothing, and leases nothing."""

import ssl
import unittest
import urllib.error
import urllib.parse
import urllib.request

from stage import StageCase, scenario

CALLEE = "+14155550113"


class CallbacksTest(StageCase):
    script = scenario(callees={CALLEE: {"ring_ms": 200, "lines": []}})

    def test_a_forged_status_callback_changes_nothing(self):
        tenant, number = self.ready_tenant()
        placed = self.call(tenant, number, CALLEE)
        answered = self.eventually(
            lambda: (c := tenant.get(f"/v1/calls/{placed['id']}"))["state"] == "answered" and c,
            20, "the call was not answered")
        leases = self.leases()

        for signature in ("", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="):
            status = self.post(f"/carrier/twilio/{placed['id']}/status", signature,
                               CallSid=answered["carrierCallId"], CallStatus="completed",
                               CallDuration="99999")
            self.assertEqual(status, 403)
            status = self.post(f"/m/m1/{placed['id']}/dialed", signature,
                               CallSid=answered["carrierCallId"], CallStatus="in-progress",
                               DialCallStatus="busy")
            self.assertEqual(status, 403)

        self.assertEqual(tenant.get(f"/v1/calls/{placed['id']}"), answered)
        self.assertEqual(self.leases(), leases)
        tenant.post(f"/v1/calls/{placed['id']}/end")
        ended = self.ended(tenant, placed["id"])
        self.assertLess(ended["answeredSeconds"], 60)
        self.assertEqual(ended["reason"], "ended_by_tenant")

    def test_a_callback_of_no_call_is_refused(self):
        self.assertIn(self.post("/carrier/twilio/call_nobodyknowsthis/status", "AAAA",
                                CallSid="CA" + "0" * 32, CallStatus="completed"), (403, 404))

    def leases(self) -> str:
        return self.suite.cluster.query("SELECT count(*) FROM keyvault.leases")

    def post(self, path: str, signature: str, **form: str) -> int:
        port = next(iter(self.suite.kitchen.carrier_ports.values()))
        request = urllib.request.Request(f"https://localhost:{port}{path}",
                                         data=urllib.parse.urlencode(form).encode())
        if signature:
            request.add_header("X-Twilio-Signature", signature)
        tls = ssl.create_default_context(cafile=str(self.suite.authority.ca))
        try:
            with urllib.request.urlopen(request, timeout=10, context=tls) as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code


if __name__ == "__main__":
    unittest.main()
