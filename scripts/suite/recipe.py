"""Recipe: what each program of the suite is started with, and where it listens."""

import base64
import os
from dataclasses import dataclass, field
from pathlib import Path

from .authority import Authority
from .cluster import Cluster
from .port import free_port

# In the order in which one calls the other, from the bottom up; any order works.
WITH_SCHEMA = ("keyvault", "orchestrator", "billing", "dialer")
SERVICES = ("keyvault", "validator", "orchestrator", "billing", "dialer", "media", "gateway")


@dataclass
class Recipe:
    """One program: its flags, what it reads from the environment, and where it says it is ready."""

    name: str  # "keyvault", or "media/m1" for an instance
    program: str  # "latchkey-keyvault"
    flags: list[str]
    ready_url: str
    environment: dict[str, str] = field(default_factory=dict)


class Kitchen:
    """Hands out ports, certificates and flags, so that everybody knows where the others are."""

    def __init__(self, folder: Path, authority: Authority, cluster: Cluster, scenario: Path,
                 media_instances: tuple[str, ...]):
        self.folder = folder
        self.authority = authority
        self.cluster = cluster
        self.scenario = scenario
        self.media_instances = media_instances
        self.ports = {name: free_port() for name in
                      (*SERVICES, *(f"media/{m}" for m in media_instances))}
        self.http_ports = {name: free_port() for name in self.ports}
        self.api_port = free_port()
        self.sandbox_port = free_port()
        self.provider_urls: dict[str, str] = {}  # Of those that are not the sandbox's.
        self.more_flags: dict[str, list[str]] = {}  # Of a service, besides those of its recipe.
        self.carrier_ports = {m: free_port() for m in media_instances}
        self.recordings = folder / "recordings"
        self.recordings.mkdir(parents=True, exist_ok=True)
        self.checkpoints = folder / "audit"
        self.checkpoints.mkdir(exist_ok=True)
        self._master_key = base64.b64encode(os.urandom(32)).decode()
        self.ticket_keys = folder / "ticket"  # keyvault --generate-ticket-key writes them there.

    def address(self, name: str) -> str:
        return f"127.0.0.1:{self.ports[name]}"

    def recipes(self) -> list[Recipe]:
        made = [getattr(self, f"_{name}")() for name in SERVICES if name != "media"]
        return made + [self._media(m) for m in self.media_instances]

    def migration(self, service: str) -> Recipe:
        """The same program with --migrate, as the schema's owner."""
        recipe = getattr(self, f"_{service}")()
        recipe.flags = [*recipe.flags, "--migrate", f"--pg-owner={self.cluster.owner(service)}"]
        return recipe

    def _recipe(self, name: str, *flags: str, **environment: str) -> Recipe:
        service = name.split("/")[0]
        leaf = self.authority.leaf(name)
        own = [f"--listen={self.address(name)}",
               f"--http-listen=127.0.0.1:{self.http_ports[name]}",
               f"--tls-cert={leaf.cert}", f"--tls-key={leaf.key}", f"--tls-ca={leaf.ca}"]
        if service in WITH_SCHEMA:
            own.append(f"--pg={self.cluster.service(service)}")
        return Recipe(name, f"latchkey-{service}", [*own, *flags, *self.more_flags.get(service, [])],
                      f"http://127.0.0.1:{self.http_ports[name]}/readyz", environment)

    def _peers(self, *names: str) -> list[str]:
        return [f"--{name}={self.address(name)}" for name in names]

    def _keyvault(self) -> Recipe:
        return self._recipe("keyvault", *self._peers("validator", "orchestrator"),
                            f"--ticket-public-key-file={self.ticket_keys}/ticket.pub",
                            f"--audit-checkpoints={self.checkpoints}",
                            "--audit-checkpoint-interval=5s",
                            TENANT_KEY_ENCRYPTION_KEY=self._master_key)

    def _validator(self) -> Recipe:
        return self._recipe("validator", f"--exotel-in-url={self.sandbox_url}/in",
                            *self._provider_urls("anthropic", "cartesia", "deepgram", "exotel",
                                                 "openai", "twilio"))

    def _orchestrator(self) -> Recipe:
        return self._recipe("orchestrator", *self._peers("keyvault"),
                            f"--recordings={self.recordings}",
                            # Tests' tools are on this machine.
                            "--tool-allow-loopback=true", f"--tool-ca={self.authority.ca}")

    def _billing(self) -> Recipe:
        return self._recipe("billing")

    def _dialer(self) -> Recipe:
        return self._recipe("dialer", *self._peers("keyvault", "orchestrator", "billing"),
                            f"--ticket-key-file={self.ticket_keys}/ticket.key")

    def _media(self, instance: str) -> Recipe:
        port = self.carrier_ports[instance]
        leaf = self.authority.leaf("public")
        return self._recipe(
            f"media/{instance}", *self._peers("keyvault", "dialer", "orchestrator"),
            f"--instance={instance}", f"--recordings={self.recordings}",
            f"--carrier-listen=127.0.0.1:{port}", f"--public-url=https://localhost:{port}",
            f"--carrier-cert={leaf.cert}", f"--carrier-key={leaf.key}",
            *self._provider_urls("anthropic", "cartesia", "deepgram", "openai",
                                  "twilio"))

    def _gateway(self) -> Recipe:
        leaf = self.authority.leaf("public")
        return self._recipe(
            "gateway", *self._peers("keyvault", "orchestrator", "dialer", "billing"),
            f"--api-listen=127.0.0.1:{self.api_port}",
            f"--api-tls-cert={leaf.cert}", f"--api-tls-key={leaf.key}")

    def _provider_urls(self, *providers: str) -> list[str]:
        urls = [f"--{p}-url={self.provider_urls.get(p, self.sandbox_url)}" for p in providers]
        return [*urls, f"--provider-ca={self.authority.ca}"]

    @property
    def sandbox_url(self) -> str:
        return f"https://localhost:{self.sandbox_port}"

    def sandbox(self) -> Recipe:
        leaf = self.authority.leaf("sandbox")
        return Recipe(
            "sandbox", "latchkey-sandbox",
            [f"--listen=127.0.0.1:{self.sandbox_port}", f"--tls-cert={leaf.cert}",
             f"--tls-key={leaf.key}", f"--ca={leaf.ca}", f"--scenario={self.scenario}"],
            f"{self.sandbox_url}/livez")
