"""Configuration, start and proof of life of our coturn."""

import ipaddress
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from config.services.identities import own_directory, service_user, write_private
from config.services.ports import Ports
from config.services.processes import accepts_connections
from config.services.programs import Program, ServiceError
from config.services.rendering import render


@dataclass(frozen=True)
class Identity:
    """The name by which browsers reach the relay over TLS, and PEM files of the certificate for it and its key."""

    name: str
    certificate: Path
    key: Path

    @classmethod
    def of_deployment(cls) -> "Identity | None":
        """Return what the environment names; None without a name: browsers would refuse any certificate."""
        name = os.environ.get("SIGHTLINE_TURN_NAME", "")
        if not name:
            return None
        files = (os.environ["SIGHTLINE_TURN_CERTIFICATE"], os.environ["SIGHTLINE_TURN_KEY"])
        return cls(name, *map(Path, files))


@dataclass(frozen=True)
class Coturn:
    """A TURN server on 127.0.0.1; ``secret`` signs the credentials that last minutes.

    With an ``identity`` it speaks TLS, too: for networks that let nothing else out.
    """

    directory: Path
    ports: Ports
    media_address: str
    secret: str
    identity: Identity | None = None

    @property
    def urls(self) -> str:
        """Return the addresses a browser is given, separated by commas."""
        address = f"turn:127.0.0.1:{self.ports.coturn}"
        plain = f"{address}?transport=udp,{address}?transport=tcp"
        if self.identity is None:
            return plain
        return f"{plain},turns:{self.identity.name}:{self.ports.coturn_tls}?transport=tcp"

    def prepare(self) -> None:
        """Write the configuration."""
        user = service_user("coturn")
        own_directory(self.directory, user)
        first, last = self.ports.relay
        is_loopback = ipaddress.ip_address(self.media_address).is_loopback
        text = render(
            "coturn/turnserver.conf",
            directory=self.directory,
            media_address=self.media_address,
            port=self.ports.coturn,
            first_port=first,
            last_port=last,
            secret=self.secret,
            tls=self._tls(user),
            # Only where Janus itself has a loopback address; the ranges above still forbid all others.
            loopback="allow-loopback-peers" if is_loopback else "",
        )
        write_private(self.directory / "turnserver.conf", text, user)

    def _tls(self, user: str | None) -> str:
        """Put the certificate where coturn's user can read it; return the lines about it."""
        if self.identity is None:
            return "no-tls"
        certificate, key = self.directory / "certificate.pem", self.directory / "key.pem"
        write_private(certificate, self.identity.certificate.read_text(), user)
        write_private(key, self.identity.key.read_text(), user)
        return f"tls-listening-port={self.ports.coturn_tls}\ncert={certificate}\npkey={key}\nno-tlsv1\nno-tlsv1_1"

    def program(self) -> Program:
        """Return the server."""
        binary = shutil.which("turnserver")
        if binary is None:
            raise ServiceError("coturn is not installed: run `make setup`")
        return Program(
            name="coturn",
            command=(binary, "-c", str(self.directory / "turnserver.conf")),
            directory=self.directory,
            user=service_user("coturn"),
            is_ready=lambda: accepts_connections(self.ports.coturn),
        )
