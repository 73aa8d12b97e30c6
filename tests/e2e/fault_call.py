"""Fault call: one cell of the fault matrix as one call, and what is wrong with how it went."""

import base64
import json
import ssl
import threading
import time
import urllib.request
from dataclasses import dataclass, field

from fault_cells import Cell, callee_of, caller_of, key_of
from stage import AGENT, StageCase

APOLOGY = "I am sorry, we have a technical problem and I have to end this call. Goodbye."
APOLOGY_MS_MIN = 2500
ENDS_WITHIN_SECONDS = 120
# The carrier's own count is there when the record is.
SETTLED_WITHIN_SECONDS = 10
_ONE_AT_A_TIME = threading.Lock()  # The operator's certificate is made anew for each tenant.


@dataclass
class Seen:
    """What came of a cell."""

    cell: Cell
    record: dict = field(default_factory=dict)
    troubles: list[dict] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # By the agent, in order.
    dialled: list[dict] = field(default_factory=list)  # The carrier's own log of calls to the callee.
    usage: list[dict] = field(default_factory=list)
    speech: list[dict] = field(default_factory=list)  # At the callee's ear, in ms since the answer.
    leases: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def answered_seconds(self) -> int:
        return sum(int(call["duration"] or 0) for call in self.dialled)

    def silence_ms(self) -> int:
        """The longest time in which the callee heard nobody, from the answer to the last word."""
        longest, until = 0, 0
        for one in sorted(self.speech, key=lambda one: one["start_ms"]):
            longest = max(longest, one["start_ms"] - until)
            until = max(until, one["end_ms"])
        return longest

    def summary(self) -> str:
        expected = f"{self.cell.outcome} {self.cell.reason}".strip()
        silence = f"{self.silence_ms() / 1000:.1f} s" if self.speech else "-"
        return (f"{self.cell.name:<36} {expected:<38} {self.record.get('reason', '?'):<30} "
                f"{self.seconds:>5.0f} s {self.answered_seconds():>4d} s {silence:>7}  "
                f"{'WRONG' if self.wrong else 'ok'}")

    def complaint(self) -> str:
        return "\n  ".join([f"{self.cell.name}: expected {self.cell.outcome} {self.cell.reason}",
                            *self.wrong, f"record {self.record}", f"troubles {self.troubles}",
                            f"the agent said {self.said}", f"the ear heard {self.speech}",
                            f"the carrier's log {self.dialled}", f"usage {self.usage}"])


class FaultCall:
    """Runs one cell on a stage; many run side by side."""

    def __init__(self, stage: StageCase, cell: Cell, index: int):
        self.stage = stage
        self.cell = cell
        self.index = index
        self.callee = callee_of(index)
        self.seen = Seen(cell)

    def run(self) -> Seen:
        begin = time.monotonic()
        try:
            self._call()
        except Exception as error:  # pylint: disable=broad-except
            self.seen.wrong.append(f"{type(error).__name__}: {error}")
        self.seen.seconds = time.monotonic() - begin
        if not self.seen.wrong:
            self.seen.wrong = complaints(self.seen)
        return self.seen

    def _call(self) -> None:
        tenant, number_id = self._tenant()
        # Not before: the key is probed when it is saved.
        who = self.callee if self.cell.provider == "twilio" else key_of(self.cell, self.index)
        self.stage.sandbox("POST", "/sandbox/faults", self.cell.order(who))
        placed = self.stage.call(tenant, number_id, self.callee)
        seen = self.seen
        seen.record = self.stage.ended(tenant, placed["id"], ENDS_WITHIN_SECONDS)
        for _ in tenant.follow(placed["id"], SETTLED_WITHIN_SECONDS):
            pass  # Until its last event is there: the transcript is made of them.
        transcript = tenant.get(f"/v1/calls/{placed['id']}/transcript")
        seen.troubles = transcript["troubles"]
        seen.said = [one["text"] for one in transcript["utterances"]
                     if one["speaker"].lower() == "agent"]
        self._settle(tenant, placed["id"])
        sids = {call["sid"] for call in seen.dialled}
        seen.speech = [one for call in self.stage.sandbox("GET", "/sandbox/calls")
                       if call["sid"] in sids for one in (call.get("ear") or {}).get("speech", [])]

    def _tenant(self):
        with _ONE_AT_A_TIME:
            tenant = self.stage.suite.make_tenant(self.cell.name)
        keys = dict(self.stage.keys)
        if self.cell.provider != "twilio":
            keys[self.cell.provider] = {"apiKey": key_of(self.cell, self.index)}
        for provider in ("anthropic", "cartesia", "deepgram", "twilio"):
            tenant.put(f"/v1/keys/{provider}", keys[provider])
        tenant.put("/v1/onboarding/mode", {"mode": "byok"})
        tenant.post("/v1/onboarding/complete")
        number = tenant.post("/v1/numbers", {"e164": caller_of(self.index), "carrier": "twilio",
                                             "agent": {**AGENT, "record": False}})
        return tenant, number["id"]

    def _settle(self, tenant, call_id: str) -> None:
        """Waits until everybody has closed the books on the call: carrier, billing, keyvault."""
        end = time.monotonic() + SETTLED_WITHIN_SECONDS
        while True:
            seen = self.seen
            seen.dialled = carrier_log(self.stage, self.callee)
            seen.usage = tenant.get(f"/v1/usage?callId={call_id}")["events"]
            seen.leases = int(self.stage.suite.cluster.query(
                "SELECT count(*) FROM keyvault.leases WHERE release_time IS NULL "
                f"AND lease_until > now() AND call_id = '{call_id}'"))
            over = all(call["status"] in ("completed", "failed", "canceled", "busy", "no-answer")
                       for call in seen.dialled)
            if (over and seen.usage and not seen.leases) or time.monotonic() > end:
                return
            time.sleep(0.2)


