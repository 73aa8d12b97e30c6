"""First act of scripts/demo: a tenant brings its keys, and its agent calls somebody."""

import time
import uuid
from pathlib import Path

from . import bill, recording, scenario
from .call_tale import CallTale
from .suite import Suite
from .teller import BOLD, DIM, GREEN, OFF, RED, Teller
from .tenant import ApiError, Tenant
from .trouble import Trouble

CALLEE = "+14155550101"
AGENT = {
    "systemPrompt": "You call for Bright Smile Dental to confirm an appointment. Offer Thursday "
                    "at half past two if another day is wanted. Be brief and friendly.",
    "firstMessage": "Hello, this is Bright Smile Dental. I am calling about your appointment on "
                    "Tuesday at nine. Does that still suit you?",
    "voiceId": "a0e99841-438c-4a64-b679-ae501e7d6091",
    "record": True,
}


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
    call_id, tale = _call(tenant, number["id"], teller)
    _tell_latencies(tale.latencies, teller)
    _tell_bill(tenant, call_id, teller)
    _tell_recording(tenant, call_id, suite.folder, teller)
    teller.line(f"\n   From start to the first word that the callee heard: "
                f"{_first_word_seconds(tale, teller):.1f} s.")
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


def _call(tenant: Tenant, number_id: str, teller: Teller) -> tuple[str, CallTale]:
    teller.chapter(f"4  A call to {CALLEE}, as it happens")
    tale = CallTale(teller)
    call = tenant.place_call(number_id, CALLEE, uuid.uuid4().hex)
    tale.follow(tenant, call["id"])
    return call["id"], tale


def _first_word_seconds(tale: CallTale, teller: Teller) -> float:
    """From the start of the demo to the first word that the callee heard."""
    said = tale.said_by("agent")
    if not said:
        raise Trouble("The agent has said nothing.")
    return tale.answered + said[0]["startMs"] / 1000 - teller.begin


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
    teller.line(f"   {bill.told(bill.wait_for_bill(tenant, call_id))} "
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
