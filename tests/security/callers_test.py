"""Every method × every identity: allowed exactly where the proto says."""

import re
import unittest

from stage import StageCase, scenario
from suite.operator import Operator, Refusal
from suite.recipe import SERVICES
from suite.suite import ROOT

UNAUTHENTICATED, PERMISSION_DENIED = 16, 7
# What only the server's harness says; a service's own PERMISSION_DENIED has another reason.
NOT_YOU = "caller_not_allowed"


def methods() -> dict[tuple[str, str], set[str]]:
    """(service, method) → who may call it, as the protos say."""
    found = {}
    for service in SERVICES:
        path = ROOT / "proto" / "latchkey" / service / "v1" / f"{service}.proto"
        if not path.exists():
            continue
        for rpc in re.finditer(r"^  rpc (\w+)\((stream )?\w+\).*?^  }", path.read_text(), re.M | re.S):
            found[service, rpc[1]] = set(re.findall(r'callers\) = "(\w+)"', rpc[0]))
    return found


class CallersTest(StageCase):
    script = scenario()

    def test_each_identity_reaches_exactly_the_methods_that_name_it(self):
        addresses = {name: self.suite.kitchen.address(name) for name in self.suite.kitchen.ports}
        addresses["media"] = addresses["media/m1"]
        identities = {name: name for name in (*SERVICES, "ops", "stranger") if name != "media"}
        identities["media"] = "media/m1"
        for who, identity in identities.items():
            caller = Operator(self.suite.authority.leaf(identity), addresses)
            for (service, method), allowed in methods().items():
                with self.subTest(who=who, method=f"{service}.{method}"):
                    self.assertEqual(self.turned_away(caller, service, method), who not in allowed)

    def turned_away(self, caller: Operator, service: str, method: str) -> bool:
        """Whether an empty request is refused for who asks, and not for what it says."""
        try:
            caller.call(service, method, {})
            return False
        except Refusal as refusal:
            return refusal.code in (UNAUTHENTICATED, PERMISSION_DENIED) and \
                refusal.reason in ("", NOT_YOU)


if __name__ == "__main__":
    unittest.main()
