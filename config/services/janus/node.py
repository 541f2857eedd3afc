"""Configuration, start and proof of life of our Janus."""

import base64
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from config.services.identities import own_directory, service_user, write_private
from config.services.ports import Ports
from config.services.programs import Program, ServiceError
from config.services.rendering import render

_TEMPLATES = (
    "janus.jcfg",
    "janus.transport.websockets.jcfg",
    "janus.eventhandler.sampleevh.jcfg",
    "janus.plugin.videoroom.jcfg",
)


@dataclass(frozen=True)
class Janus:
    """A Janus below ``directory``; it records into ``recordings`` and sends media from ``media_address``."""

    directory: Path
    recordings: Path
    ports: Ports
    media_address: str
    api_secret: str
    admin_secret: str
    room_admin_key: str
    events_password: str
    name: str = "media-1"

    def prepare(self) -> None:
        """Write the configuration and make the directory recordings go to."""
        user = service_user("janus")
        own_directory(self.directory, user)
        own_directory(self.recordings, user, 0o750)
        first, last = self.ports.rtp
        values = {
            "configuration": self.directory,
            "modules": _modules(),
            "name": self.name,
            "api_secret": self.api_secret,
            "admin_secret": self.admin_secret,
            "room_admin_key": self.room_admin_key,
            "events_password": self.events_password,
            "media_address": self.media_address,
            "first_port": first,
            "last_port": last,
            "port": self.ports.janus,
            "admin_port": self.ports.janus_admin,
            "machine_port": self.ports.machine,
        }
        for name in _TEMPLATES:
            write_private(self.directory / name, render(f"janus/{name}", **values), user)

    def program(self) -> Program:
        """Return the server."""
        binary = shutil.which("janus")
        if binary is None:
            raise ServiceError("janus is not installed: run `make setup`")
        return Program(
            name="janus",
            command=(binary, "-F", str(self.directory), "-C", str(self.directory / "janus.jcfg")),
            directory=self.directory,
            user=service_user("janus"),
            is_ready=lambda: speaks_janus(self.ports.janus) and speaks_janus(self.ports.janus_admin, "-admin"),
        )


def speaks_janus(port: int, kind: str = "") -> bool:
    """Tell whether the WebSocket on ``port`` accepts Janus's subprotocol (which is after plugins are loaded)."""
    key = base64.b64encode(os.urandom(16)).decode()
    request = (
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: janus{kind}-protocol\r\n\r\n"
    )
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(request.encode())
            return connection.recv(32).startswith(b"HTTP/1.1 101")
    except OSError:
        return False


def _modules() -> Path:
    found = sorted(Path("/usr/lib").glob("*/janus/plugins"))
    if not found:
        raise ServiceError("janus's plugins are not installed: run `make setup`")
    return found[0].parent
