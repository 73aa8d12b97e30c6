"""HandCall: one gRPC method, called with grpcurl's arguments where grpcurl is not installed.

    scripts/ops -max-time 5 -cacert ca.pem -cert ops.pem -key ops.key \\
      [-d '{"tenant_id": "tnt_…"}'] ADDRESS latchkey.keyvault.v1.KeyVault/ListKeys

Unary methods of ours alone; JSON in and out, as grpcurl has it. curl and protoc do the work.
"""

import argparse
import base64
import json
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

from . import textproto
from .authority import Leaf
from .operator import PROTO, Operator, Refusal
from .trouble import Trouble

_METHOD = re.compile(r"latchkey\.(\w+)\.v1\.\w+/(\w+)")
_TIMESTAMP = ".google.protobuf.Timestamp"
_CODES = ("OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound",
          "AlreadyExists", "PermissionDenied", "ResourceExhausted", "FailedPrecondition", "Aborted",
          "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss", "Unauthenticated")
_WIDE = ("TYPE_INT64", "TYPE_UINT64")  # Text in JSON, since JavaScript would round them.


class Schema:
    """The messages that one service's methods take and give, from protoc's descriptors."""

    def __init__(self, service: str):
        path = f"latchkey/{service}/v1/{service}.proto"
        described = subprocess.run(["protoc", f"-I{PROTO}", "--include_imports",
                                    "--descriptor_set_out=/dev/stdout", path], capture_output=True)
        if described.returncode != 0:
            raise Trouble(f"there is no service {service}: {described.stderr.decode().strip()}")
        text = subprocess.run(["protoc", "-I/usr/include",
                               "--decode=google.protobuf.FileDescriptorSet",
                               "google/protobuf/descriptor.proto"],
                              input=described.stdout, capture_output=True, check=True).stdout
        self._messages = {}
        for file in textproto.decode(text.decode())["file"]:
            for message in file.get("message_type", []):
                self._messages[f".{file['package'][0]}.{message['name'][0]}"] = {
                    field["name"][0]: field for field in message.get("field", [])}

    def encode(self, name: str, value: dict) -> dict:
        """JSON's names and values, as textproto.encode wants them."""
        fields = self._messages[name]
        by_json = {field["json_name"][0]: own for own, field in fields.items()}
        encoded = {}
        for key, one in value.items():
            own = by_json.get(key, key)
            if own not in fields:
                raise Trouble(f"{name[1:]} has no field {key}")
            encoded[own] = ([self._encode_one(fields[own], each) for each in one]
                            if isinstance(one, list) else self._encode_one(fields[own], one))
        return encoded

    def decode(self, name: str, value: dict) -> dict:
        """What textproto.decode gave, as JSON has it."""
        decoded = {}
        for own, values in value.items():
            field = self._messages[name][own]
            ones = [self._decode_one(field, each) for each in values]
            repeated = field["label"][0] == "LABEL_REPEATED"
            decoded[field["json_name"][0]] = ones if repeated else ones[0]
        return decoded

    def _encode_one(self, field: dict, value: object) -> object:
        if field["type"][0] == "TYPE_MESSAGE":
            return self.encode(field["type_name"][0], value)
        if field["type"][0] == "TYPE_ENUM":
            return textproto.Word(value)
        return int(value) if field["type"][0] in _WIDE else value

    def _decode_one(self, field: dict, value: object) -> object:
        if field["type"][0] == "TYPE_BYTES":
            return base64.b64encode(value.encode(errors="surrogateescape")).decode()
        if field["type"][0] != "TYPE_MESSAGE":
            return str(value) if field["type"][0] in _WIDE else value
        if field["type_name"][0] != _TIMESTAMP:
            return self.decode(field["type_name"][0], value)
        seconds = datetime.fromtimestamp(value.get("seconds", [0])[0], timezone.utc)
        nanos = value.get("nanos", [0])[0]
        fraction = f".{nanos:09}".rstrip("0") if nanos else ""
        return f"{seconds:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/ops", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("-cacert", "-cert", "-key"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("-max-time", type=float, help="ten seconds, whatever is said here")
    parser.add_argument("-d", default="{}", metavar="JSON")
    parser.add_argument("address")
    parser.add_argument("method")
    arguments = parser.parse_args()
    named = _METHOD.fullmatch(arguments.method)
    if not named:
        parser.error("METHOD is one of ours, such as latchkey.keyvault.v1.KeyVault/ListKeys")
    service, method = named.groups()
    leaf = Leaf(arguments.cert, arguments.key, arguments.cacert)
    package = f".latchkey.{service}.v1"
    try:
        schema = Schema(service)
        request = schema.encode(f"{package}.{method}Request", json.loads(arguments.d))
        answer = Operator(leaf, {service: arguments.address}).call(service, method, request)
        print(json.dumps(schema.decode(f"{package}.{method}Response", answer), indent=2))
    except BrokenPipeError:
        sys.stderr.close()  # Whoever read the answer has seen enough of it.
    except Refusal as refusal:
        print(f"ERROR:\n  Code: {_CODES[refusal.code]}\n  Message: {refusal.message}\n"
              f"  Reason: {refusal.reason}", file=sys.stderr)
        return 1
    except (Trouble, ValueError) as trouble:
        print(f"ops: {trouble}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
