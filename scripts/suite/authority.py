"""Authority: a private CA and the certificates that it gives, all made by openssl."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .trouble import Trouble

DAYS = "7"


@dataclass(frozen=True)
class Leaf:
    """The files of one identity."""

    cert: Path
    key: Path
    ca: Path


class Authority:
    """Lives in one folder; its key is readable by its owner only."""

    def __init__(self, folder: Path, name: str = "Latchkey private CA"):
        self.folder = folder
        self.ca = folder / "ca.pem"
        self._key = folder / "ca.key"
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if not self.ca.exists():
            self._openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", self._key, "-out", self.ca, "-days", DAYS, "-subj", f"/CN={name}",
                "-addext", "basicConstraints=critical,CA:TRUE",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def leaf(self, identity: str, hosts: tuple[str, ...] = ("localhost",)) -> Leaf:
        """A certificate for spiffe://latchkey/<identity>, for example "keyvault" or "media/m1"."""
        stem = identity.replace("/", "-")
        leaf = Leaf(self.folder / f"{stem}.pem", self.folder / f"{stem}.key", self.ca)
        if leaf.cert.exists():
            return leaf
        request, extensions = self.folder / f"{stem}.csr", self.folder / f"{stem}.ext"
        names = [f"URI:spiffe://latchkey/{identity}", "IP:127.0.0.1"]
        names += [f"DNS:{host}" for host in hosts]
        extensions.write_text(
            f"subjectAltName={','.join(names)}\nbasicConstraints=CA:FALSE\n"
            "keyUsage=digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-keyout", leaf.key, "-out", request, "-subj", f"/CN={stem}")
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self._key,
                      "-CAcreateserial", "-days", DAYS, "-extfile", extensions, "-out", leaf.cert)
        request.unlink()
        extensions.unlink()
        return leaf

    def renew(self, identity: str) -> Leaf:
        """Another key and certificate in the same files, as a renewal leaves them."""
        self.leaf(identity).cert.unlink()
        return self.leaf(identity)

    @staticmethod
    def _openssl(*arguments: object) -> None:
        before = os.umask(0o077)
        try:
            done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
        except FileNotFoundError as missing:
            raise Trouble("openssl is missing; run scripts/setup.") from missing
        finally:
            os.umask(before)
        if done.returncode != 0:
            raise Trouble(f"openssl {arguments[0]} failed: {done.stderr.strip().splitlines()[-1:]}")
