"""Every service is killed in turn while calls go on: nothing is lost, dialled twice or billed twice."""

import unittest

from stage import StageCase, scenario

CALLS_A_ROUND = 3
VICTIMS = ("dialer", "orchestrator", "billing", "keyvault", "validator", "gateway", "media/m1",
           "media/m2", "dialer", "media/m1")


class KillLoopTest(StageCase):
    media_instances = ("m1", "m2")
    script = scenario()

    def test_calls_survive_the_death_of_every_service_in_turn(self):
        tenant, number = self.ready_tenant()
        placed = []
        for victim in VICTIMS:
            with self.subTest(victim=victim):
                calls = [self.call(tenant, number, "+14155550101") for _ in range(CALLS_A_ROUND)]
                placed += calls
                self.eventually(lambda: self.answered(tenant, calls), 30, "no call was answered")

                self.suite.programs[victim].kill()
                self.suite.restart(victim)

                for call in calls:
                    self.ended(tenant, call["id"], 120)
        for call in placed:
            record = tenant.get(f"/v1/calls/{call['id']}")
            self.assertEqual(self.bill(tenant, call["id"])["billedSeconds"],
                             record["answeredSeconds"])
        # The carrier's own log is the judge of what was dialled.
        self.assertEqual(len(self.sandbox("GET", "/sandbox/calls")), len(placed))

    def answered(self, tenant, calls: list[dict]) -> bool:
        return any(tenant.get(f"/v1/calls/{call['id']}")["state"] == "answered" for call in calls)


if __name__ == "__main__":
    unittest.main()
