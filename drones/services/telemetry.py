"""Telemetry of aircraft: admitted by their keys, judged, and kept with their flights; many messages in one batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from drones.footprint import TYPICAL_ERRORS
from drones.ground import Outline, outline_of
from drones.models import Aircraft, AircraftKey, AircraftPoint, Flight
from drones.services.ingest import NotInTheAir
from drones.telemetry.fix import AircraftFix
from drones.telemetry.plausibility import JudgedFix, Track
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.errors import DomainError, Unavailable
from streams.ingest import KeyInvalid
from streams.models import LiveSession
from streams.on_incident import officers_on_incident
from streams.services.flight_positions import keep_flight_fixes
from streams.services.ingest import is_refusal_news
from streams.services.positions import FixTooOld, NewFix
from streams.services.turns import TooOften, take_turn
from streams.shapes import Plain, iso

MESSAGES_PER_MINUTE = 1_200
OLDEST = timedelta(hours=1)
# An aircraft's clock may be a little behind the control room's, which launched the flight.
_BEFORE_LAUNCH = timedelta(seconds=10)

FindTrack = Callable[[UUID], Track]


@dataclass(frozen=True, slots=True)
class Message:
    """What one message brought by one key, known by its digest; and what the sender measures of its picture's way."""

    key_hash: str
    request_id: str
    fixes: Sequence[AircraftFix]
    picture_delay_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """How many fixes of a message are kept, and how many never will be; or why the message was refused whole."""

    kept: int = 0
    refused: int = 0
    error: DomainError | None = None


@dataclass(slots=True)
class Batch:
    """What became of a batch of messages, and who is told of it what.

    `flights` is the wire's FlightNow of each flight that moved, `positions` the Fixes of its session, `doubtful` since
    when and why the newest of a flight is not believed, `officers` who is shown the picture of a flight, `delays` what
    a picture takes to the media server, in ms.
    """

    answers: list[Answer] = field(default_factory=list)
    flights: dict[str, Plain] = field(default_factory=dict)
    positions: dict[UUID, list[Plain]] = field(default_factory=dict)
    doubtful: list[Plain] = field(default_factory=list)
    officers: dict[str, list[str]] = field(default_factory=dict)
    delays: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Flown:
    """A flight with what this batch brought of it."""

    flight: Flight
    fixes: list[JudgedFix] = field(default_factory=list)
    outlines: list[Outline | None] = field(default_factory=list)


def admit_telemetry(*, now: datetime, key_hash: str, request_id: str) -> None:
    """Raise `KeyInvalid`, or `NotInTheAir`, unless telemetry is taken by a key now; a refusal is audited."""
    try:
        _find_flight(_find_keys([key_hash]), key_hash)
    except (KeyInvalid, NotInTheAir) as error:
        _note_refused(now, key_hash, request_id, error)
        raise


def keep_telemetry(*, now: datetime, messages: Sequence[Message], find_track: FindTrack) -> Batch:
    """Keep a batch in one transaction; each message is admitted by itself, and refused whole or not at all.

    A fix that was kept before is kept once. The first of a flight is audited as the collection that begins.
    """
    keys = _find_keys({message.key_hash for message in messages})
    flown: dict[UUID, _Flown] = {}
    batch = Batch()
    for message in messages:
        try:
            flight = _admit(now, keys, message)
            taken = _not_too_old(now, flight, message.fixes)
        except DomainError as error:
            batch.answers.append(Answer(error=error))
            continue
        one = flown.setdefault(flight.pk, _Flown(flight))
        one.fixes += [find_track(flight.pk).judge(fix, now) for fix in taken]
        if message.picture_delay_ms is not None:
            batch.delays[str(flight.pk)] = message.picture_delay_ms
        batch.answers.append(Answer(len(taken), len(message.fixes) - len(taken)))
    for one in flown.values():
        _keep_flight(now, one, batch)
    return batch


def list_flying_keys() -> list[str]:
    """Return the digests of the standing keys whose aircraft are in the air."""
    rows = AircraftKey.objects.filter(revoked_at=None, aircraft__is_in_service=True)
    return list(rows.filter(aircraft__flights__state=Flight.State.FLYING).values_list("key_hash", flat=True))


def _find_keys(hashes: Iterable[str]) -> dict[str, AircraftKey]:
    rows = AircraftKey.objects.select_related("aircraft").filter(key_hash__in=list(hashes), revoked_at=None)
    return {row.key_hash: row for row in rows}


def _find_flight(keys: dict[str, AircraftKey], key_hash: str) -> Flight:
    key = keys.get(key_hash)
    if key is None:
        raise KeyInvalid
    flying = Flight.objects.select_related("aircraft").filter(aircraft_id=key.aircraft_id, state=Flight.State.FLYING)
    found = flying.first() if key.aircraft.is_in_service else None
    if found is None:
        raise NotInTheAir
    return found


