"""Twilio's own OpenAPI file looks at what `media` and the sandbox say to each other in a call."""

import json
import unittest
from pathlib import Path

from stage import StageCase, scenario
from suite.port import free_port
from suite.program import Program

HERE = Path(__file__).resolve().parent
SPEC = HERE / "node_modules/@twilio-alpha/mcp/twilio-oai/spec/json/twilio_api_v2010.json"


class TwilioContractTest(StageCase):
    """The whole suite; between it and the sandbox's Twilio stands prism."""

    script = scenario(faults=[])

    @classmethod
    def before_start(cls) -> None:
        suite = cls.suite
        port = free_port()
        leaf = suite.authority.leaf("twilio")
        cls.journal = suite.folder / "twilio.jsonl"
        judge = Program("contract proxy", [
            "node", str(HERE / "contract_proxy.mjs"), str(SPEC), suite.kitchen.sandbox_url,
            str(port), str(leaf.cert), str(leaf.key), str(cls.journal),
        ], suite.folder / "logs" / "contract_proxy.log",
            {"NODE_EXTRA_CA_CERTS": str(suite.authority.ca)},
            ready_url=f"https://localhost:{port}/livez", ready_ca=suite.authority.ca)
        cls.addClassCleanup(judge.wait, 10)
        cls.addClassCleanup(judge.ask_to_stop)
        judge.wait_ready(60)
        suite.kitchen.provider_urls["twilio"] = f"https://localhost:{port}"

    def test_nothing_that_is_said_in_a_call_violates_the_document(self):
        tenant, number = self.ready_tenant()

        hung_up_on = self.call(tenant, number, "+14155550107")
        self.ended(tenant, hung_up_on["id"])
        silent = self.call(tenant, number, "+14155550106")
        self.eventually(
            lambda: tenant.get(f"/v1/calls/{silent['id']}")["state"] == "answered", 30,
            "the call was not answered")
        tenant.post(f"/v1/calls/{silent['id']}/end")
        self.ended(tenant, silent["id"])

        exchanges = [json.loads(line) for line in self.journal.read_text().splitlines()]
        asked = {(e["method"], e["path"].split("?")[0].rsplit("/", 1)[-1][:2]) for e in exchanges}
        self.assertIn(("POST", "Ca"), asked)  # Calls.json: placed.
        self.assertIn(("GET", "AC"), asked)  # The key was probed.
        # The one that had to be ended was ended over the API.
        ended = tenant.get(f"/v1/calls/{silent['id']}")["carrierCallId"]
        self.assertTrue(any(e["method"] == "POST" and ended in e["path"] for e in exchanges))
        self.assertEqual([e for e in exchanges if e["violations"]], [])
        self.assertTrue(all(e["status"] < 500 for e in exchanges), exchanges)


if __name__ == "__main__":
    unittest.main()
