"""Every use of a key: the tenant sees it, and who changes what was written is found out."""

import unittest

from stage import StageCase, scenario

CALLEE = "+14155550111"
LINES = [{"say": "Hello, yes, this is Maria."}, {"say": "No, that is all. Goodbye!"}]


class AuditTest(StageCase):
    script = scenario(callees={CALLEE: {"ring_ms": 300, "lines": LINES}})

    def uses(self, tenant, provider: str = "anthropic", query: str = "") -> dict:
        return tenant.get(f"/v1/keys/{provider}/uses{query}")

    def verdict(self, tenant) -> dict:
        return self.suite.operator().call("keyvault", "VerifyAudit",
                                          {"tenant_id": tenant.tenant_id})

    def test_a_tenant_sees_which_call_and_which_instance_used_its_key_and_when(self):
        tenant, number_id = self.ready_tenant()
        placed = self.call(tenant, number_id, CALLEE)
        self.ended(tenant, placed["id"])
        uses = self.eventually(
            lambda: (found := self.uses(tenant)["uses"])[0]["action"] == "release" and found,
            10, "the key was not given back")

        self.assertEqual([(u["action"], u["outcome"]) for u in reversed(uses)],
                         [("save", "done"), ("lease", "done"), ("release", "done")])
        lease = uses[1]
        self.assertEqual(lease["callId"], placed["id"])
        self.assertEqual(lease["actor"], "spiffe://latchkey/media/m1")
        self.assertEqual(lease["keyVersion"], 1)
        self.assertLessEqual(placed["createdAt"][:19], lease["time"][:19])
        self.assertEqual(uses[2]["actor"], "spiffe://latchkey/gateway")

    def test_uses_come_by_page_and_are_the_tenants_own(self):
        mine, other = self.suite.make_tenant(self.id()), self.suite.make_tenant(self.id() + "2")
        for _ in range(3):
            mine.put("/v1/keys/anthropic", self.keys["anthropic"])
        mine.put("/v1/keys/deepgram", self.keys["deepgram"])

        versions, token = [], ""
        while True:
            page = self.uses(mine, query=f"?pageSize=2&pageToken={token}")
            versions += [use["keyVersion"] for use in page["uses"]]
            token = page["nextPageToken"]
            if not token:
                break

        self.assertEqual(versions, [3, 2, 1])
        self.assertEqual(self.uses(other)["uses"], [])

    def test_a_row_that_somebody_changed_in_the_database_is_named(self):
        tenant = self.suite.make_tenant(self.id())
        for _ in range(3):
            tenant.put("/v1/keys/anthropic", self.keys["anthropic"])
        good = self.eventually(lambda: (v := self.verdict(tenant)).get("checkpoint_number") and v,
                               20, "no checkpoint was signed")
        self.assertNotIn("fault", good)
        self.assertEqual(good["verified_count"], [3])

        self.suite.cluster.query("UPDATE keyvault.audit SET actor = 'nobody'"
                                 f" WHERE tenant_id = '{tenant.tenant_id}' AND number = 2")

        bad = self.verdict(tenant)
        self.assertEqual(str(bad["fault"][0]), "AUDIT_FAULT_ROW_CHANGED")
        self.assertEqual(bad["fault_number"], [2])


if __name__ == "__main__":
    unittest.main()
