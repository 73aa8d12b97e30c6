"""Layers: who may include what. The table of CONTRIBUTING.md, as patterns."""

import re

from tree import Source

BASE = r"lib/(base|secret|provider|phone)/"
OWN_PROTOS = r"(latchkey|google|grpc)/"
# Boost without Beast; a domain gets none of it but through lib/base.
ASIO = r"boost/(?!beast)"
SYSTEM = [r"[a-z_]+\.h$", r"sys/", r"netinet/", r"arpa/", r"fmt/", r"openssl/"]

# The first row whose pattern fits a file holds: what it may include besides the standard library,
# Abseil and its own folder. `{service}` is the service of the file.
TABLE = [
    (r"lib/base/", [*SYSTEM, ASIO, r"prometheus/"]),
    (r"lib/secret/", [*SYSTEM, r"lib/base/"]),
    (r"lib/provider/", [*SYSTEM, r"lib/(base|secret)/"]),
    (r"lib/phone/", [r"lib/base/", r"phonenumbers/", r"date/", r"fmt/"]),
    (r"lib/pg/", [*SYSTEM, r"lib/(base|secret)/", ASIO, r"libpq"]),
    (r"lib/tls/", [*SYSTEM, r"lib/base/"]),
    (r"lib/http/", [*SYSTEM, r"lib/(base|secret|tls)/", r"boost/"]),
    (r"lib/rpc/", [*SYSTEM, r"lib/(base|secret|http|tls)/", r"grpc", OWN_PROTOS, ASIO]),
    (r"services/\w+/domain/", [BASE, r"services/{service}/domain/", r"fmt/"]),
    (r"services/\w+/", [*SYSTEM, r"lib/", r"services/{service}/", r"migrations/", OWN_PROTOS, r"grpc",
                        ASIO]),
    (r"sandbox/", [*SYSTEM, r"lib/", r"sandbox/", ASIO, r"flite", r"pocketsphinx", r"sphinxbase"]),
    (r"tests/|bench/", [r""]),
]
ALWAYS = [r"absl/", r"[a-z_]+$", r"c[a-z0-9]+$"]
_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def check(source: Source):
    pattern, allowed = next(((p, a) for p, a in TABLE if re.match(p, source.path)), ("", []))
    service = re.match(r"services/(\w+)/", source.path)
    own = source.path.rsplit("/", 1)[0] + "/"
    allowed = [a.replace("{service}", service[1] if service else "") for a in allowed]
    for include in _INCLUDE.finditer(source.text):
        name = include[2]
        line = source.line(include.start())
        if include[1] == '"' and "/" not in name and not name.endswith(".pb.h"):
            yield line, f'include "{name}" by its full path'
        if name.startswith("boost/beast") and not source.path.startswith("lib/http/"):
            yield line, "Beast stays in lib/http"
        elif not name.startswith(own) and not any(re.match(a, name) for a in ALWAYS + allowed):
            yield line, f"{pattern} may not include {name}"
