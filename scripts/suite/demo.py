"""scripts/demo, once everything is built."""

import argparse
import signal
import sys
import time
from pathlib import Path

from . import first_act, scenario, second_act
from .folder import fresh
from .suite import ROOT, Suite
from .teller import Teller
from .tenant import ApiError, Tenant
from .trouble import Trouble


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Seven services, a Postgres and a sandbox for the providers come up on this "
                    "machine. A tenant saves its keys and its agent calls somebody; another one "
                    "pastes an OpenAI key on a number, and somebody calls that.")
    parser.add_argument("--keep", action="store_true",
                        help="leave the suite up afterwards and print addresses and example lines")
    parser.add_argument("--scenario", type=Path, default=scenario.SCENARIOS / "demo.json",
                        help="what the callee says, and how the providers behave")
    parser.add_argument("--binaries", type=Path, default=ROOT / "build" / "release" / "bin",
                        help="where the built programs are")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    begin = time.monotonic()
    folder = fresh(ROOT / "run", "demo")
    try:
        with Suite(folder, arguments.binaries, arguments.scenario) as suite:
            teller = Teller(sys.stdout.isatty(), begin)
            teller.line(f"Seven services, Postgres and the sandbox are up after "
                        f"{suite.seconds_to_ready:.1f} s; logs in {folder}/logs")
            tenant = first_act.tell(suite, teller)
            pro_tenant = second_act.tell(suite, teller)
            if arguments.keep:
                _keep(suite, tenant, pro_tenant, teller)
            else:
                teller.line("\nscripts/demo --keep leaves it up, and prints curl and grpcurl lines.")
    except Trouble as trouble:
        print(f"demo: {trouble}", file=sys.stderr)
        return 1
    except ApiError as error:
        print(f"demo: the API answered {error}; logs in {folder}/logs", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped everything that was started.")
        return 130 if not arguments.keep else 0
    return 0


def _interrupt(*_) -> None:
    raise KeyboardInterrupt


def _keep(suite: Suite, tenant: Tenant, pro_tenant: Tenant, teller: Teller) -> None:
    tls = suite.authority.folder
    curl = f"curl --cacert {tls}/ca.pem -H 'Authorization: Bearer {tenant.api_key}'"
    pro_curl = f"curl --cacert {tls}/ca.pem -H 'Authorization: Bearer {pro_tenant.api_key}'"
    grpcurl = f"grpcurl -max-time 5 -cacert {tls}/ca.pem -cert {tls}/ops.pem -key {tls}/ops.key"
    kitchen = suite.kitchen
    teller.chapter("Everything stays up until Ctrl-C")
    teller.line(f"   REST       {suite.api_url}/v1")
    for name in kitchen.ports:
        if name in suite.programs:
            teller.line(f"   {name:<13} gRPC {kitchen.address(name)}  "
                        f"http://127.0.0.1:{kitchen.http_ports[name]}/metrics")
    teller.line(f"   Postgres   psql '{suite.cluster.owner('dialer')}'")
    teller.line(f"\n   {curl} {suite.api_url}/v1/calls")
    teller.line(f"   {curl} {suite.api_url}/v1/keys")
    teller.line(f"   {pro_curl} {suite.api_url}/v1/numbers")
    teller.line(f"   {grpcurl} {kitchen.address('dialer')} describe latchkey.dialer.v1.Dialer")
    teller.line(f"   {grpcurl} -d '{{\"tenant_id\": \"{tenant.tenant_id}\"}}' "
                f"{kitchen.address('dialer')} latchkey.dialer.v1.Dialer/ListCalls")
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    sys.exit(main())
