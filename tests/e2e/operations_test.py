"""docs/operations.md: every grpcurl line of the page works as it stands, in the page's order."""

import base64
import json
import os
import re
import subprocess
import unittest

from stage import StageCase, scenario
from suite.suite import ROOT

PAGE = ROOT / "docs" / "operations.md"
SECONDS = 20


class OperationsTest(StageCase):
    script = scenario()

    @classmethod
    def before_start(cls) -> None:
        """The page's ring: the key of spring was replaced in autumn."""
        ring = cls.suite.folder / "ring"
        keys = [f"2026-{season} {base64.b64encode(os.urandom(32)).decode()}"
                for season in ("autumn", "spring")]
        ring.write_text("\n".join(["current 2026-autumn", *keys, ""]))
        ring.chmod(0o600)
        cls.suite.kitchen.more_flags["keyvault"] = [f"--key-ring-file={ring}"]

    def test_every_line_of_the_page_works_in_its_order(self):
        tenant = self.suite.make_tenant(self.id())
        tenant.put("/v1/keys/anthropic", self.keys["anthropic"])
        lines = re.findall(r"^    (grpcurl \$OPS .*)$", PAGE.read_text(), re.M)

        answers = {line: self.run_line(line, tenant.tenant_id) for line in lines}

        self.assertGreater(len(lines), 8)
        told = {re.search(r"/(\w+)$", line)[1]: answer for line, answer in answers.items()}
        self.assertEqual(told["ListAudit"]["entries"][0]["action"], "save")
        self.assertEqual(told["Freeze"], {"changed": True})
        self.assertEqual(told["Unfreeze"], {"changed": True})
        self.assertEqual(told["Rewrap"]["totalCount"], "1")
        self.assertEqual(told["ShredTenant"], {"keyCount": 1})

    def test_what_is_refused_says_why_as_the_page_shows(self):
        refused = self.run_bash('grpcurl $OPS -d "{}" $AT $K/RevokeAll', "tnt_none")

        self.assertEqual(refused.returncode, 1)
        self.assertIn("Code: InvalidArgument\n  Message: Name a tenant_id or a caller, or say "
                      "all: true.", refused.stderr)
        self.assertIn("Name a tenant_id or a caller, or say all: true.", PAGE.read_text())

    def run_line(self, line: str, tenant_id: str) -> dict:
        done = self.run_bash(line, tenant_id)
        self.assertEqual(done.returncode, 0, f"{line}: {done.stderr}")
        return json.loads(done.stdout)

    def run_bash(self, line: str, tenant_id: str) -> subprocess.CompletedProcess:
        """With the page's variables, and scripts/ops for grpcurl, as the page says."""
        tls = self.suite.authority.folder
        script = f"""grpcurl() {{ scripts/ops "$@"; }}
            OPS="-max-time 5 -cacert {tls}/ca.pem -cert {tls}/ops.pem -key {tls}/ops.key"
            AT={self.suite.kitchen.address("keyvault")}
            K=latchkey.keyvault.v1.KeyVault
            TENANT={tenant_id}
            {line}"""
        self.suite.authority.leaf("ops")
        return subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True,
                              timeout=SECONDS, check=False)


if __name__ == "__main__":
    unittest.main()
