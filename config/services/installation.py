"""One set of daemons below one state directory: what the demo and the tests have in common."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from config.services.addresses import media_address
from config.services.coturn.relay import Coturn, Identity
from config.services.identities import own_directory
from config.services.janus.node import Janus
from config.services.nginx.front import Nginx
from config.services.nginx.rtmp import Certificate, Rtmp
from config.services.ports import Ports
from config.services.postgres.cluster import Cluster
from config.services.programs import ServiceError
from config.services.redis.server import Redis
from config.services.secret_store import SecretStore
from config.services.settings_environment import (
    Directories,
    owner_environment,
    settings_environment,
    write_environment,
)

Service = Cluster | Redis | Janus | Coturn | Nginx | Rtmp
PARTS = ("postgres", "redis", "janus", "coturn", "nginx", "rtmp")


@dataclass(frozen=True)
class Installation:
    """The daemons of one state directory, configured to know each other."""

    directories: Directories
    ports: Ports
    settings: dict[str, str]
    owner_settings: dict[str, str]
    postgres: Cluster
    redis: Redis
    janus: Janus
    coturn: Coturn
    nginx: Nginx
    rtmp: Rtmp

    @classmethod
    def describe(
        cls, state: Path, ports: Ports, *, settings_module: str, is_durable: bool, has_media: bool = True
    ) -> "Installation":
        """Compute all of it; only missing secrets are written. ``has_media`` finds a media address."""
        directories, secrets = Directories(state), SecretStore(state / "secrets.json")
        address = media_address() if has_media else "127.0.0.1"
        redis = Redis(
            state / "redis",
            ports.redis,
            secrets.get("redis_web"),
            secrets.get("redis_worker"),
            secrets.get("redis"),
        )
        coturn = Coturn(state / "coturn", ports, address, secrets.get("turn"), Identity.of_deployment())
        settings = settings_environment(directories, ports, secrets, redis, coturn, settings_module)
        return cls(
            directories=directories,
            ports=ports,
            settings=settings,
            owner_settings=owner_environment(secrets),
            postgres=Cluster(
                state / "postgres",
                ports.postgres,
                secrets.get("database_superuser"),
                secrets.get("database_owner"),
                is_durable,
            ),
            redis=redis,
            janus=Janus(
                state / "janus",
                directories.recordings,
                ports,
                address,
                secrets.get("janus_api"),
                secrets.get("janus_admin"),
                secrets.get("janus_room_admin"),
                secrets.get("janus_events"),
            ),
            coturn=coturn,
            nginx=Nginx(state / "nginx", ports, directories.web_files, directories.evidence),
            rtmp=Rtmp(state / "rtmp", ports, settings["SIGHTLINE_INGEST_ADDRESS"], Certificate.named_by(os.environ)),
        )

    def service(self, part: str) -> Service:
        """Return the daemon called ``part``, one of ``PARTS``."""
        services: dict[str, Service] = {
            "postgres": self.postgres,
            "redis": self.redis,
            "janus": self.janus,
            "coturn": self.coturn,
            "nginx": self.nginx,
            "rtmp": self.rtmp,
        }
        return services[part]

    def prepare(self) -> None:
        """Make the directories every process shares and write the env files."""
        own_directory(self.directories.logs)
        own_directory(self.directories.recordings, None, 0o755)
        own_directory(self.directories.evidence, None, 0o700)
        write_environment(self.directories, self.settings, self.owner_settings)
        self._copy_ffmpeg()

    def _copy_ffmpeg(self) -> None:
        # The sandbox's user may be unable to enter the clone: ffmpeg lies where it can.
        target = self.directories.ffmpeg
        found = sorted(Path(__file__).resolve().parents[2].glob(_FFMPEG_WHEEL))
        if not found:
            raise ServiceError("imageio-ffmpeg is not installed: run `make setup`")
        if target.exists() and target.stat().st_size == found[-1].stat().st_size:
            return
        own_directory(target.parent, None, 0o755)
        fresh = target.with_name("ffmpeg.new")
        shutil.copyfile(found[-1], fresh)
        fresh.chmod(0o755)
        fresh.replace(target)


_FFMPEG_WHEEL = ".venv/lib/python3*/site-packages/imageio_ffmpeg/binaries/ffmpeg-*"