def carrier_log(stage: StageCase, number: str) -> list[dict]:
    """The calls to `number`, as the carrier's REST API tells of them. It is not asked for them by
    the number: that would be one more chance for the cell's fault."""
    twilio = stage.keys["twilio"]
    request = urllib.request.Request(
        f"{stage.suite.kitchen.sandbox_url}/2010-04-01/Accounts/{twilio['accountSid']}/Calls.json"
        "?PageSize=1000")
    token = base64.b64encode(f"{twilio['accountSid']}:{twilio['authToken']}".encode()).decode()
    request.add_header("Authorization", f"Basic {token}")
    tls = ssl.create_default_context(cafile=str(stage.suite.authority.ca))
    with urllib.request.urlopen(request, timeout=30, context=tls) as answer:
        return [call for call in json.load(answer)["calls"] if call["to"] == number]


def complaints(seen: Seen) -> list[str]:
    """What is wrong with how the call went; nothing when all is as the cell says."""
    wrong = {"recovers": _recovered, "apology": _apologised, "ends": _ended, "fails": _failed}
    return [*wrong[seen.cell.outcome](seen), *_bill(seen), *_silence(seen)]


def _recovered(seen: Seen) -> list[str]:
    wrong = _reason(seen, "completed", "agent_hung_up")
    if not all(t.get("recovered") for t in seen.troubles):
        wrong.append("not all troubles were recovered from")
    if seen.cell.reason and seen.cell.reason not in [t["reason"] for t in seen.troubles]:
        wrong.append(f"no trouble says {seen.cell.reason}")
    if not seen.cell.reason and seen.troubles:
        wrong.append("nothing was lost, and yet there is trouble")
    speakers = [one["who"] for one in seen.speech]
    goodbye = "goodbye" in "".join(seen.said[-1:]).lower()
    if speakers.count("agent") < 3 or speakers.count("callee") < 2 or not goodbye:
        wrong.append("the ear did not hear the conversation to its end")
    return wrong


def _apologised(seen: Seen) -> list[str]:
    # Failed: it was answered, but no conversation came about.
    disposition = "failed" if seen.cell.reason == "carrier_stream_missing" else "completed"
    wrong = _reason(seen, disposition, seen.cell.reason)
    if APOLOGY not in seen.said[-1:]:
        wrong.append("the transcript does not end with the apology")
    # The callee may have begun to answer it.
    last = max((one for one in seen.speech if one["who"] == "agent"),
               key=lambda one: one["end_ms"], default=None)
    if last is None or last["end_ms"] - last["start_ms"] < APOLOGY_MS_MIN:
        wrong.append("the ear heard no apology at the end")
    return wrong


def _ended(seen: Seen) -> list[str]:
    return _reason(seen, "completed", seen.cell.reason)


def _failed(seen: Seen) -> list[str]:
    wrong = _reason(seen, "failed", seen.cell.reason)
    return wrong + (["somebody was called"] if seen.dialled else [])


def _reason(seen: Seen, disposition: str, reason: str) -> list[str]:
    record = seen.record
    if (record["disposition"].lower(), record["reason"]) == (disposition, reason):
        return []
    return [f"the record says {record['disposition']}, {record['reason']}; "
            f"not {disposition}, {reason}"]


def _bill(seen: Seen) -> list[str]:
    wrong = []
    answered = seen.answered_seconds()
    if len(seen.dialled) > 1:
        wrong.append(f"the phone rang {len(seen.dialled)} times")
    if seen.record.get("answeredSeconds", 0) != answered:
        wrong.append(f"the record says {seen.record.get('answeredSeconds')} s, the carrier {answered} s")
    if len(seen.usage) != 1:
        wrong.append(f"charged {len(seen.usage)} times")
    elif seen.usage[0].get("billedSeconds", 0) != answered:
        wrong.append(f"billed {seen.usage[0].get('billedSeconds')} s, the carrier says {answered} s")
    if seen.leases:
        wrong.append(f"{seen.leases} keys are still leased to the call")
    return wrong


def _silence(seen: Seen) -> list[str]:
    silence = seen.silence_ms()
    allowed = seen.cell.silence_max_ms
    return [f"{silence} ms of silence, {allowed} are allowed"] if 0 < allowed < silence else []
