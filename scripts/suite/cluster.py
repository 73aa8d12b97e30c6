"""Cluster: a private Postgres 15 with one schema and two roles for each service."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from .program import Program, run
from .trouble import Trouble

DATABASE = "latchkey"
SUPERUSER = "postgres"


class Cluster:
    """fsync stays on: what is measured and tested is durable. It listens on a Unix socket only, in
    a folder that only its user can enter; within it, roles are trusted."""

    def __init__(self, log: Path, services: list[str]):
        self._services = services
        self._log = log
        self._binaries = _binaries()
        # initdb refuses root, and its user must be able to enter every folder above the data.
        self._user = SUPERUSER if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="latchkey-pg-"))
        self._data = self.folder / "data"
        self._program: Program | None = None

    def start(self) -> None:
        if self._user:
            shutil.chown(self.folder, self._user, self._user)
        self._as_user("initdb", "-D", str(self._data), "-A", "trust", "-U", SUPERUSER, "-E", "UTF8",
                      "--locale=C.UTF-8", "--no-sync")
        self._program = Program(
            "postgres",
            [str(self._binaries / "postgres"), "-D", str(self._data), "-c", "listen_addresses=",
             "-c", f"unix_socket_directories={self.folder}", "-c", "max_connections=200"],
            self._log, stop_signal=signal.SIGINT, user=self._user)
        self._wait()
        self._make_roles()

    def service(self, name: str) -> str:
        """How the service's own role connects; it reaches its own schema and no other."""
        return self._conninfo(name)

    def owner(self, name: str) -> str:
        """How the owner of the service's schema connects, for `--migrate`."""
        return self._conninfo(f"{name}_owner")

    def query(self, sql: str) -> str:
        """As the superuser; rows by line, columns by '|'. For the roles, and for looking in tests."""
        return run([str(self._binaries / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
                    "-d", self._conninfo(SUPERUSER), "-c", sql])

    def dump(self) -> str:
        """Everything that is stored, as pg_dump writes it."""
        return run([str(self._binaries / "pg_dump"), "-d", self._conninfo(SUPERUSER)])

    def stop(self) -> None:
        if self._program:
            self._program.ask_to_stop()
            self._program.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _conninfo(self, role: str, database: str = DATABASE) -> str:
        return f"host={self.folder} dbname={database} user={role}"

    def _make_roles(self) -> None:
        psql = str(self._binaries / "psql")
        run([psql, "-X", "-q", "-d", self._conninfo(SUPERUSER, "postgres"),
             "-c", f"CREATE DATABASE {DATABASE}"])
        roles = Path(__file__).resolve().parents[2] / "deploy/postgres/roles.sql"
        run([psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self._conninfo(SUPERUSER),
             "-v", f"services={','.join(self._services)}", "-f", str(roles)])

    def _wait(self) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if not self._program.running():
                raise Trouble(f"Postgres stopped while starting: {self._program.last_line()}")
            ready = subprocess.run(
                [str(self._binaries / "pg_isready"), "-q", "-h", str(self.folder)])
            if ready.returncode == 0:
                return
            time.sleep(0.05)
        raise Trouble(f"Postgres was not ready after 20 s: {self._program.last_line()}")

    def _as_user(self, name: str, *arguments: str) -> None:
        as_user = {"user": self._user, "group": self._user, "extra_groups": []} if self._user else {}
        done = subprocess.run([str(self._binaries / name), *arguments], cwd=self.folder,
                              capture_output=True, text=True, **as_user)
        if done.returncode != 0:
            raise Trouble(f"{name} failed: {done.stderr.strip().splitlines()[-1:]}")


def _binaries() -> Path:
    for folder in (Path("/usr/lib/postgresql/15/bin"), Path(os.environ.get("PGBIN", "/usr/bin"))):
        if (folder / "initdb").exists():
            return folder
    raise Trouble("Postgres 15 is missing; run scripts/setup, or set PGBIN to the folder of initdb.")