def _admit(now: datetime, keys: dict[str, AircraftKey], message: Message) -> Flight:
    try:
        flight = _find_flight(keys, message.key_hash)
        take_turn("telemetry", message.key_hash, now=now, per_minute=MESSAGES_PER_MINUTE)
    except DomainError as error:
        _note_refused(now, message.key_hash, message.request_id, error)
        raise
    return flight


def _note_refused(now: datetime, key_hash: str, request_id: str, error: DomainError) -> None:
    """Audit a refusal, once a minute for each key: what is refused ten times a second is one fact."""
    try:
        take_turn("telemetry.refused", key_hash, now=now, per_minute=1)
    except TooOften:
        return
    except Unavailable:
        pass  # better twice in the audit than not at all
    if isinstance(error, KeyInvalid) and not is_refusal_news(now):
        return
    row = AircraftKey.objects.select_related("aircraft").filter(key_hash=key_hash).first()
    device = Actor.device(row.aircraft_id, str(row.aircraft), request_id) if row else Actor.anonymous(request_id)
    record_refusal(actor=device, act="telemetry.send", code=error.code, object_type="aircraft_key")


def _not_too_old(now: datetime, flight: Flight, fixes: Sequence[AircraftFix]) -> list[AircraftFix]:
    """Return what belongs to this flight, all but what lies too far back. Raises `FixTooOld` where that is nothing."""
    earliest = max(now - OLDEST, (flight.launched_at or now) - _BEFORE_LAUNCH)
    taken = [fix for fix in fixes if fix.fixed_at >= earliest]
    if not taken:
        raise FixTooOld
    return taken


def _keep_flight(now: datetime, one: _Flown, batch: Batch) -> None:
    flight = one.flight
    if not AircraftPoint.objects.filter(session_id=flight.pk).exists():
        _record_collection(flight)
    one.outlines = [outline_of(flight.aircraft, judged) for judged in one.fixes]
    AircraftPoint.objects.bulk_create(
        [_point(flight, judged, outline) for judged, outline in zip(one.fixes, one.outlines, strict=True)],
        ignore_conflicts=True,
    )
    believed = [judged for judged in one.fixes if judged.has_believable_place]
    moved = keep_flight_fixes(now=now, session_id=flight.pk, fixes=[_position(judged.fix) for judged in believed])
    if moved:
        batch.positions[flight.pk] = moved
    _tell(now, one, batch)


def _tell(now: datetime, one: _Flown, batch: Batch) -> None:
    """Put together what consoles and officers are told: the newest that is believed, and whether the last is not."""
    name, last = str(one.flight.pk), one.fixes[-1]
    present = [
        (judged, outline)
        for judged, outline in zip(one.fixes, one.outlines, strict=True)
        if judged.has_believable_place and not judged.is_late
    ]
    if present:
        batch.flights[name] = flight_now(name, *max(present, key=lambda pair: pair[0].fix.fixed_at))
    if last.doubts and not last.is_late:
        batch.doubtful.append({"session_id": name, "at": iso(now), "reasons": sorted(last.doubts)})
    shown = LiveSession.objects.filter(pk=one.flight.pk, shown_at__isnull=False).first()
    if shown is not None and present:
        batch.officers[name] = [officer.user_id for officer in officers_on_incident(shown.incident_id)]


def flight_now(session_id: str, judged: JudgedFix, outline: Outline | None) -> Plain:
    """Return the wire's FlightNow."""
    said = asdict(judged.fix)
    return {
        **said,
        "session_id": session_id,
        "fixed_at": iso(judged.fix.fixed_at),
        "received_at": iso(judged.received_at),
        "doubts": sorted(judged.doubts),
        "outline": outline,
    }


def _point(flight: Flight, judged: JudgedFix, outline: Outline | None) -> AircraftPoint:
    return AircraftPoint(
        session_id=flight.pk,
        **asdict(judged.fix),
        received_at=judged.received_at,
        is_late=judged.is_late,
        doubts=",".join(sorted(judged.doubts)),
        outline=outline,
    )


def _position(fix: AircraftFix) -> NewFix:
    """Return the place of an aircraft as a session's; how sure it is no aircraft says."""
    heading = fix.heading_deg if fix.heading_deg is not None and 0 <= fix.heading_deg <= 360 else None
    return NewFix(
        latitude=fix.latitude,
        longitude=fix.longitude,
        accuracy_m=TYPICAL_ERRORS.position_m,
        fixed_at=fix.fixed_at,
        altitude_m=fix.altitude_m,
        heading_deg=heading,
        speed_mps=fix.speed_mps,
    )


def _record_collection(flight: Flight) -> None:
    """One row for the collection that begins, not one per fix: the fixes themselves have their times."""
    aircraft: Aircraft = flight.aircraft
    record(
        actor=Actor.device(aircraft.pk, str(aircraft)),
        act="telemetry.collect",
        operation=Operation.COLLECTION,
        object_type="flight",
        object_id=flight.pk,
        session_id=flight.pk,
    )
