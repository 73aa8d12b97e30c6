"""scripts/bench lease: what it costs to lease keys, beside a bare mTLS echo and a durable INSERT.

keyvault and its Postgres (fsync on) share core 1, the echo has it to itself in its turn, and the
load generator runs on core 0. The vault holds 100,000 keys.
"""

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

from suite.authority import Authority
from suite.cluster import Cluster
from suite.folder import fresh
from suite.port import free_port
from suite.program import Program, run
from suite.suite import ROOT
from suite.trouble import Trouble

BINARIES = Path(os.environ.get("LATCHKEY_BIN", ROOT / "build" / "release" / "bin"))
LOAD = str(BINARIES / "latchkey-bench-lease")
KEYVAULT = str(BINARIES / "latchkey-keyvault")
TENANTS, KEYS_PER_TENANT = 25_000, 4
SUBJECT_CORE = 1
LOAD_SECONDS = 300
IDENTITIES = ("keyvault", "ops", "media/m1", "media/m2", "media/m3", "media/m4")
# A fleet of four asks for what forty would; what is measured is the work, not the limits.
UNLIMITED = ("--instance-lease-rate=10000000", "--tenant-lease-rate=10000000",
             "--instance-live-leases=10000000", "--tenant-live-leases=10000000",
             "--fan-out-alarm=10000000", "--rewrap-rate=1000000")
BASELINE_TABLES = """
    CREATE SCHEMA bench;
    CREATE TABLE bench.rows (row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                             time timestamptz NOT NULL DEFAULT now(), body text NOT NULL);
    CREATE TABLE bench.tenant_keys (LIKE keyvault.tenant_keys INCLUDING ALL);
    INSERT INTO bench.tenant_keys SELECT * FROM keyvault.tenant_keys;
    VACUUM ANALYZE;
    CHECKPOINT"""


def ring(folder: Path) -> tuple[Path, Path]:
    """Two files with the same two root keys: one in which the old is current, one with the new."""
    keys = "".join(f"{name} {base64.b64encode(os.urandom(32)).decode()}\n"
                   for name in ("old", "new"))
    files = folder / "ring.old", folder / "ring.new"
    for file in files:
        file.write_text(f"current {file.suffix[1:]}\n{keys}")
        file.chmod(0o600)
    return files


def make_vault(folder: Path, cluster: Cluster, old_ring: Path) -> None:
    run([KEYVAULT, f"--generate-ticket-key={folder}"])
    run([KEYVAULT, "--migrate", f"--pg-owner={cluster.owner('keyvault')}", *needed(folder)])
    run([LOAD, "seed", cluster.owner("keyvault"), str(old_ring), str(TENANTS)], seconds=120)
    for statement in BASELINE_TABLES.split(";"):
        cluster.query(statement)


def needed(folder: Path) -> list[str]:
    """What keyvault does not start without."""
    leaf = Authority(folder / "tls").leaf("keyvault")
    return [f"--tls-cert={leaf.cert}", f"--tls-key={leaf.key}", f"--tls-ca={leaf.ca}",
            f"--ticket-public-key-file={folder}/ticket.pub", f"--listen=127.0.0.1:{free_port()}",
            f"--http-listen=127.0.0.1:{free_port()}"]


def start_keyvault(folder: Path, cluster: Cluster, new_ring: Path) -> tuple[Program, str]:
    flags = needed(folder)
    address = dict(flag.split("=", 1) for flag in flags)
    (folder / "checkpoints").mkdir()
    vault = Program("keyvault", [
        KEYVAULT, *flags, f"--pg={cluster.service('keyvault')}", f"--key-ring-file={new_ring}",
        f"--audit-checkpoints={folder}/checkpoints", *UNLIMITED], folder / "keyvault.log",
        ready_url=f"http://{address['--http-listen']}/readyz")
    vault.wait_ready()
    return vault, address["--listen"]


def mebibytes(pid: int, field: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)[1]) / 1024


def show_memory(pid: int) -> None:
    print(f"memory.keyvault.keys: {TENANTS * KEYS_PER_TENANT}")
    print(f"memory.keyvault.resident_mib: {mebibytes(pid, 'VmRSS'):.1f}")
    print(f"memory.keyvault.most_resident_mib: {mebibytes(pid, 'VmHWM'):.1f}", flush=True)


def measure(folder: Path, cluster: Cluster) -> int:
    authority = Authority(folder / "tls")
    for identity in IDENTITIES:
        authority.leaf(identity)
    old_ring, new_ring = ring(folder)
    cluster.start()
    make_vault(folder, cluster, old_ring)
    vault, address = start_keyvault(folder, cluster, new_ring)
    echo_address = f"127.0.0.1:{free_port()}"
    echo = Program("echo", [LOAD, "echo", echo_address, str(authority.folder)], folder / "echo.log")
    try:
        database = f"{cluster.owner('keyvault')} user=postgres"
        done = subprocess.run([LOAD, "load", address, echo_address, database,
                               str(authority.folder), str(folder / "ticket.key"), str(TENANTS)],
                              timeout=LOAD_SECONDS, check=False)
        show_memory(vault.pid)
        return done.returncode
    finally:
        for program in (echo, vault):
            program.ask_to_stop()
            program.wait(20)


def main() -> int:
    folder = fresh(ROOT / "run", "bench-lease")
    cluster = Cluster(folder / "postgres.log", ["keyvault"])
    os.sched_setaffinity(0, {SUBJECT_CORE})  # The load generator moves to its own.
    try:
        return measure(folder, cluster)
    except (Trouble, subprocess.TimeoutExpired) as trouble:
        print(f"lease.sealed.void: {trouble} (logs in {folder})")
        return 1
    finally:
        cluster.stop()


if __name__ == "__main__":
    sys.exit(main())
