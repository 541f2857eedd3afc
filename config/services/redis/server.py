"""Configuration, start and proof of life of our Redis."""

import hashlib
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from config.services.identities import own_directory, service_user, write_private
from config.services.programs import Program, ServiceError
from config.services.rendering import render


@dataclass(frozen=True)
class Redis:
    """A Redis below ``directory`` on 127.0.0.1:``port``; the passwords are those of its three ACL users."""

    directory: Path
    port: int
    web_password: str
    worker_password: str
    monitor_password: str

    def prepare(self) -> None:
        """Write the configuration and the list of users (hashes only)."""
        user = service_user("redis")
        own_directory(self.directory, user)
        settings = render("redis/redis.conf", port=self.port, directory=self.directory)
        write_private(self.directory / "redis.conf", settings, user)
        # Web processes fill queues and never take from them (no BRPOP); nobody may look at or empty it all.
        users = render(
            "redis/users.acl",
            monitor=_digest(self.monitor_password),
            web=_digest(self.web_password),
            worker=_digest(self.worker_password),
        )
        write_private(self.directory / "users.acl", users, user)

    def program(self) -> Program:
        """Return the server."""
        binary = shutil.which("redis-server", path="/usr/bin:/usr/local/bin:/bin")
        if binary is None:
            raise ServiceError("redis-server is not installed: run `make setup`")
        return Program(
            name="redis",
            command=(binary, str(self.directory / "redis.conf")),
            directory=self.directory,
            user=service_user("redis"),
            is_ready=self._answers,
        )

    def url(self, user: str) -> str:
        """Return the address for the ACL user ``web`` or ``worker``, with its password."""
        password = {"web": self.web_password, "worker": self.worker_password}[user]
        return f"redis://{user}:{password}@127.0.0.1:{self.port}/0"

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH monitor {self.monitor_password}\r\nPING\r\n".encode())
                connection.settimeout(1)
                return _read_lines(connection, 2) == [b"+OK", b"+PONG"]
        except OSError:
            return False


def _read_lines(connection: socket.socket, count: int) -> list[bytes]:
    received = b""
    while received.count(b"\r\n") < count:
        chunk = connection.recv(256)
        if not chunk:
            break
        received += chunk
    return received.split(b"\r\n")[:count]


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()
