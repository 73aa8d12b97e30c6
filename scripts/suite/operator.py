"""Operator: the person who runs Latchkey; calls gRPC methods under the identity `ops`.

grpcurl does this for people. Scripts do it with what every build machine has: protoc for the
messages and curl for HTTP/2 with a client certificate.
"""

import base64
import re
import subprocess
import uuid
from pathlib import Path
from urllib.parse import unquote

from . import textproto
from .authority import Leaf
from .sealed_box import seal_candidate
from .textproto import Word
from .trouble import Trouble

PROTO = Path(__file__).resolve().parents[2] / "proto"
SECONDS = 10
CURL_STREAM_RESET = 92
PERMISSION_DENIED = 7
PLATFORM = "tnt_platform"
# In the order of latchkey.type.v1.Provider, from 1.
PROVIDERS = ("anthropic", "cartesia", "deepgram", "twilio", "exotel", "openai")


class Refusal(Exception):
    """A method's error: `code` is gRPC's number, `reason` stands in its google.rpc.ErrorInfo."""

    def __init__(self, code: int, reason: str, message: str):
        super().__init__(f"gRPC code {code} {reason}: {message}")
        self.code = code
        self.reason = reason
        self.message = message


class Operator:
    def __init__(self, leaf: Leaf, addresses: dict[str, str]):
        self._leaf = leaf
        self._addresses = addresses

    def call(self, service: str, method: str, request: dict) -> dict:
        """For example call("orchestrator", "CreateTenant", {"name": "Acme"}). Every field of the
        answer is a list. Raises Refusal."""
        package = f"latchkey.{service}.v1"
        title = {"keyvault": "KeyVault"}.get(service, service.capitalize())
        message = self._protoc(f"--encode={package}.{method}Request", service,
                               textproto.encode(request).encode())
        answer = self._post(f"https://{self._addresses[service]}/{package}.{title}/{method}",
                            b"\0" + len(message).to_bytes(4, "big") + message)
        text = self._protoc(f"--decode={package}.{method}Response", service, answer[5:])
        return textproto.decode(text.decode())

    def put_platform_key(self, provider: str, fields: dict[str, str]) -> dict:
        """Saves one of the platform's own keys, which bundled calls use: put_platform_key("openai",
        {"api_key": "sk-…"}). Probed as any other. Raises Refusal."""
        number = PROVIDERS.index(provider) + 1
        intake = self.call("keyvault", "GetIntakeKey", {})
        public_key = textproto.raw(intake["public_key"][0])
        candidate = {
            "intake_key_id": intake["intake_key_id"][0],
            "fields": [{"name": name, "sealed": seal_candidate(
                public_key, text, PLATFORM, "", number, name)} for name, text in fields.items()]}
        return self.call("keyvault", "PutKey", {
            "request_id": uuid.uuid4().hex, "scope": {"tenant_id": PLATFORM},
            "provider": Word(f"PROVIDER_{provider.upper()}"), "candidate": candidate})

    def _post(self, url: str, body: bytes) -> bytes:
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--http2", "--max-time", str(SECONDS),
             "--cacert", self._leaf.ca, "--cert", self._leaf.cert, "--key", self._leaf.key,
             "-H", "content-type: application/grpc", "-H", "te: trailers",
             "-H", f"grpc-timeout: {SECONDS}S", "--data-binary", "@-",
             "--dump-header", "/dev/stderr", url], input=body, capture_output=True)
        headers = dict(line.split(": ", 1)
                       for line in done.stderr.decode(errors="replace").splitlines()
                       if ": " in line)
        details = headers.get("grpc-status-details-bin", "")
        if done.returncode == CURL_STREAM_RESET:
            # A server that refuses the caller ends the stream before curl has sent its message.
            raise Refusal(PERMISSION_DENIED, "", "the server ended the stream unread")
        if "grpc-status" not in headers:
            raise Trouble(f"{url} did not answer as gRPC: {done.stderr.decode().strip()[-200:]}")
        if headers["grpc-status"] != "0":
            raise Refusal(int(headers["grpc-status"]), _reason(details),
                          unquote(headers.get("grpc-message", "")))
        return done.stdout

    @staticmethod
    def _protoc(action: str, service: str, data: bytes) -> bytes:
        done = subprocess.run(["protoc", f"-I{PROTO}", action,
                               f"latchkey/{service}/v1/{service}.proto"],
                              input=data, capture_output=True)
        if done.returncode != 0:
            raise Trouble(f"protoc {action} failed: {done.stderr.decode().strip()}")
        return done.stdout


def _reason(details: str) -> str:
    """The first field of the google.rpc.ErrorInfo in grpc-status-details-bin."""
    data = base64.b64decode(details + "=" * (-len(details) % 4))
    info = re.search(rb"google\.rpc\.ErrorInfo\x12..?\n.([a-z0-9_]+)", data, re.S)
    return info[1].decode() if info else ""
