"""Story: what scripts/demo shows. A tenant brings its keys and has a phone conversation."""

import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from . import recording, scenario
from .suite import Suite
from .tenant import ApiError, Tenant
from .trouble import Trouble

CALL_SECONDS_MAX = 180
CALLEE = "+14155550101"
AGENT = {
    "systemPrompt": "You call for Bright Smile Dental to confirm an appointment. Offer Thursday "
                    "at half past two if another day is wanted. Be brief and friendly.",
    "firstMessage": "Hello, this is Bright Smile Dental. I am calling about your appointment on "
                    "Tuesday at nine. Does that still suit you?",
    "voiceId": "a0e99841-438c-4a64-b679-ae501e7d6091",
    "record": True,
}
BOLD, DIM, GREEN, RED, OFF = "\033[1m", "\033[2m", "\033[32m", "\033[31m", "\033[0m"


@dataclass
class Teller:
    """Prints the story, and says when the first word was heard."""

    colour: bool
    begin: float
    answered: float = 0.0
    first_word_seconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def chapter(self, title: str) -> None:
        self.line(f"\n{BOLD}{title}{OFF}")

    def line(self, text: str) -> None:
        if not self.colour:
            for code in (BOLD, DIM, GREEN, RED, OFF):
                text = text.replace(code, "")
        with self.lock:
            print(text, flush=True)


def tell(suite: Suite, teller: Teller) -> Tenant:
    keys = scenario.accepted_keys(scenario.read(suite.kitchen.scenario))
    teller.chapter("1  An operator makes a tenant")
    tenant = suite.make_tenant("Bright Smile Dental")
    teller.line(f"   Bright Smile Dental, plan BYOK, {tenant.tenant_id}, API key "
                f"{tenant.api_key[:8]}…{tenant.api_key[-4:]}")
    _save_keys(tenant, keys, teller)
    _complete_onboarding(tenant, teller)
    number = tenant.post("/v1/numbers", {"e164": keys["twilio"]["phoneNumber"],
                                         "carrier": "twilio", "agent": AGENT})
    call_id = _call(tenant, number["id"], CALLEE, teller)
    _tell_bill(tenant, call_id, teller)
    _tell_recording(tenant, call_id, suite.folder, teller)
    return tenant


def _save_keys(tenant: Tenant, keys: dict[str, dict], teller: Teller) -> None:
    teller.chapter("2  The tenant saves its provider keys; each is probed with its provider first")
    for provider, body in keys.items():
        begin = time.monotonic()
        saved = tenant.put(f"/v1/keys/{provider}", body)["key"]
        took = (time.monotonic() - begin) * 1000
        teller.line(f"   {GREEN}●{OFF} {provider:<10} {saved['keyPreview']:<18} "
                    f"{saved['status'].upper():<10} {DIM}{took:4.0f} ms{OFF}")
    wrong = {"apiKey": keys["anthropic"]["apiKey"][:-4] + "0000"}
    try:
        tenant.put("/v1/keys/anthropic", wrong)
        raise Trouble("A wrong key was accepted.")
    except ApiError as refused:
        teller.line(f"   {RED}○{OFF} a wrong one: {refused.status} {refused.reason}. "
                    f"{DIM}{refused.message}{OFF}")


def _complete_onboarding(tenant: Tenant, teller: Teller) -> None:
    teller.chapter("3  Onboarding")
    tenant.put("/v1/onboarding/mode", {"mode": "byok"})
    tenant.post("/v1/onboarding/complete")
    state = tenant.get("/v1/onboarding")
    validated = [p["provider"] for p in state["providers"] if p["state"].lower() == "validated"]
    teller.line(f"   mode {state['mode']}, complete: {', '.join(validated)} {GREEN}● VALIDATED{OFF}")


def _call(tenant: Tenant, number_id: str, callee: str, teller: Teller) -> str:
    teller.chapter(f"4  A call to {callee}, as it happens")
    placed = time.monotonic()
    call = tenant.place_call(number_id, callee, uuid.uuid4().hex)
    latencies = []
    for event in tenant.follow(call["id"], CALL_SECONDS_MAX):
        _tell_event(event, teller, latencies, placed)
        if time.monotonic() - placed > CALL_SECONDS_MAX:
            raise Trouble("The call did not end in 3 minutes; see the logs.")
    _tell_latencies(latencies, teller)
    return call["id"]


def _tell_event(event: dict, teller: Teller, latencies: list[dict], placed: float) -> None:
    at = f"{DIM}{time.monotonic() - placed:5.1f} s{OFF}"
    if "utterance" in event:
        said = event["utterance"]
        who = said["speaker"].lower()
        if who == "agent" and not teller.first_word_seconds:
            teller.first_word_seconds = teller.answered + said["startMs"] / 1000 - teller.begin
        broken = f"{DIM} (interrupted){OFF}" if said["interrupted"] else ""
        teller.line(f"   {at}  {BOLD if who == 'agent' else ''}{who:<7}{OFF} {said['text']}{broken}")
    elif "latency" in event:
        latencies.append(event["latency"])
    elif "state" in event:
        state = event["state"]
        if state["state"] == "answered":
            teller.answered = time.monotonic()
        rest = ", ".join(x for x in (state["disposition"], state["reason"]) if x)
        teller.line(f"   {at}  {DIM}{state['state']}{': ' + rest if rest else ''}{OFF}")
    elif "trouble" in event:
        teller.line(f"   {at}  {RED}trouble{OFF} {event['trouble']['message']}")


def _tell_latencies(latencies: list[dict], teller: Teller) -> None:
    teller.chapter("5  What each turn took, in ms from the callee's last word")
    columns = {"sttFinalMs": "STT final", "llmFirstTokenMs": "LLM first token",
               "ttsFirstByteMs": "TTS first byte", "firstFrameMs": "agent is heard"}
    teller.line("   turn  " + "  ".join(f"{title:>15}" for title in columns.values()))
    for turn in latencies:
        cells = (turn.get(name) for name in columns)
        teller.line(f"   {turn['turn']:>4}  " +
                    "  ".join(f"{'-' if c is None else round(c):>15}" for c in cells))


def _tell_bill(tenant: Tenant, call_id: str, teller: Teller) -> None:
    teller.chapter("6  The bill")
    end = time.monotonic() + 20
    while not (events := tenant.get(f"/v1/usage?callId={call_id}")["events"]):
        if time.monotonic() > end:
            raise Trouble("The call was not billed within 20 s; see the logs of dialer and billing.")
        time.sleep(0.1)
    usage = events[0]
    rate, cost = usage["ratePerMinute"], usage["cost"]
    teller.line(f"   {usage['billedSeconds']} s at {rate['amount']} {rate['currency']} a minute = "
                f"{BOLD}{cost['amount']} {cost['currency']}{OFF} "
                f"{DIM}(plan BYOK: the minutes run on the tenant's own keys){OFF}")


def _tell_recording(tenant: Tenant, call_id: str, folder: Path, teller: Teller) -> None:
    teller.chapter("7  The recording")
    data = tenant.eventually(f"/v1/calls/{call_id}/recording")
    path = folder / "recording.wav"
    path.write_bytes(data)
    heard = recording.read(data)
    teller.line(f"   {path}: {heard.seconds:.1f} s; left: the callee speaks "
                f"{heard.callee_speech_seconds:.1f} s; right: the agent {heard.agent_speech_seconds:.1f} s")
    if min(heard.callee_speech_seconds, heard.agent_speech_seconds) < 1:
        raise Trouble("The recording does not hold both voices.")
