"""Which aircraft are bridged now and how, what a bridge shows at our own door, and how each of them stands."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.core import signing

from drones.ingest.addresses import AddressRefused, Network, PullAddress, read_networks, read_url
from drones.ingest.treatments import Policy
from drones.models import Aircraft, AircraftKey, Feed, Flight, IngestPolicy
from drones.selectors import feed_view, find_ingest_policy
from drones.services.ingest import ingest_of
from drones.services.secrets import camera_password, feed_name, srt_passphrase
from drones.services.srt_ports import srt_port
from forces import clock
from forces.context import current_force
from forces.dispatch import broadcast_on_commit
from streams.broadcasts import FLIGHTS
from streams.ingest import Ingest, KeyInvalid
from streams.services.links import site_of
from streams.shapes import iso

log = logging.getLogger(__name__)

BRIDGE_PREFIX = "slb_"
BEARER_LASTS = timedelta(seconds=15)
"""A bearer is made for one request on this machine, and shown at once."""
PUSH_STANDS = timedelta(seconds=12)
"""The RTMP server says of what is pushed every 5 s that it still is."""
_SALT = "drones.bridge"


@dataclass(frozen=True, slots=True)
class Bridged:
    """One aircraft in the air, and from where its picture comes: one of `feed_name`, `srt_port` and `camera`.

    `pushed_at` is when the RTMP server last said that somebody pushes for it.
    """

    aircraft_id: UUID
    key_id: int
    protocol: str
    policy: Policy
    feed_name: str = field(default="", repr=False)
    srt_port: int = 0
    passphrase: str = field(default="", repr=False)
    camera: PullAddress | None = None
    networks: tuple[Network, ...] = ()
    pushed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bridging:
    """What a force has bridged now; `host` is its name at our own door."""

    host: str
    bridged: tuple[Bridged, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a bridge stands, in the words of `Feed`."""

    state: str
    protocol: str = ""
    trouble: str = ""
    is_transcoded: bool = False
    codec: str = ""


def list_bridged(*, now: datetime) -> Bridging:
    """Return every aircraft in the air with a key that stands, as far as its picture is bridged."""
    rows = AircraftKey.objects.filter(
        revoked_at=None, aircraft__is_in_service=True, aircraft__flights__state=Flight.State.FLYING
    ).select_related("aircraft", "aircraft__feed")
    policy = find_ingest_policy()
    bridged = tuple(found for row in rows if (found := _bridged_or_none(row, policy, now)) is not None)
    return Bridging(urlsplit(site_of(current_force().schema)).netloc, bridged)


def note_feed(*, now: datetime, aircraft_id: UUID, standing: Standing) -> None:
    """Write down how an aircraft's bridge stands, and tell the consoles that follow its flight: each change once."""
    feed, _ = Feed.objects.select_for_update().get_or_create(aircraft_id=aircraft_id)
    before = Standing(feed.state, feed.protocol, feed.trouble, feed.is_transcoded, feed.codec)
    if before == standing:
        return
    feed.state, feed.protocol, feed.trouble = standing.state, standing.protocol, standing.trouble
    feed.is_transcoded, feed.codec, feed.changed_at = standing.is_transcoded, standing.codec, now
    feed.save()
    flying = Flight.objects.select_related("aircraft__feed").filter(aircraft_id=aircraft_id, state=Flight.State.FLYING)
    if (flight := flying.first()) is not None:
        frame = {"type": "flight.feed", "session_id": str(flight.pk), "at": iso(now), "feed": feed_view(flight)}
        broadcast_on_commit(FLIGHTS, frame)


def make_bearer(schema: str, aircraft_id: UUID, key_id: int) -> str:
    """Return what a bridge shows at our own door: for one aircraft, as long as a key of it stands, for 15 s."""
    made_at = clock.now().timestamp()
    return BRIDGE_PREFIX + signing.dumps([schema, str(aircraft_id), key_id, made_at], salt=_SALT)


def find_bridge_ingest(bearer: str, now: datetime, request_id: str) -> Ingest:
    """Return what a bridge's bearer opens; the key of the aircraft is locked.

    Raises `KeyInvalid`, and `NotInTheAir` before the launch and after the landing.
    """
    try:
        schema, aircraft_id, key_id, made_at = signing.loads(bearer.removeprefix(BRIDGE_PREFIX), salt=_SALT)
    except signing.BadSignature as error:
        raise KeyInvalid from error
    is_fresh = abs(now.timestamp() - made_at) <= BEARER_LASTS.total_seconds()
    if schema != current_force().schema or not is_fresh:
        raise KeyInvalid
    rows = AircraftKey.objects.select_related("aircraft").select_for_update(of=("self",))
    row = rows.filter(pk=key_id, aircraft_id=aircraft_id, revoked_at=None).first()
    return ingest_of(row, now, request_id)


def _bridged_or_none(key: AircraftKey, policy: IngestPolicy, now: datetime) -> Bridged | None:
    """What cannot be read of one aircraft must not keep the others of the force from being bridged."""
    try:
        return _bridged(key, policy, now)
    except (AddressRefused, InvalidToken):
        log.exception("an aircraft is not bridged", extra={"aircraft": str(key.aircraft_id)})
        return None


def _bridged(key: AircraftKey, policy: IngestPolicy, now: datetime) -> Bridged | None:
    aircraft = key.aircraft
    plain = Policy(policy.may_transcode_h265, policy.has_sound, policy.most_kbps)
    for protocol in _ways(aircraft, now):
        if protocol == Aircraft.Protocol.RTMP:
            pushed_at = _pushed_at(aircraft)
            return Bridged(aircraft.pk, key.pk, protocol, plain, feed_name=feed_name(key), pushed_at=pushed_at)
        if protocol == Aircraft.Protocol.SRT and (port := srt_port(aircraft)):
            return Bridged(aircraft.pk, key.pk, protocol, plain, srt_port=port, passphrase=srt_passphrase(key))
        if protocol == Aircraft.Protocol.RTSP and aircraft.rtsp_address:
            networks = read_networks(policy.pull_networks.split())
            return Bridged(aircraft.pk, key.pk, protocol, plain, camera=_camera(aircraft), networks=networks)
    return None


def _ways(aircraft: Aircraft, now: datetime) -> Iterator[str]:
    """The ways an aircraft's picture may come, likeliest first: who pushes by RTMP does so now."""
    ways = [Aircraft.Protocol.SRT, Aircraft.Protocol.RTSP]
    pushed_at = _pushed_at(aircraft)
    is_pushed = pushed_at is not None and now - pushed_at < PUSH_STANDS
    ways.insert(0 if is_pushed else len(ways), Aircraft.Protocol.RTMP)
    return (way for way in ways if way in aircraft.protocols)


def _pushed_at(aircraft: Aircraft) -> datetime | None:
    feed: Feed | None = getattr(aircraft, "feed", None)
    return feed.pushed_at if feed is not None else None


def _camera(aircraft: Aircraft) -> PullAddress:
    written = read_url(aircraft.rtsp_address)
    return PullAddress(written.host, written.port, written.path, aircraft.rtsp_user, camera_password(aircraft))
