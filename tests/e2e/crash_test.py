"""A media instance dies in mid-call: another one settles the call, and it is billed once."""

import time
import unittest

from stage import StageCase, scenario

CALLEE = "+14155550112"


class CrashTest(StageCase):
    media_instances = ("m1", "m2")
    script = scenario(callees={CALLEE: {"ring_ms": 200, "lines": []}})

    def test_a_call_of_a_dead_instance_is_settled_and_billed_once(self):
        tenant, number = self.ready_tenant()
        placed = self.call(tenant, number, CALLEE)
        self.eventually(
            lambda: tenant.get(f"/v1/calls/{placed['id']}")["state"].lower() == "answered", 20,
            "the call was not answered")
        instance = self.running_instance(placed["id"])
        time.sleep(2)

        self.suite.programs[f"media/{instance}"].kill()
        died = time.monotonic()

        call = self.ended(tenant, placed["id"], 60)
        self.assertEqual(call["disposition"].lower(), "completed")
        self.assertGreaterEqual(call["answeredSeconds"], 2)
        self.assertLessEqual(call["answeredSeconds"], time.monotonic() - died + 5)
        self.assertEqual(self.bill(tenant, placed["id"])["billedSeconds"], call["answeredSeconds"])

    def running_instance(self, call_id: str) -> str:
        return self.suite.cluster.query(
            f"SELECT media_instance FROM dialer.calls WHERE call_id = '{call_id}'").strip()


if __name__ == "__main__":
    unittest.main()
