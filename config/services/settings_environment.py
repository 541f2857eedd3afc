"""The settings our processes read from their environment (and from the env files of a state directory)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.services.coturn.relay import Coturn
from config.services.identities import write_private
from config.services.ports import Ports
from config.services.postgres.cluster import DATABASE
from config.services.redis.server import Redis
from config.services.secret_store import SecretStore

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class Directories:
    """Where the parts of one state directory lie."""

    state: Path

    @property
    def recordings(self) -> Path:
        """Return where Janus records."""
        return self.state / "recordings"

    @property
    def evidence(self) -> Path:
        """Return where sealed items lie."""
        return self.state / "evidence"

    @property
    def web_files(self) -> Path:
        """Return the copy of the web build that nginx reads: ``static/``, ``assets/`` and the manifest."""
        return self.state / "web"

    @property
    def ffmpeg(self) -> Path:
        """Return the copy of ffmpeg that the media sandbox's user can run."""
        return self.state / "bin" / "ffmpeg"

    @property
    def logs(self) -> Path:
        """Return where every program's output goes."""
        return self.state / "log"


def settings_environment(
    directories: Directories,
    ports: Ports,
    secrets: SecretStore,
    redis: Redis,
    coturn: Coturn,
    settings_module: str,
) -> dict[str, str]:
    """Return every setting of an ordinary process; the owner's password is not among them."""
    return {
        "DJANGO_SETTINGS_MODULE": settings_module,
        "SIGHTLINE_STATE": str(directories.state),
        "DB_ROLE": "web",
        "SIGHTLINE_SECRET_KEY": secrets.get("secret_key"),
        "SIGHTLINE_LINK_KEY": secrets.get("link_key"),
        "SIGHTLINE_DB_HOST": "127.0.0.1",
        "SIGHTLINE_DB_PORT": str(ports.postgres),
        "SIGHTLINE_DB_NAME": DATABASE,
        "SIGHTLINE_DB_KEY": secrets.get("database_login_key"),
        "SIGHTLINE_REDIS_URL": redis.url("web"),
        "SIGHTLINE_REDIS_WEB_URL": redis.url("web"),
        "SIGHTLINE_REDIS_WORKER_URL": redis.url("worker"),
        "SIGHTLINE_JANUS_URL": f"ws://127.0.0.1:{ports.janus}",
        "SIGHTLINE_JANUS_ADMIN_URL": f"ws://127.0.0.1:{ports.janus_admin}",
        "SIGHTLINE_JANUS_API_SECRET": secrets.get("janus_api"),
        "SIGHTLINE_JANUS_ADMIN_SECRET": secrets.get("janus_admin"),
        "SIGHTLINE_JANUS_ADMIN_KEY": secrets.get("janus_room_admin"),
        "SIGHTLINE_JANUS_ROOM_KEY": secrets.get("janus_room"),
        "SIGHTLINE_JANUS_EVENTS_PASSWORD": secrets.get("janus_events"),
        "SIGHTLINE_TURN_URLS": coturn.urls,
        "SIGHTLINE_TURN_SECRET": secrets.get("turn"),
        "SIGHTLINE_RECORDINGS_DIR": str(directories.recordings),
        "SIGHTLINE_EVIDENCE_DIR": str(directories.evidence),
        "SIGHTLINE_FFMPEG": str(directories.ffmpeg),
        "SIGHTLINE_BASE_DOMAIN": "localhost",
        "SIGHTLINE_PORT": str(ports.public),
        "SIGHTLINE_MACHINE_PORT": str(ports.machine),
        # Where aircraft and encoders are listened for; everything of a demonstration stays on loopback.
        "SIGHTLINE_INGEST_ADDRESS": "127.0.0.1",
        "SIGHTLINE_RTMP_PORT": str(ports.rtmp),
        "SIGHTLINE_RTMP_INSIDE_PORT": str(ports.rtmp_inside),
        "SIGHTLINE_SRT_PORTS": "-".join(map(str, ports.srt)),
        "SIGHTLINE_SRT_PORTS_EACH": "4",
        "SIGHTLINE_MAVLINK_PORT": str(ports.mavlink),
        "SIGHTLINE_WEB_PORT": str(ports.web()),
        "SIGHTLINE_SCHEME": "http",
        "SIGHTLINE_SMS_SENDER": "outbox",
        "SIGHTLINE_NOTIFY_URL": "",
        "SIGHTLINE_NOTIFY_API_KEY": "",
        "SIGHTLINE_NOTIFY_TEMPLATE_ID": "",
        "SIGHTLINE_NOTIFY_CALLBACK_TOKEN": secrets.get("notify_callback"),
        "SIGHTLINE_PUSH": "on",
        "SIGHTLINE_PUSH_KEY": push_key(secrets.get("push")),
        "SIGHTLINE_PUSH_CONTACT": "mailto:operations@sightline.example",
        "SIGHTLINE_PUSH_TEST_ORIGINS": "",
        "SIGHTLINE_MAP_TILES_URL": "",
        "SIGHTLINE_WEB_ROOT": str(directories.web_files),
        "SIGHTLINE_STATIC_ROOT": str(directories.web_files / "static"),
    }


def push_key(secret: str) -> str:
    """Return the private key of P-256 (raw, base64url) that a random secret of 64 hexadecimal digits stands for."""
    number = int(secret, 16) % (_P256_ORDER - 1) + 1
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def redis_rights(settings: Mapping[str, str], user: str) -> dict[str, str]:
    """Return the settings that give a process one ACL user of Redis for everything: ``web`` or ``worker``."""
    url = settings[f"SIGHTLINE_REDIS_{user.upper()}_URL"]
    return {name: url for name in ("SIGHTLINE_REDIS_URL", "SIGHTLINE_REDIS_WEB_URL", "SIGHTLINE_REDIS_WORKER_URL")}


def owner_environment(secrets: SecretStore) -> dict[str, str]:
    """Return what only the owner's processes get on top: they make and migrate schemas."""
    return {"DB_ROLE": "owner", "SIGHTLINE_DB_OWNER_PASSWORD": secrets.get("database_owner")}


def write_environment(directories: Directories, settings: Mapping[str, str], owner: Mapping[str, str]) -> None:
    """Write ``env`` and ``owner.env`` (mode 0600) for processes that start without these variables."""
    write_private(directories.state / "env", _lines(settings))
    write_private(directories.state / "owner.env", _lines(owner))


def _lines(values: Mapping[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())
