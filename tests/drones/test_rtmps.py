"""RTMP in TLS, in earnest: an encoder pushes by it as by RTMP, and nobody looks by it."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config.services.nginx.rtmp import Certificate
from config.services.programs import ServiceError
from drones.models import AircraftKey
from drones.services.secrets import feed_name
from forces import clock
from forces.context import ForceRef, ain_force
from tests.drones.ingest_looks import ends, until_feed, until_live
from tests.drones.ingest_world import Drone, World, pushing, run_ffmpeg

Fly = Callable[..., Awaitable[Drone]]


def self_signed(directory: Path) -> Certificate:
    """Make a certificate for 127.0.0.1."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sightline")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
    made = made.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    files = Certificate(directory / "chain.pem", directory / "key.pem")
    files.chain.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files.key.write_bytes(key.private_bytes(*form))
    return files


@pytest.fixture
async def rtmps(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Let the system's RTMP server take TLS as well; returns the beginning of its addresses, which senders trust."""
    plain, certificate = world.stack.installation.rtmp, self_signed(tmp_path)
    secured = replace(plain, certificate=certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.chain))
    world.serve_rtmp(secured)  # in this thread: a program that a thread began ends with it
    yield f"rtmps://127.0.0.1:{secured.ports.rtmps}/live/"
    world.serve_rtmp(plain)


def name_at_the_server(drone: Drone) -> str:
    """By which name bridges read what the drone pushes."""
    return feed_name(AircraftKey.objects.get(aircraft_id=drone.aircraft_id, revoked_at=None))


def reads(url: str) -> subprocess.Popen[bytes]:
    """Read a second of a picture."""
    return run_ffmpeg("-rw_timeout", "4000000", "-i", url, "-t", "1", "-c", "copy", "-f", "null", "-")


async def test_encoder_pushes_by_tls_and_nobody_looks_by_it_though_he_knows_the_name(
    fly: Fly, world: World, clips: Path, rtmps: str, herts: ForceRef
) -> None:
    drone = await fly("rtmp")
    name = await ain_force(herts, name_at_the_server, drone)
    with pushing(world.clip(clips), "flv", f"{rtmps}sla_herts_{'x' * 43}") as stranger:
        assert await ends(stranger, 10)
    with pushing(world.clip(clips), "flv", f"{rtmps}{drone.key}") as sender:
        await until_live(herts, drone)
        await until_feed(herts, drone, "passing")
        assert sender.poll() is None
        outside, bridge = reads(f"{rtmps}{name}"), reads(world.read_url(name))

        assert await ends(bridge, 15)
        assert bridge.returncode == 0, "who is on the machine, and knows the name, reads: it is the right one"
        assert await ends(outside, 15)
        assert outside.returncode != 0


def test_certificate_that_cannot_be_read_is_said(world: World, tmp_path: Path) -> None:
    missing = Certificate(tmp_path / "no.pem", tmp_path / "no.key")
    server = replace(world.stack.installation.rtmp, directory=tmp_path / "rtmp", certificate=missing)

    with pytest.raises(ServiceError, match="certificate for RTMPS"):
        server.prepare()


def test_certificate_is_named_by_both_of_its_files_or_not_at_all() -> None:
    both = {"SIGHTLINE_RTMPS_CERTIFICATE": "/a.pem", "SIGHTLINE_RTMPS_KEY": "/a.key"}

    assert Certificate.named_by(both) == Certificate(Path("/a.pem"), Path("/a.key"))
    assert Certificate.named_by({"SIGHTLINE_RTMPS_KEY": "/a.key"}) is None
