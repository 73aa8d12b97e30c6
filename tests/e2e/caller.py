"""Caller: people who call a tenant's number, and what a carrier asks about such a call."""

import base64
import hashlib
import hmac
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request

from stage import StageCase
from suite.tenant import ApiError


class CallerCase(StageCase):
    """Tests that begin with a call from outside."""

    def inbound_number(self, tenant, **agent: object) -> tuple[str, str]:
        """A number whose carrier sends its calls to us: its id, and itself."""
        number_id = self.number(tenant, **agent)
        # Just after the start no media instance may have told that it is there.
        self.eventually(lambda: self.configured(tenant, number_id), 20,
                        "the number was not configured")
        numbers = tenant.get("/v1/numbers")["numbers"]
        return number_id, next(n["e164"] for n in numbers if n["id"] == number_id)

    def configured(self, tenant, number_id: str) -> bool:
        try:
            return tenant.post(f"/v1/numbers/{number_id}/configure")["inbound"]["configured"]
        except ApiError as error:
            self.assertEqual(error.reason, "fleet_full")
            return False

    def call_in(self, person: str, number: str) -> str:
        """Somebody calls; the carrier's name for the call."""
        answer = self.sandbox("POST", "/sandbox/calls",
                              {"carrier": "twilio", "from": person, "to": number})
        return answer["sid"]

    def carriers_call(self, sid: str) -> dict:
        return next(c for c in self.sandbox("GET", "/sandbox/calls") if c["sid"] == sid)

    def over(self, sid: str, seconds: float = 60) -> dict:
        """The carrier's call when it is over for the person."""
        return self.eventually(
            lambda: (c := self.carriers_call(sid))["ended_after_ms"] is not None and c, seconds,
            f"the carrier's call {sid} did not end")

    def records(self, tenant, sid: str) -> list[dict]:
        return [c for c in tenant.get("/v1/calls")["calls"] if c["carrierCallId"] == sid]

    def record(self, tenant, sid: str, state: str = "ended", seconds: float = 60) -> dict:
        """The one record of the carrier's call, as soon as it is in `state`."""
        found = self.eventually(
            lambda: [c for c in self.records(tenant, sid) if c["state"] == state], seconds,
            f"the call {sid} was not {state}")
        self.assertEqual(len(self.records(tenant, sid)), 1)
        return found[0]

    def webhook(self, instance: str, signed: bool = True, **form: str) -> tuple[int, str]:
        """What an instance answers to Twilio's webhook, status and body."""
        url = f"https://localhost:{self.suite.kitchen.carrier_ports[instance]}/carrier/twilio/inbound"
        request = urllib.request.Request(url, data=urllib.parse.urlencode(form).encode())
        signature = self.signature(url, form) if signed else "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
        request.add_header("X-Twilio-Signature", signature)
        tls = ssl.create_default_context(cafile=str(self.suite.authority.ca))
        try:
            with urllib.request.urlopen(request, timeout=20, context=tls) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()

    def signature(self, url: str, form: dict[str, str]) -> str:
        text = url + "".join(name + form[name] for name in sorted(form))
        digest = hmac.new(self.script["twilio"]["auth_token"].encode(), text.encode(), hashlib.sha1)
        return base64.b64encode(digest.digest()).decode()

    def point_at_us(self, number: str) -> None:
        """Sets a number's webhook at Twilio by hand, as nobody's number of the platform."""
        account = self.script["twilio"]
        credentials = f"{account['account_sid']}:{account['auth_token']}".encode()
        port = next(iter(self.suite.kitchen.carrier_ports.values()))
        base = (f"{self.suite.kitchen.sandbox_url}/2010-04-01/Accounts/{account['account_sid']}"
                "/IncomingPhoneNumbers")
        headers = {"Authorization": "Basic " + base64.b64encode(credentials).decode()}
        query = urllib.parse.urlencode({"PhoneNumber": number})
        listed = json.load(self._fetch(urllib.request.Request(f"{base}.json?{query}",
                                                              headers=headers)))
        sid = listed["incoming_phone_numbers"][0]["sid"]
        form = {"VoiceUrl": f"https://localhost:{port}/carrier/twilio/inbound"}
        self._fetch(urllib.request.Request(f"{base}/{sid}.json", headers=headers,
                                           data=urllib.parse.urlencode(form).encode())).close()
