"""Runs one file of tests in Node against a sandbox of its own.

    python3 tests/sdk/run.py anthropic.test.mjs

The file sees SANDBOX_URL (https), SANDBOX_PORT, SANDBOX_CA (PEM file, trusted by Node already) and
SCENARIO (the scenario's path, plain JSON). A folder scenarios/ beside it may hold NAME.json for
NAME.test.mjs; else the demo's scenario is played.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from suite import scenario as scenario_file
from suite.authority import Authority
from suite.folder import fresh
from suite.port import free_port
from suite.program import Program

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def main(file: str) -> int:
    name = file.removesuffix(".test.mjs")
    folder = fresh(ROOT / "run" / "tests", f"sdk-{name}")
    own = HERE / "scenarios" / f"{name}.json"
    script = scenario_file.read(own if own.exists() else scenario_file.SCENARIOS / "demo.json")
    scenario = folder / "scenario.json"
    scenario.write_text(json.dumps(script))
    leaf = Authority(folder / "tls").leaf("sandbox")
    port = free_port()
    url = f"https://localhost:{port}"
    binaries = Path(os.environ.get("LATCHKEY_BIN", ROOT / "build" / "release" / "bin"))
    sandbox = Program("sandbox", [
        str(binaries / "latchkey-sandbox"), f"--listen=127.0.0.1:{port}", f"--tls-cert={leaf.cert}",
        f"--tls-key={leaf.key}", f"--ca={leaf.ca}", f"--scenario={scenario}",
    ], folder / "sandbox.log", ready_url=f"{url}/livez", ready_ca=leaf.ca)
    try:
        sandbox.wait_ready()
        return subprocess.run(["node", "--test", str(HERE / file)], cwd=HERE, timeout=280, env={
            **os.environ, "SANDBOX_URL": url, "SANDBOX_PORT": str(port), "SANDBOX_CA": str(leaf.ca),
            "SCENARIO": str(scenario), "NODE_EXTRA_CA_CERTS": str(leaf.ca),
        }, check=False).returncode
    finally:
        sandbox.ask_to_stop()
        sandbox.wait(10)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
