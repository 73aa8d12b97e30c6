"""Tenant: the person who uses Latchkey; speaks REST with a bearer API key."""

import json
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path


class ApiError(Exception):
    """An answer that is not 2xx: {"error": {"code", "reason", "message"}}."""

    def __init__(self, status: int, error: dict):
        super().__init__(f"HTTP {status} {error.get('reason', '')}: {error.get('message', '')}")
        self.status = status
        self.code = error.get("code", "")
        self.reason = error.get("reason", "")
        self.message = error.get("message", "")
        self.error = error


class Tenant:
    def __init__(self, base_url: str, ca: Path, api_key: str, tenant_id: str = ""):
        self.base_url = base_url
        self.tenant_id = tenant_id
        self.api_key = api_key
        self._tls = ssl.create_default_context(cafile=str(ca))

    def get(self, path: str) -> dict:
        return self._json("GET", path)

    def put(self, path: str, body: dict) -> dict:
        return self._json("PUT", path, body)

    def post(self, path: str, body: dict | None = None, **headers: str) -> dict:
        return self._json("POST", path, body or {}, headers)

    def delete(self, path: str) -> dict:
        return self._json("DELETE", path)

    def download(self, path: str) -> bytes:
        with self._open("GET", path) as response:
            return response.read()

    def place_call(self, number_id: str, to: str, idempotency_key: str) -> dict:
        """Places a call. A fleet without room, as just after its start, is asked again."""
        end = time.monotonic() + 10
        while True:
            try:
                return self.post("/v1/calls", {"numberId": number_id, "to": to},
                                 Idempotency_Key=idempotency_key)
            except ApiError as error:
                if error.code != "fleet_full" or time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def follow(self, call_id: str, seconds: float):
        """The events of a call as they come, to its end. A call that was just placed has none yet:
        it is asked for again until it has."""
        end = time.monotonic() + seconds
        while True:
            try:
                yield from self._events(f"/v1/calls/{call_id}/events", seconds)
                return
            except ApiError as error:
                if error.status != 404 or time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def eventually(self, path: str, seconds: float = 20) -> bytes:
        """A download that may not be there yet."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.download(path)
            except ApiError as error:
                if error.status != 404 or time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def _events(self, path: str, seconds: float):
        """The data of server-sent events, until the server ends the stream."""
        data = []
        with self._open("GET", path, headers={"Accept": "text/event-stream"},
                        seconds=seconds) as response:
            for raw in response:
                line = raw.decode().rstrip("\r\n")
                if not line and data:
                    yield json.loads("\n".join(data))
                    data = []
                elif line.startswith("data:"):
                    data.append(line[5:].strip())

    def _json(self, method: str, path: str, body: dict | None = None,
              headers: dict[str, str] | None = None) -> dict:
        with self._open(method, path, body, headers) as response:
            text = response.read()
            return json.loads(text) if text else {}

    def _open(self, method: str, path: str, body: dict | None = None,
              headers: dict[str, str] | None = None, seconds: float = 30):
        request = urllib.request.Request(self.base_url + path, method=method)
        request.add_header("Authorization", f"Bearer {self.api_key}")
        for name, value in (headers or {}).items():
            request.add_header(name.replace("_", "-"), value)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            return urllib.request.urlopen(request, timeout=seconds, context=self._tls)
        except urllib.error.HTTPError as answer:
            text = answer.read()
            try:
                error = json.loads(text)["error"]
            except (ValueError, KeyError):
                error = {"message": text.decode(errors="replace")}
            raise ApiError(answer.code, error) from None
