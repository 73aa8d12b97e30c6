"""Many people call at the same time: every call is taken once, and none is lost."""

import ssl
import unittest

import flood as load
from stage import StageCase

PER_SECOND = 50
# keyvault leases no tenant the keys of more than 1,200 calls a minute.
TENANTS = 4


class FloodCase(StageCase):
    media_instances = ("m1", "m2")

    @classmethod
    def before_start(cls) -> None:
        cls.suite.kitchen.more_flags["media"] = [f"--capacity={load.CALLS_AT_A_TIME}"]

    def pour(self, per_second: float, seconds: float) -> None:
        tls = ssl.create_default_context(cafile=str(self.suite.authority.ca))
        numbers = [self.unused_numbers.pop() for _ in range(TENANTS)]
        tenants = [load.ready(self.suite, self.script, number) for number in numbers]

        flood = load.pour(self.suite.kitchen.sandbox_url, tls, numbers, per_second, seconds)
        records, missing = load.settled(tenants, flood, 120)

        self.assertEqual(missing, [])
        self.assertEqual(load.twice(records), [])
        self.assertEqual(len(records), len(flood.sids))
        self.assertEqual([c for c in records if c["disposition"] == "failed"], [])
        told = load.told(self.suite.kitchen.sandbox_url, tls)
        for call in records:
            if call["disposition"] == "completed":
                self.assertEqual(call["answeredSeconds"],
                                 told[call["carrierCallId"]]["billed_seconds"])
        self.eventually(lambda: self.billed(tenants)[0] == len(flood.sids), 60,
                        "not every call was billed")
        self.assertEqual(self.billed(tenants),
                         (len(flood.sids), sum(call["answeredSeconds"] for call in records)))

    @staticmethod
    def billed(tenants) -> tuple[int, int]:
        """Calls and seconds."""
        usage = [tenant.get("/v1/usage?pageSize=1") for tenant in tenants]
        return (sum(u["totalCalls"] for u in usage), sum(u["totalBilledSeconds"] for u in usage))


class InboundFloodTest(FloodCase):
    script = load.script([])

    def test_five_seconds_of_ten_calls_each_lose_none_and_take_none_twice(self):
        self.pour(10, 5)


class WholeInboundFloodTest(FloodCase):
    script = load.script([])

    def test_a_minute_of_fifty_calls_a_second_loses_none_and_takes_none_twice(self):
        self.pour(PER_SECOND, 60)


if __name__ == "__main__":
    unittest.main()
