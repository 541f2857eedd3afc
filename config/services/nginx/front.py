"""Configuration, start and proof of life of our nginx."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from config.services.identities import own_directory, service_user, write_private
from config.services.ports import Ports
from config.services.processes import accepts_connections, run_quietly
from config.services.programs import Program, ServiceError
from config.services.rendering import render

_BROTLI_MODULE = Path("/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so")
_BROTLI = """
	brotli on;
	brotli_comp_level 5;
	brotli_min_length 512;
	brotli_types text/css text/plain text/csv text/javascript application/javascript application/json;
"""
# nginx drops inherited headers where a location has one of its own, and what the application said before
# X-Accel-Redirect. A file opened by itself runs nothing, whatever is in it.
_FILE_HEADERS = """\
			add_header X-Content-Type-Options nosniff always;
			add_header Cross-Origin-Resource-Policy same-origin always;
			add_header Cross-Origin-Embedder-Policy require-corp always;
			add_header Cross-Origin-Opener-Policy same-origin always;
			add_header X-Frame-Options DENY always;
			add_header Referrer-Policy no-referrer always;
			add_header Strict-Transport-Security $strict_transport always;
			add_header Content-Security-Policy "default-src 'none'; img-src 'self'; media-src 'self'; sandbox" always;\
"""


@dataclass(frozen=True)
class Nginx:
    """A front on 127.0.0.1: ``ports.public`` for people, ``ports.machine`` for Janus's events.

    ``web_files`` has ``static/`` and ``assets/``; ``evidence`` is what X-Accel-Redirect may serve.
    """

    directory: Path
    ports: Ports
    web_files: Path
    evidence: Path
    base_domain: str = "localhost"
    web_processes: int = 1

    def prepare(self) -> None:
        """Write the configuration and let nginx itself judge it; raises ``ServiceError`` with its words."""
        user = service_user("nginx")
        own_directory(self.directory, user)
        own_directory(self.web_files, None, 0o755)
        self._share_evidence(user)
        has_brotli = _BROTLI_MODULE.exists()
        upstreams = [
            f"\t\tserver 127.0.0.1:{self.ports.web(number)} max_fails=1 fail_timeout=2s;"
            for number in range(self.web_processes)
        ]
        text = render(
            "nginx/nginx.conf",
            directory=self.directory,
            modules=f"load_module {_BROTLI_MODULE};" if has_brotli else "",
            brotli=_BROTLI if has_brotli else "",
            base_domain=self.base_domain,
            public_port=self.ports.public,
            machine_port=self.ports.machine,
            web_processes="\n".join(upstreams),
            web_files=self.web_files,
            evidence=self.evidence,
            file_headers=_FILE_HEADERS,
        )
        write_private(self.directory / "nginx.conf", text, user)
        test = Program("nginx", (*self._command(), "-t", "-q"), self.directory, lambda: True, user=user)
        run_quietly(test.command_line(), "nginx's check of its configuration")

    def program(self) -> Program:
        """Return the server; its master runs as its own user too."""
        return Program(
            name="nginx",
            command=self._command(),
            directory=self.directory,
            user=service_user("nginx"),
            is_ready=lambda: accepts_connections(self.ports.public) and accepts_connections(self.ports.machine),
        )

    def _command(self) -> tuple[str, ...]:
        # -e: before it reads its configuration it would log where only root may.
        return (nginx_binary(), "-e", "stderr", "-c", str(self.directory / "nginx.conf"), "-p", str(self.directory))

    def _share_evidence(self, user: str | None) -> None:
        # Ours to write, nginx's group to read: new directories inherit the group by the setgid bit.
        own_directory(self.evidence, None, 0o700)
        if user is not None:
            shutil.chown(self.evidence, group=user)
            self.evidence.chmod(0o2750)


def nginx_binary() -> str:
    """Return where nginx is; raises ``ServiceError`` when it is nowhere."""
    binary = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/sbin")
    if binary is None:
        raise ServiceError("nginx is not installed: run `make setup`")
    return binary
