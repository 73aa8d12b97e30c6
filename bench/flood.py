"""Flood: people call numbers, so many a second, and hang up at once."""

import json
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from suite import scenario
from suite.suite import Suite
from suite.tenant import ApiError, Tenant
from suite.trouble import Trouble

PERSON = "+1415555{:04d}"
HANG_UP_AFTER_MS = 200
# Calls that overlap: they last a second or two, and their ends are confirmed by the carrier.
CALLS_AT_A_TIME = 1000
AT_A_TIME = 16  # Orders to the sandbox, each of which is answered at once.
AGENT = {"systemPrompt": "You answer the phone of Bright Smile Dental.",
         "firstMessage": "Hello, this is Bright Smile Dental.",
         "voiceId": "a0e99841-438c-4a64-b679-ae501e7d6091", "record": False}


def script(numbers: list[str]) -> dict:
    """Providers without limits of their own, and people who are gone after a moment."""
    made = scenario.read(scenario.SCENARIOS / "demo.json")
    made["twilio"]["numbers"] += numbers
    made.update({
        "name": "flood",
        "speech": {**made["speech"], "stt_engine": "fingerprint"},
        "callees": {"*": {"record": False, "lines": [
            {"hang_up": True, "when": "any_time", "after_ms": HANG_UP_AFTER_MS}]}},
        "quirks": {"anthropic": {"requests_per_minute": 1_000_000,
                                 "input_tokens_per_minute": 2_000_000_000,
                                 "output_tokens_per_minute": 400_000_000},
                   "cartesia": {"sockets_max": 2000, "contexts_max": 2000}},
        "faults": []})
    return made


def ready(suite: Suite, played: dict, e164: str, seconds: float = 20) -> Tenant:
    """A tenant whose number `e164` is answered by an agent."""
    tenant = suite.make_tenant("flood", concurrent_calls_max=CALLS_AT_A_TIME)
    for provider, body in scenario.accepted_keys(played).items():
        tenant.put(f"/v1/keys/{provider}", body)
    tenant.put("/v1/onboarding/mode", {"mode": "byok"})
    tenant.post("/v1/onboarding/complete")
    made = tenant.post("/v1/numbers", {"e164": e164, "carrier": "twilio", "agent": AGENT})
    end = time.monotonic() + seconds
    while not made["inbound"]["configured"]:
        if time.monotonic() > end:
            raise Trouble(f"{e164} is not configured: {made['inbound']}")
        time.sleep(0.2)  # Just after the start no media instance may have told that it is there.
        try:
            made = tenant.post(f"/v1/numbers/{made['id']}/configure")
        except ApiError as error:
            made["inbound"]["reason"] = error.reason
    return tenant


@dataclass
class Flood:
    """What became of the calls."""

    sids: list[str] = field(default_factory=list)
    lateness_ms: list[float] = field(default_factory=list)  # Of the orders, behind their plan.
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.sids) / self.seconds


def pour(sandbox_url: str, tls, numbers: list[str], per_second: float, seconds: float) -> Flood:
    """Has people call the numbers in turn, evenly spread."""
    flood = Flood()
    begin = time.monotonic()

    def order(n: int) -> str:
        due = begin + n / per_second
        time.sleep(max(0.0, due - time.monotonic()))
        flood.lateness_ms.append((time.monotonic() - due) * 1000)
        body = {"carrier": "twilio", "from": PERSON.format(n % 10_000), "to": numbers[n % len(numbers)]}
        request = urllib.request.Request(f"{sandbox_url}/sandbox/calls",
                                         data=json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30, context=tls) as answer:
            return json.load(answer)["sid"]

    with ThreadPoolExecutor(AT_A_TIME) as threads:
        flood.sids = list(threads.map(order, range(round(per_second * seconds))))
    flood.seconds = time.monotonic() - begin
    return flood


def told(sandbox_url: str, tls) -> dict[str, dict]:
    """What the carrier says of its calls, by their names."""
    with urllib.request.urlopen(f"{sandbox_url}/sandbox/calls", timeout=30, context=tls) as answer:
        return {call["sid"]: call for call in json.load(answer)}


def records(tenant: Tenant) -> list[dict]:
    """Every record of the tenant's."""
    found, token = [], ""
    while True:
        page = tenant.get(f"/v1/calls?pageSize=100&pageToken={token}")
        found += page["calls"]
        token = page["nextPageToken"]
        if not token:
            return found


def settled(tenants: list[Tenant], flood: Flood, seconds: float) -> tuple[list[dict], list[str]]:
    """The records when all have ended, or when time is up; and the names of the unfinished."""
    end = time.monotonic() + seconds
    while True:
        found = [call for tenant in tenants for call in records(tenant)]
        ended = {call["carrierCallId"] for call in found if call["state"] == "ended"}
        missing = [sid for sid in flood.sids if sid not in ended]
        if not missing or time.monotonic() > end:
            return found, missing
        time.sleep(1)


def twice(found: list[dict]) -> list[str]:
    counts = Counter(call["carrierCallId"] for call in found)
    return [sid for sid, n in counts.items() if n > 1]
