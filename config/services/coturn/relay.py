"""Configuration, start and proof of life of our coturn."""

import ipaddress
import shutil
from dataclasses import dataclass
from pathlib import Path

from config.services.identities import own_directory, service_user, write_private
from config.services.ports import Ports
from config.services.processes import accepts_connections
from config.services.programs import Program, ServiceError
from config.services.rendering import render


@dataclass(frozen=True)
class Coturn:
    """A TURN server on 127.0.0.1; ``secret`` signs the credentials that last minutes."""

    directory: Path
    ports: Ports
    media_address: str
    secret: str

    @property
    def urls(self) -> str:
        """Return the addresses a browser is given, separated by commas."""
        address = f"turn:127.0.0.1:{self.ports.coturn}"
        return f"{address}?transport=udp,{address}?transport=tcp"

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
            # Only where Janus itself has a loopback address; the ranges above still forbid all others.
            loopback="allow-loopback-peers" if is_loopback else "",
        )
        write_private(self.directory / "turnserver.conf", text, user)

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
