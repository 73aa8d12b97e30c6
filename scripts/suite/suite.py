"""Suite: Postgres, the sandbox and the seven services, up together and down together."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .authority import Authority
from .cluster import Cluster
from .operator import Operator
from .program import Program, run
from .recipe import WITH_SCHEMA, Kitchen, Recipe
from .tenant import Tenant
from .textproto import Word
from .trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]
DRAIN_SECONDS = 20


class Suite:
    """A context manager: `with Suite(…) as suite`. Stops what it started, and nothing else.

    `folder` gets the logs, certificates and recordings. `binaries` holds the built programs.
    """

    def __init__(self, folder: Path, binaries: Path, scenario: Path,
                 media_instances: tuple[str, ...] = ("m1",)):
        self.folder = folder
        self.binaries = binaries
        folder.mkdir(parents=True, exist_ok=True)
        self.authority = Authority(folder / "tls")
        self.cluster = Cluster(folder / "logs" / "postgres.log", list(WITH_SCHEMA))
        self.kitchen = Kitchen(folder, self.authority, self.cluster, scenario, media_instances)
        self.programs: dict[str, Program] = {}
        self.seconds_to_ready = 0.0

    def __enter__(self) -> "Suite":
        begin = time.monotonic()
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        self.seconds_to_ready = time.monotonic() - begin
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def start(self) -> None:
        recipes = self.kitchen.recipes()
        sandbox = self.kitchen.sandbox()
        for recipe in (*recipes, sandbox):
            if not (self.binaries / recipe.program).exists():
                raise Trouble(f"{recipe.program} is not built; run scripts/build release services/all "
                              "sandbox/all.")
        self._start(sandbox)
        self._make_ticket_key()
        self.cluster.start()
        with ThreadPoolExecutor() as threads:
            list(threads.map(self._migrate, WITH_SCHEMA))
        for recipe in recipes:
            self._start(recipe)
        for program in self.programs.values():
            program.wait_ready()

    def restart(self, name: str) -> None:
        """Starts a program again that was stopped or killed, as it was: "media/m1"."""
        recipe = next(r for r in self.kitchen.recipes() if r.name == name)
        self._start(recipe).wait_ready()

    def stop(self) -> None:
        for program in self.programs.values():
            program.ask_to_stop()
        end = time.monotonic() + DRAIN_SECONDS
        for program in self.programs.values():
            program.wait(max(0.1, end - time.monotonic()))
        self.cluster.stop()

    def operator(self) -> Operator:
        return Operator(self.authority.leaf("ops"), {
            name: self.kitchen.address(name) for name in self.kitchen.ports})

    @property
    def api_url(self) -> str:
        return f"https://localhost:{self.kitchen.api_port}"

    def make_tenant(self, name: str, plan: str = "PLAN_BYOK", **rules: object) -> Tenant:
        """What an operator does for a new customer: the tenant, and an API key for it."""
        ops = self.operator()
        made = ops.call("orchestrator", "CreateTenant", {
            "request_id": uuid.uuid4().hex, "name": name, "country": "US", "currency_code": "USD",
            "plan": Word(plan),
            # Tests and demos run at any hour.
            "rules": {"window_start_minute": 0, "window_end_minute": 1440, **rules}})
        tenant_id = made["tenant"][0]["tenant_id"][0]
        key = ops.call("orchestrator", "CreateApiKey", {"tenant_id": tenant_id, "label": "demo"})
        return Tenant(self.api_url, self.authority.ca, key["api_key"][0], tenant_id)

    def logs(self) -> list[Path]:
        return sorted((self.folder / "logs").glob("*.log"))

    def metrics_urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}/metrics" for name, port in self.kitchen.http_ports.items()
                if name in self.programs and self.programs[name].running()]

    def _start(self, recipe: Recipe) -> Program:
        log = self.folder / "logs" / f"{recipe.name.replace('/', '-')}.log"
        self.programs[recipe.name] = Program(
            recipe.name, [str(self.binaries / recipe.program), *recipe.flags], log,
            recipe.environment, recipe.ready_url, self.authority.ca)
        return self.programs[recipe.name]

    def _make_ticket_key(self) -> None:
        folder = self.kitchen.ticket_keys
        folder.mkdir(exist_ok=True)
        if not (folder / "ticket.key").exists():
            run([str(self.binaries / "latchkey-keyvault"), f"--generate-ticket-key={folder}"])

    def _migrate(self, service: str) -> None:
        recipe = self.kitchen.migration(service)
        run([str(self.binaries / recipe.program), *recipe.flags], recipe.environment)
