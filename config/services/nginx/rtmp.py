"""Configuration, start and proof of life of the nginx that takes RTMP: a process of its own, for it reads strangers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.services.identities import own_directory, service_user, write_private
from config.services.nginx.front import nginx_binary
from config.services.ports import Ports
from config.services.processes import accepts_connections, run_quietly
from config.services.programs import Program, ServiceError
from config.services.rendering import render

MODULES = (Path("/usr/lib/nginx/modules/ngx_rtmp_module.so"), Path("/usr/lib/nginx/modules/ngx_stream_module.so"))
_TLS = """
	server {{
		listen {address}:{port} ssl;
		ssl_certificate {certificate};
		ssl_certificate_key {key};
		ssl_protocols TLSv1.2 TLSv1.3;
		ssl_handshake_timeout 10s;
		proxy_pass 127.0.0.1:{inside_port};
	}}"""


@dataclass(frozen=True)
class Certificate:
    """Files in PEM of a name's certificate, with its chain, and of its private key."""

    chain: Path
    key: Path

    @classmethod
    def named_by(cls, environment: Mapping[str, str]) -> "Certificate | None":
        """Return what `SIGHTLINE_RTMPS_CERTIFICATE` and `SIGHTLINE_RTMPS_KEY` name; None unless both do."""
        chain, key = (environment.get(f"SIGHTLINE_RTMPS_{what}") for what in ("CERTIFICATE", "KEY"))
        return cls(Path(chain), Path(key)) if chain and key else None


@dataclass(frozen=True)
class Rtmp:
    """A server on ``address``:``ports.rtmp`` that asks the loopback door of machines whom it may take.

    With a certificate it takes RTMPS, too, at ``ports.rtmps``. Bridges read at ``ports.rtmp_inside``, on loopback.
    """

    directory: Path
    ports: Ports
    address: str
    certificate: Certificate | None = None

    def prepare(self) -> None:
        """Write the configuration and let nginx itself judge it; raises ``ServiceError`` with its words."""
        if not all(module.exists() for module in MODULES):
            raise ServiceError("nginx's modules for RTMP and streams are not installed: run `make setup`")
        user = service_user("rtmp")
        own_directory(self.directory, user)
        text = render(
            "nginx/rtmp.conf",
            modules="\n".join(f"load_module {module};" for module in MODULES),
            directory=self.directory,
            address=self.address,
            port=self.ports.rtmp,
            inside_port=self.ports.rtmp_inside,
            machine_port=self.ports.machine,
            tls="" if self.certificate is None else self._tls(self.certificate, user),
        )
        write_private(self.directory / "nginx.conf", text, user)
        # It opens a log of its own however it is configured, in a directory that must be there.
        own_directory(self.directory / "logs", user)
        test = Program("rtmp", (*self._command(), "-t", "-q"), self.directory, lambda: True, user=user)
        run_quietly(test.command_line(), "nginx's check of its RTMP configuration")

    def program(self) -> Program:
        """Return the server."""
        host = "127.0.0.1" if self.address == "0.0.0.0" else self.address
        open_ports = [self.ports.rtmp] if self.certificate is None else [self.ports.rtmp, self.ports.rtmps]
        return Program(
            name="rtmp",
            command=self._command(),
            directory=self.directory,
            user=service_user("rtmp"),
            is_ready=lambda: all(accepts_connections(port, host) for port in open_ports),
        )

    def _tls(self, certificate: Certificate, user: str | None) -> str:
        """What takes TLS; its files are copied to where the server, which is nobody on this machine, can read them."""
        chain, key = self.directory / "certificate.pem", self.directory / "certificate.key"
        try:
            write_private(chain, certificate.chain.read_text(), user)
            write_private(key, certificate.key.read_text(), user)
        except OSError as error:
            raise ServiceError(f"the certificate for RTMPS cannot be read: {error}") from error
        return _TLS.format(
            address=self.address,
            port=self.ports.rtmps,
            inside_port=self.ports.rtmp_inside,
            certificate=chain,
            key=key,
        )

    def _command(self) -> tuple[str, ...]:
        return (nginx_binary(), "-e", "stderr", "-c", str(self.directory / "nginx.conf"), "-p", str(self.directory))
