"""Second act of scripts/demo: a number gets an OpenAI key of its own, and people call it."""

import json
import ssl
import time
import urllib.request
from decimal import Decimal

from . import bill, scenario
from .call_tale import CallTale
from .patience import wait_for
from .suite import Suite
from .teller import BOLD, DIM, GREEN, OFF, RED, Teller
from .tenant import ApiError, Tenant
from .trouble import Trouble

NUMBER = "+14155550199"
IN_A_HURRY = "+14155550107"
INTERRUPTS = "+14155550108"
AGENT = {
    "pipeline": "realtime",
    "systemPrompt": "You answer the phone of Hill Street Dental. Offer Thursday at half past two "
                    "if an appointment is to be changed. Be brief and friendly.",
    "firstMessage": "Hello, this is Hill Street Dental. What can I do for you?",
}
MANAGED_RATE, BYOK_RATE = Decimal("0.40"), Decimal("0.10")
SECONDS_MAX = 20


def tell(suite: Suite, teller: Teller) -> Tenant:
    script = scenario.read(suite.kitchen.scenario)
    key, platform_key, revoked = script["keys"]["openai"]
    tenant, number_id = _make_number(suite, script, platform_key, teller)
    hasty = _call_in(suite, tenant, IN_A_HURRY)
    teller.line(f"   {IN_A_HURRY} calls it, and hears the platform's model: "
                f"{hasty['ratePerMinute']['amount']} USD a minute")
    _paste(tenant, number_id, key, revoked["key"], teller)
    call_id = _converse(suite, tenant, teller)
    _tell_uses(tenant, call_id, teller)
    _tell_bill(tenant, hasty["id"], call_id, teller)
    return tenant


def _make_number(suite: Suite, script: dict, platform_key: str,
                 teller: Teller) -> tuple[Tenant, str]:
    """A tenant, and the id of its number, which the carrier has been told of."""
    teller.chapter("8  Another tenant, on the plan Pro, has a number that people call")
    suite.operator().put_platform_key("openai", {"api_key": platform_key})
    tenant = suite.make_tenant("Hill Street Dental", plan="PLAN_PRO")
    tenant.put("/v1/keys/twilio", scenario.accepted_keys(script)["twilio"])
    number = tenant.post("/v1/numbers", {"e164": NUMBER, "carrier": "twilio", "agent": AGENT})
    if not number["inbound"]["configured"]:
        raise Trouble(f"Twilio does not send us the number's calls: {number['inbound']['message']}")
    teller.line(f"   {NUMBER} {number['id']}, pipeline {number['agent']['pipeline']}, "
                f"voiceMode {number['voiceMode']}; Twilio sends its calls here")
    return tenant, number["id"]


def _call_in(suite: Suite, tenant: Tenant, person: str) -> dict:
    """Somebody in the sandbox calls the number. Gives the call's record as soon as there is one."""
    body = json.dumps({"carrier": "twilio", "from": person, "to": NUMBER}).encode()
    request = urllib.request.Request(f"{suite.kitchen.sandbox_url}/sandbox/calls", data=body)
    tls = ssl.create_default_context(cafile=str(suite.authority.ca))
    with urllib.request.urlopen(request, timeout=SECONDS_MAX, context=tls) as answer:
        sid = json.load(answer)["sid"]
    return wait_for(lambda: _record(tenant, sid), SECONDS_MAX, f"The call of {person} was not taken")


def _record(tenant: Tenant, carrier_call_id: str) -> dict | None:
    calls = tenant.get("/v1/calls")["calls"]
    return next((call for call in calls if call["carrierCallId"] == carrier_call_id), None)


def _paste(tenant: Tenant, number_id: str, key: str, revoked: str, teller: Teller) -> None:
    teller.chapter("9  It pastes an OpenAI key of its own on the number: test, then save")
    begin = time.monotonic()
    tested = tenant.post(f"/v1/numbers/{number_id}/byok/test", {"apiKey": key})
    teller.line(f"   {GREEN}●{OFF} POST …/byok/test  ok, {tested['model']} answers  "
                f"{DIM}{(time.monotonic() - begin) * 1000:4.0f} ms{OFF}")
    try:
        tenant.post(f"/v1/numbers/{number_id}/byok/key", {"apiKey": revoked})
        raise Trouble("A revoked key was accepted.")
    except ApiError as refused:
        teller.line(f"   {RED}○{OFF} a revoked one: {refused.status} {refused.code}, "
                    f"{refused.reason}")
    saved = tenant.post(f"/v1/numbers/{number_id}/byok/key", {"apiKey": key})
    teller.line(f"   {GREEN}●{OFF} POST …/byok/key   voiceMode {saved['voiceMode']}, "
                f"keyPreview {saved['keyPreview']}")


def _converse(suite: Suite, tenant: Tenant, teller: Teller) -> str:
    teller.chapter(f"10  {INTERRUPTS} calls {NUMBER}, as it happens")
    tale = CallTale(teller)
    call = _call_in(suite, tenant, INTERRUPTS)
    tale.follow(tenant, call["id"])
    _check(tale)
    waits = [f"{turn['firstFrameMs']:.0f}" for turn in tale.latencies if turn["firstFrameMs"]]
    teller.line(f"   {DIM}from the caller's last word to the agent's first: "
                f"{', '.join(waits)} ms{OFF}")
    return call["id"]


def _check(tale: CallTale) -> None:
    """The agent was interrupted, went on, and somebody hung up. Raises Trouble if not."""
    said = tale.said_by("agent")
    broken = [i for i, one in enumerate(said) if one["interrupted"]]
    if not broken:
        raise Trouble("Nobody interrupted the agent.")
    if broken[-1] == len(said) - 1 or not tale.said_by("caller"):
        raise Trouble("After the interruption the conversation did not go on.")
    if tale.end.get("reason") not in ("agent_hung_up", "caller_hung_up"):
        raise Trouble(f"The call did not end as calls do: {tale.end}")


def _tell_uses(tenant: Tenant, call_id: str, teller: Teller) -> None:
    teller.chapter("11  What the audit says of the key's use in this call")
    release = wait_for(lambda: _use(tenant, call_id, "release"), SECONDS_MAX,
                       "The key was not given back")
    lease = _use(tenant, call_id, "lease")
    if lease is None or "numberId" not in lease:
        raise Trouble("The call did not lease the number's own key.")
    teller.line(f"   version {lease['keyVersion']} of {lease['numberId']}: leased to "
                f"{lease['actor']} at {lease['time'][11:19]}, "
                f"given back at {release['time'][11:19]}")


def _use(tenant: Tenant, call_id: str, action: str) -> dict | None:
    uses = tenant.get("/v1/keys/openai/uses")["uses"]
    return next((u for u in uses if u.get("callId") == call_id and u["action"] == action), None)


def _tell_bill(tenant: Tenant, hasty_id: str, call_id: str, teller: Teller) -> None:
    teller.chapter("12  The bill")
    for each, due, why in ((hasty_id, MANAGED_RATE, "managed: the platform's key"),
                           (call_id, BYOK_RATE, "byok: the number's own key")):
        usage = bill.wait_for_bill(tenant, each)
        teller.line(f"   {bill.told(usage)} {DIM}({why}){OFF}")
        if bill.rate(usage) != due:
            raise Trouble(f"A minute should cost {due} here.")
