"""Configuration, start and proof of life of the nginx that takes RTMP: a process of its own, for it reads strangers."""

from dataclasses import dataclass
from pathlib import Path

from config.services.identities import own_directory, service_user, write_private
from config.services.nginx.front import nginx_binary
from config.services.ports import Ports
from config.services.processes import accepts_connections, run_quietly
from config.services.programs import Program, ServiceError
from config.services.rendering import render

MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")


@dataclass(frozen=True)
class Rtmp:
    """A server on ``address``:``ports.rtmp`` that asks the loopback door of machines whom it may take."""

    directory: Path
    ports: Ports
    address: str

    def prepare(self) -> None:
        """Write the configuration and let nginx itself judge it; raises ``ServiceError`` with its words."""
        if not MODULE.exists():
            raise ServiceError("nginx's RTMP module is not installed: run `make setup`")
        user = service_user("rtmp")
        own_directory(self.directory, user)
        text = render(
            "nginx/rtmp.conf",
            module=MODULE,
            directory=self.directory,
            address=self.address,
            port=self.ports.rtmp,
            machine_port=self.ports.machine,
        )
        write_private(self.directory / "nginx.conf", text, user)
        # It opens a log of its own however it is configured, in a directory that must be there.
        own_directory(self.directory / "logs", user)
        test = Program("rtmp", (*self._command(), "-t", "-q"), self.directory, lambda: True, user=user)
        run_quietly(test.command_line(), "nginx's check of its RTMP configuration")

    def program(self) -> Program:
        """Return the server."""
        host = "127.0.0.1" if self.address == "0.0.0.0" else self.address
        return Program(
            name="rtmp",
            command=self._command(),
            directory=self.directory,
            user=service_user("rtmp"),
            is_ready=lambda: accepts_connections(self.ports.rtmp, host),
        )

    def _command(self) -> tuple[str, ...]:
        return (nginx_binary(), "-e", "stderr", "-c", str(self.directory / "nginx.conf"), "-p", str(self.directory))
