"""Packages of the distribution: missing ones are installed, and their daemons kept from starting."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from config.services.identities import is_root
from config.services.programs import ServiceError

_POLICY = Path("/usr/sbin/policy-rc.d")
_DENY_STARTS = "#!/bin/sh\n# Temporary: Sightline is installing packages and starts daemons of its own.\nexit 101\n"


@dataclass(frozen=True)
class Requirement:
    """A package and the file that shows it is there, however it was installed (a pattern below ``/``).

    ``unit`` is the service the package would have started at the next boot. An optional package may be
    unknown to the distribution.
    """

    package: str
    evidence: str
    unit: str = ""
    is_optional: bool = False

    @property
    def is_met(self) -> bool:
        """Tell whether the file is there."""
        return any(Path("/").glob(self.evidence))


_BROTLI = "libnginx-mod-http-brotli-filter"
DAEMONS = (
    Requirement("iproute2", "*bin/ip"),
    Requirement("postgresql", "usr/lib/postgresql/*/bin/initdb", "postgresql.service"),
    Requirement("redis-server", "usr/bin/redis-server", "redis-server.service"),
    Requirement("janus", "usr/bin/janus", "janus.service"),
    Requirement("janus-tools", "usr/bin/janus-pp-rec"),
    Requirement("ffmpeg", "usr/bin/ffmpeg"),
    # Names in films of calls are drawn with it.
    Requirement("fonts-dejavu-core", "usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    Requirement("coturn", "usr/bin/turnserver", "coturn.service"),
    Requirement("nginx-light", "usr/sbin/nginx", "nginx.service"),
    Requirement("libnginx-mod-rtmp", "usr/lib/nginx/modules/ngx_rtmp_module.so"),
    Requirement("libnginx-mod-stream", "usr/lib/nginx/modules/ngx_stream_module.so"),
    Requirement(_BROTLI, "usr/lib/nginx/modules/ngx_http_brotli_filter_module.so", is_optional=True),
)
BROWSERS = (
    Requirement("chromium", "usr/bin/chromium"),
    Requirement("firefox-esr", "usr/bin/firefox-esr"),
    # Letters of Urdu, as every phone has them: without it pictures of those pages have boxes for letters.
    Requirement("fonts-sil-scheherazade", "usr/share/fonts/truetype/scheherazade*/*.ttf", is_optional=True),
)
CERTIFICATES = (Requirement("ca-certificates", "etc/ssl/certs/ca-certificates.crt"),)


def python_packages() -> tuple[Requirement, ...]:
    """Return what this interpreter lacks to make a virtual environment (Debian splits it off)."""
    if find_spec("ensurepip") is not None and find_spec("venv") is not None:
        return ()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (Requirement(f"python{version}-venv", f"usr/lib/python{version}/ensurepip/__init__.py"),)


def install_missing(requirements: Sequence[Requirement]) -> None:
    """Install what is missing. Raises ``ServiceError`` naming it when this user or this system cannot."""
    missing = [requirement for requirement in requirements if not requirement.is_met]
    if not any(not requirement.is_optional for requirement in missing):
        return
    names = ", ".join(requirement.package for requirement in missing)
    if shutil.which("apt-get") is None:
        raise ServiceError(f"this system has no apt-get; please install: {names}")
    print(f"Installing packages: {names}", flush=True)
    _as_root("apt-get", "update", "-q")
    wanted = [requirement for requirement in missing if not requirement.is_optional or _is_known(requirement)]
    with _daemons_stay_down():
        # Recommends bring mail servers and the like.
        _as_root("apt-get", "install", "-y", "-q", "--no-install-recommends", *[item.package for item in wanted])
    _keep_disabled([requirement.unit for requirement in wanted if requirement.unit])
    still = [requirement.package for requirement in wanted if not requirement.is_met]
    if still:
        raise ServiceError(f"installed, yet not found: {', '.join(still)}")


def _is_known(requirement: Requirement) -> bool:
    done = subprocess.run(["apt-cache", "show", requirement.package], capture_output=True, check=False)
    return done.returncode == 0


def _as_root(*words: str, given: str | None = None) -> None:
    command = [*_sudo(), *words]
    if words[0] == "apt-get":
        command = [*_sudo(), "env", "DEBIAN_FRONTEND=noninteractive", *words]
    # apt's many lines are for whoever looks for a reason; they go to stderr as they come.
    done = subprocess.run(command, stdout=sys.stderr.fileno(), input=given, text=True, check=False)
    if done.returncode != 0:
        raise ServiceError(f"`{' '.join(words)}` failed ({done.returncode})")


def _sudo() -> list[str]:
    if is_root():
        return []
    if shutil.which("sudo") is None:
        raise ServiceError("packages are missing, and this user is neither root nor has sudo")
    # Without a terminal nobody can type a password: fail at once instead of waiting for one.
    return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]


@contextlib.contextmanager
def _daemons_stay_down() -> Iterator[None]:
    """Deny starts while packages are configured; a policy that denies them already is left alone."""
    if _POLICY.exists() and subprocess.run([str(_POLICY), "nginx", "start"], check=False).returncode == 101:
        yield
        return
    kept = _POLICY.with_name("policy-rc.d.before-sightline")
    if _POLICY.exists():
        _as_root("mv", str(_POLICY), str(kept))
    try:
        _as_root("tee", str(_POLICY), given=_DENY_STARTS)
        _as_root("chmod", "755", str(_POLICY))
        yield
    finally:
        _as_root("rm", "-f", str(_POLICY))
        if kept.exists():
            _as_root("mv", str(kept), str(_POLICY))


def _keep_disabled(units: Sequence[str]) -> None:
    # Only of packages that were not here before: the next boot must not bring a web server on port 80.
    if units and shutil.which("systemctl") is not None:
        command = [*_sudo(), "systemctl", "--quiet", "disable", *units]
        subprocess.run(command, env={**os.environ, "SYSTEMD_OFFLINE": "1"}, capture_output=True, check=False)
