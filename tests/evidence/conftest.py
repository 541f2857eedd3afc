"""Recordings on disk and items in the database, as the media server and the streams app would leave them."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from forces.actors import Actor
from tests.fakes import mjr

if TYPE_CHECKING:
    from evidence.models import Item

STARTED = datetime(2030, 3, 17, 17, 46, 40, tzinfo=UTC)
ENDED = STARTED + timedelta(seconds=30)
SYSTEM = Actor.system("watchdog")
SUPERVISOR = Actor(kind="user", id="7", name="Priya Nair", role="supervisor")
OPERATOR = Actor(kind="user", id="8", name="Sam Okafor", role="operator")
OTHER_OPERATOR = Actor(kind="user", id="9", name="Jo Lindqvist", role="operator")
OFFICER = Actor(kind="user", id="10", name="Tom Ashby", role="officer")
AUDITOR = Actor(kind="user", id="11", name="Ruth Calder", role="auditor")
FORCE_ADMIN = Actor(kind="user", id="12", name="Alex Reed", role="force_admin")


def proved(actor: Actor, now: datetime) -> Actor:
    """Return the actor as one who has just proved who it is."""
    return replace(actor, proved_at=now)


@dataclass
class MovingClock:
    """A clock that stands still until it is moved; callable like `forces.clock.now`."""

    time: datetime = ENDED

    def __call__(self) -> datetime:
        """Return the time it stands at."""
        return self.time

    def move(self, **step: float) -> None:
        """Move on by a timedelta's arguments."""
        self.time += timedelta(**step)


@dataclass
class Recording:
    """One recorded stream: the item's arguments and the files that the media server left."""

    schema: str = "herts"
    session_id: UUID = field(default_factory=uuid4)
    stream_id: UUID = field(default_factory=uuid4)

    @property
    def directory(self) -> str:
        """Relative to the recordings, as the room has it."""
        return f"{self.schema}/{self.session_id}"

    def write(self, number: int = 0, *, packets: Any = None, ending: str = "", age_s: float = 60) -> Path:
        """Write one segment's picture, last changed `age_s` ago."""
        directory = Path(settings.RECORDINGS_DIR) / self.directory
        directory.mkdir(parents=True, exist_ok=True)
        name = f"videoroom-{self.schema}-{self.session_id}-user-{self.stream_id}-{number}-video-0.mjr{ending}"
        start_us = mjr.START_US + number * 60_000_000
        path = mjr.write_mjr(directory / name, "h264", packets or mjr.h264(2), start_us=start_us)
        then = path.stat().st_mtime - age_s
        os.utime(path, (then, then))
        return path

    def register(self, now: datetime = ENDED, **changes: Any) -> UUID:
        """Register the recording as the streams app does when the room is closed."""
        from evidence.services.intake import register_recording

        arguments: dict[str, Any] = {
            "session_id": self.session_id,
            "stream_id": self.stream_id,
            "incident_reference": "HERTS-3003-0001",
            "category_code": "incident",
            "directory": self.directory,
            "started_at": STARTED,
            "ended_at": ENDED,
            "is_complete": True,
            "gaps": [],
        }
        return register_recording(actor=SYSTEM, now=now, **(arguments | changes))


@dataclass
class RecordedCall:
    """A call: feeds in one session, of which the media server left tracks."""

    schema: str = "herts"
    session_id: UUID = field(default_factory=uuid4)
    feeds: list[UUID] = field(default_factory=list)
    cast: list[dict[str, Any]] = field(default_factory=list)

    @property
    def directory(self) -> str:
        """Relative to the recordings, as the room has it."""
        return f"{self.schema}/{self.session_id}"

    def add(self, name: str, role: str = "victim", *, colour: str = "red", is_recorded: bool = True) -> UUID:
        """Somebody who was there for two seconds; who agreed to be recorded left a picture and a sound."""
        feed_id = uuid4()
        base = f"{feed_id}-{uuid4()}"
        times = {"base": base, "from": "2030-03-17T17:46:40Z", "to": "2030-03-17T17:46:42Z"}
        if is_recorded:
            self.feeds.append(feed_id)
            row = {"feed_id": str(feed_id), "name": name, "role": role, "source": "camera", "segments": [times]}
            self.cast.append(row)
            self.write(f"{base}-audio-0", "opus", mjr.opus(2))
            self.write(f"{base}-video-1", "vp8", mjr.plain(2, colour))
        return feed_id

    def write(self, name: str, codec: str, packets: Any) -> Path:
        """Write one track, closed a minute ago."""
        directory = Path(settings.RECORDINGS_DIR) / self.directory
        directory.mkdir(parents=True, exist_ok=True)
        path = mjr.write_mjr(directory / f"{name}.mjr", codec, packets)
        then = path.stat().st_mtime - 60
        os.utime(path, (then, then))
        return path

    def register(self, now: datetime = ENDED, **changes: Any) -> UUID:
        """Register the call as it is done when its room is closed."""
        from evidence.services.intake import register_call

        arguments: dict[str, Any] = {
            "session_id": self.session_id,
            "feed_ids": self.feeds,
            "cast": self.cast,
            "incident_reference": "HERTS-3003-0001",
            "category_code": "incident",
            "directory": self.directory,
            "started_at": STARTED,
            "ended_at": STARTED + timedelta(seconds=2),
            "is_complete": True,
            "gaps": [],
        }
        return register_call(actor=SYSTEM, now=now, **(arguments | changes))


@pytest.fixture(autouse=True)
def directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep recordings and evidence of a test to itself; returns the evidence directory."""
    monkeypatch.setattr(settings, "RECORDINGS_DIR", tmp_path / "recordings")
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path / "evidence")
    return tmp_path / "evidence"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MovingClock:
    """The doors' clock, standing at the end of the recording."""
    from forces import clock as real

    moving = MovingClock()
    monkeypatch.setattr(real, "now", moving)
    return moving


@pytest.fixture
def sealed(in_herts: object, herts: Any, clock: MovingClock) -> Callable[..., "Item"]:
    """Return a function that records, registers and seals, and returns the item."""
    from evidence import sealing
    from evidence.models import Item

    def make(recording: Recording | None = None, **changes: Any) -> Item:
        recording = recording or Recording()
        recording.write()
        item_id = recording.register(clock(), **changes)
        sealing.seal(herts, item_id, clock)
        item = Item.objects.get(id=item_id)
        assert item.state == "sealed", item.failure_reason
        return item

    return make


@pytest.fixture
def sealed_call(in_herts: object, herts: Any, clock: MovingClock) -> Callable[..., "Item"]:
    """Return a function that registers and seals a call, by default of an officer and a victim."""
    from evidence import sealing
    from evidence.models import Item

    def make(call: RecordedCall | None = None, **changes: Any) -> Item:
        if call is None:
            call = RecordedCall()
            call.add("PC Ade", "officer", colour="red")
            call.add("Ann Ball", "victim", colour="blue")
        item_id = call.register(clock(), **changes)
        sealing.seal(herts, item_id, clock)
        item = Item.objects.get(id=item_id)
        assert item.state == "sealed", item.failure_reason
        return item

    return make
