"""Certificates of the public listeners are renewed while a call and a stream go on."""

import socket
import ssl
import unittest
from concurrent.futures import ThreadPoolExecutor

from stage import StageCase, scenario


class RenewalTest(StageCase):
    script = scenario(faults=[])

    @classmethod
    def before_start(cls) -> None:
        for service in ("gateway", "media"):
            cls.suite.kitchen.more_flags[service] = ["--tls-interval=1s"]

    def test_gateway_and_media_serve_a_renewed_certificate_and_what_is_open_goes_on(self):
        tenant, number = self.ready_tenant()
        kitchen = self.suite.kitchen
        listeners = {"gateway": kitchen.api_port, "media/m1": kitchen.carrier_ports["m1"]}
        before = {name: self.serial(port) for name, port in listeners.items()}
        processes = {name: self.suite.programs[name] for name in listeners}
        placed = self.call(tenant, number, "+14155550101")
        events: list[dict] = []

        with ThreadPoolExecutor(1) as watcher:
            watch = watcher.submit(
                lambda: [events.append(e) for e in tenant.follow(placed["id"], 120)])
            self.eventually(lambda: events and self.state(tenant, placed) == "answered", 30,
                            "nothing was heard of the call")
            self.suite.authority.renew("public")
            for name, port in listeners.items():
                self.eventually(lambda: self.serial(port) != before[name], 20,
                                f"{name} did not serve the renewed certificate")
            state, seen = self.state(tenant, placed), len(events)
            call = self.ended(tenant, placed["id"], 120)
            watch.result(30)

        self.assertEqual(state, "answered", "the call was over before the certificate was served")
        self.assertGreater(len(events), seen, "the stream of before told nothing more")
        self.assertEqual(call["disposition"].lower(), "completed")
        self.assertEqual(call["reason"], "agent_hung_up")
        transcript = tenant.get(f"/v1/calls/{placed['id']}/transcript")
        self.assertIn("half past two", self.said(transcript, "agent").lower())
        self.assertEqual(transcript["troubles"], [])
        for name, process in processes.items():
            self.assertIs(self.suite.programs[name], process)
            self.assertTrue(process.running(), name)

    def state(self, tenant, placed: dict) -> str:
        return tenant.get(f"/v1/calls/{placed['id']}")["state"].lower()

    def serial(self, port: int) -> str:
        """Of the certificate that a new connection is shown; it must be good for our name."""
        tls = ssl.create_default_context(cafile=str(self.suite.authority.ca))
        with socket.create_connection(("127.0.0.1", port), timeout=10) as plain, \
                tls.wrap_socket(plain, server_hostname="localhost") as shown:
            return shown.getpeercert()["serialNumber"]


if __name__ == "__main__":
    unittest.main()
