"""scripts/bench inbound: how long a carrier waits for the answer to its webhook, at 50 calls a second.

The whole suite runs, and people call one number and hang up at once. The carrier's stand-in itself
measures from sending the webhook to having the stream instruction. Baseline, in the same run, at the
same rate and by the same client: a bare answer of the same HTTPS server, to an address that it does
not have.
"""

import base64
import json
import os
import ssl
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import flood as load
from suite.folder import fresh
from suite.suite import ROOT, Suite
from suite.trouble import Trouble
from turn import quantile

PER_SECOND, SECONDS = 50, 20
BARE_NUMBER = "+14155550199"
LATE_P99_MS = 20.0  # Orders that come later than this are no even 50 a second any more.
SETTLED_SECONDS = 60


def show(variant: str, figure: str, value: object) -> None:
    print(f"inbound.{variant}.{figure}: {value}", flush=True)


def show_answers(variant: str, flood: load.Flood, calls: dict[str, dict]) -> None:
    times = [calls[sid]["webhook_ms"] for sid in flood.sids]
    show(variant, "per_second", f"{flood.per_second:.1f}")
    show(variant, "p50_ms", f"{quantile(times, 0.50):.1f}")
    show(variant, "p99_ms", f"{quantile(times, 0.99):.1f}")
    late = quantile(flood.lateness_ms, 0.99)
    if late > LATE_P99_MS:
        show(variant, "void", f"the calls came late: p99 {late:.0f} ms of {LATE_P99_MS:.0f} ms")


def point_elsewhere(suite: Suite, played: dict, tls) -> None:
    """BARE_NUMBER's webhook goes to an address that media's HTTPS server does not have."""
    account = played["twilio"]
    sid = account["account_sid"]
    credentials = base64.b64encode(f"{sid}:{account['auth_token']}".encode()).decode()
    base = f"{suite.kitchen.sandbox_url}/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers"
    headers = {"Authorization": f"Basic {credentials}"}
    query = urllib.parse.urlencode({"PhoneNumber": BARE_NUMBER})
    with urllib.request.urlopen(urllib.request.Request(f"{base}.json?{query}", headers=headers),
                                context=tls) as listed:
        number = json.load(listed)["incoming_phone_numbers"][0]["sid"]
    port = next(iter(suite.kitchen.carrier_ports.values()))
    form = urllib.parse.urlencode({"VoiceUrl": f"https://localhost:{port}/nothing"}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{base}/{number}.json", headers=headers,
                                                  data=form), context=tls).close()


def measure(suite: Suite, played: dict) -> int:
    tls = ssl.create_default_context(cafile=str(suite.authority.ca))
    url = suite.kitchen.sandbox_url
    number = played["twilio"]["numbers"][0]
    tenant = load.ready(suite, played, number)
    point_elsewhere(suite, played, tls)
    load.pour(url, tls, [number], 5, 2)  # Connections are made, statements prepared.

    bare = load.pour(url, tls, [BARE_NUMBER], PER_SECOND, SECONDS)
    show_answers("bare", bare, load.told(url, tls))
    answered = load.pour(url, tls, [number], PER_SECOND, SECONDS)
    show_answers("answer", answered, load.told(url, tls))
    found, missing = load.settled([tenant], answered, SETTLED_SECONDS)
    show("answer", "calls", len(answered.sids))
    show("answer", "lost", len(missing))
    show("answer", "twice", len(load.twice(found)))
    refused = [call for call in found if call.get("disposition") == "failed"]
    show("answer", "failed", len(refused))
    return 1 if missing or load.twice(found) or refused else 0


def main() -> int:
    folder = fresh(ROOT / "run", "bench-inbound")
    played = load.script([])
    path = folder / "scenario.json"
    path.write_text(json.dumps(played))
    binaries = Path(os.environ.get("LATCHKEY_BIN", ROOT / "build" / "release" / "bin"))
    suite = Suite(folder, binaries, path)
    suite.kitchen.more_flags["media"] = [f"--capacity={load.CALLS_AT_A_TIME}"]
    try:
        with suite:
            return measure(suite, played)
    except Trouble as trouble:
        print(f"inbound.answer.void: {trouble}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
