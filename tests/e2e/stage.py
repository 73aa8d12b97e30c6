"""Stage: one suite for one test file, and what every test does on it."""

import copy
import json
import os
import ssl
import time
import unittest
import urllib.request
import uuid
from pathlib import Path

import leaks
from suite import scenario as scenario_file
from suite.folder import fresh
from suite.suite import ROOT, Suite
from suite.tenant import Tenant

AGENT = {
    "systemPrompt": "You call for Bright Smile Dental to confirm an appointment.",
    "firstMessage": "Hello, this is Bright Smile Dental. Does Tuesday at nine still suit you?",
    "voiceId": "a0e99841-438c-4a64-b679-ae501e7d6091",
    "record": True,
}
# Owned by the sandbox's carrier account, besides the scenario's own.
NUMBERS = [f"+1415555{line:04d}" for line in range(2000, 2040)]


def scenario(**changes: object) -> dict:
    """The demo's scenario, quicker, with some of its parts replaced."""
    base = copy.deepcopy(scenario_file.read(scenario_file.SCENARIOS / "demo.json"))
    for callee in base["callees"].values():
        callee["ring_ms"] = 300
    base.update(changes)
    return base


class StageCase(unittest.TestCase):
    """Subclasses set `script` and, if they like, `media_instances`. One suite for all of a class."""

    script: dict = {}
    media_instances: tuple[str, ...] = ("m1",)
    suite: Suite
    keys: dict[str, dict]
    unused_numbers: list[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.script = cls.script or scenario()
        cls.script["twilio"]["numbers"] += NUMBERS
        cls.unused_numbers = list(NUMBERS)
        cls.keys = scenario_file.accepted_keys(cls.script)
        folder = fresh(ROOT / "run" / "tests", cls.__module__)
        path = folder / "scenario.json"
        path.write_text(json.dumps(cls.script))
        binaries = Path(os.environ.get("LATCHKEY_BIN", ROOT / "build" / "release" / "bin"))
        cls.suite = Suite(folder, binaries, path, cls.media_instances)
        cls.before_start()
        cls.enterClassContext(cls.suite)

    @classmethod
    def before_start(cls) -> None:
        """For those who put something between the suite and its providers."""

    @classmethod
    def tearDownClass(cls) -> None:
        """Whatever was tested: no key stands anywhere afterwards."""
        found = leaks.find(cls.suite, leaks.secrets(cls.keys))
        if found:
            raise AssertionError("; ".join(found))

    def ready_tenant(self, name: str = "", **rules: object) -> tuple[Tenant, str]:
        """A tenant that may call, and the id of its number."""
        tenant = self.suite.make_tenant(name or self.id(), **rules)
        for provider, body in self.keys.items():
            tenant.put(f"/v1/keys/{provider}", body)
        tenant.put("/v1/onboarding/mode", {"mode": "byok"})
        tenant.post("/v1/onboarding/complete")
        return tenant, self.number(tenant)

    def number(self, tenant: Tenant, **agent: object) -> str:
        """Each test has a number of its own: the platform knows an E.164 once."""
        e164 = self.unused_numbers.pop()
        return tenant.post("/v1/numbers", {"e164": e164, "carrier": "twilio",
                                           "agent": {**AGENT, **agent}})["id"]

    def call(self, tenant: Tenant, number_id: str, to: str) -> dict:
        return tenant.place_call(number_id, to, uuid.uuid4().hex)

    def ended(self, tenant: Tenant, call_id: str, seconds: float = 60) -> dict:
        """The call's record when it has ended."""
        return self.eventually(
            lambda: (call := tenant.get(f"/v1/calls/{call_id}"))["state"].lower() == "ended" and call,
            seconds, f"call {call_id} did not end")

    def bill(self, tenant: Tenant, call_id: str) -> dict:
        """The call's usage event. Fails when there is more than one."""
        events = self.eventually(lambda: tenant.get(f"/v1/usage?callId={call_id}")["events"], 20,
                                 f"call {call_id} was not billed")
        self.assertEqual(len(events), 1)
        return events[0]

    def eventually(self, look, seconds: float, otherwise: str):
        """What `look` gives when it is something; looks again until then."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := look():
                return found
            time.sleep(0.05)
        self.fail(f"{otherwise} within {seconds} s")
        return None

    def fault(self, **fault: object) -> None:
        """Arms a fault in the sandbox, as it would stand in a scenario's "faults", for this test."""
        self.addCleanup(self.play)
        self.sandbox("POST", "/sandbox/faults", fault)

    def play(self) -> None:
        """The scenario from its beginning: no fault is armed any more."""
        self.sandbox("POST", "/sandbox/scenario", self.script)

    def requests(self, provider: str) -> list[dict]:
        """What a provider was asked, oldest first."""
        return [e["entry"] for e in self.sandbox("GET", "/sandbox/requests")
                if e["provider"] == provider]

    def at_the_callees_ear(self, carrier_call_id: str) -> dict:
        """What the sandbox measured of an answered call, in audio that was really played."""
        calls = self.sandbox("GET", "/sandbox/calls")
        return next(c["ear"] for c in calls if c["sid"] == carrier_call_id)

    def recorded_at_the_ear(self, carrier_call_id: str) -> bytes:
        """The sandbox's own recording, a WAV file: made where the carrier plays and hears."""
        return self._fetch(urllib.request.Request(
            f"{self.suite.kitchen.sandbox_url}/sandbox/calls/{carrier_call_id}.wav")).read()

    def sandbox(self, method: str, path: str, body: object = None):
        request = urllib.request.Request(self.suite.kitchen.sandbox_url + path, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with self._fetch(request) as answer:
            is_json = "json" in answer.headers.get("Content-Type", "")
            return json.load(answer) if is_json else None

    def _fetch(self, request: urllib.request.Request):
        tls = ssl.create_default_context(cafile=str(self.suite.authority.ca))
        return urllib.request.urlopen(request, timeout=10, context=tls)

    def said(self, transcript: dict, speaker: str) -> str:
        return " ".join(u["text"] for u in transcript["utterances"]
                        if u["speaker"].lower() == speaker)

