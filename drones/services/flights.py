"""Flights: planned by the control room, launched once the risk is answered, and landed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from drones.models import Aircraft, Flight
from drones.selectors import find_flight, flight_view, list_flights
from forces.accounts.officers import Pilot, find_pilot
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.errors import DomainError, InvalidInput, NotFound
from streams.live_flights import forget_flight_on_commit
from streams.models import LiveSession
from streams.services.flight_sessions import draft_flight_session, launch_flight_session
from streams.services.locks import lock_incident, lock_officer, lock_open_session
from streams.services.sessions import end_session
from streams.shapes import Plain

LEAST_PURPOSE = 5


class AircraftBusy(DomainError):
    """The aircraft has a flight that is planned or in the air (HTTP 409)."""

    code = "aircraft_busy"
    http_status = 409
    message = "This aircraft has another flight. Land it, or call it off, first."


class PilotBusy(DomainError):
    """The pilot has another aircraft in the air (HTTP 409)."""

    code = "pilot_busy"
    http_status = 409
    message = "This pilot has another aircraft in the air."


class PilotUnfit(DomainError):
    """Who is to fly has not (any more) the skill and a flyer ID (HTTP 409)."""

    code = "pilot_unfit"
    http_status = 409
    message = "Whoever flies needs the skill of a drone pilot and a flyer ID of the CAA."


class AircraftWithdrawn(DomainError):
    """The aircraft is not in service (any more) (HTTP 409)."""

    code = "aircraft_withdrawn"
    http_status = 409
    message = "This aircraft is not in service."


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned: who flies what, for which incident, what for and by what law."""

    incident_id: UUID
    aircraft_id: UUID
    pilot_id: str
    purpose: str
    lawful_basis: str
    authorisation: str = ""


def plan_flight(*, actor: Actor, now: datetime, plan: Plan) -> UUID:
    """Plan a flight and return its id, which is its session's; nothing may fly yet.

    Raises `NotPermitted`, `NotFound` (incident or aircraft), `InvalidInput`, `AircraftWithdrawn`, `AircraftBusy` or
    `PilotUnfit`.
    """
    require(actor, Permission.FLIGHT_CONTROL)
    _check_words(plan)
    incident = lock_incident(plan.incident_id, is_open=True)
    aircraft = _lock_aircraft(plan.aircraft_id)
    if Flight.objects.filter(aircraft=aircraft, state__in=Flight.OPEN).exists():
        raise AircraftBusy
    pilot = _fit_pilot(plan.pilot_id)
    session = draft_flight_session(
        actor=actor, now=now, incident=incident, source_id=str(aircraft.id), source_name=str(aircraft)
    )
    flight = Flight.objects.create(
        session=session,
        aircraft=aircraft,
        pilot_id=pilot.user_id,
        pilot_name=pilot.name,
        flyer_id=pilot.flyer_id,
        purpose=plan.purpose.strip(),
        lawful_basis=plan.lawful_basis,
        authorisation=plan.authorisation.strip(),
        planned_by=actor.id,
        planned_by_name=actor.name,
        planned_at=now,
    )
    _record(actor, "flight.plan", Operation.COLLECTION, flight)
    return flight.session_id


def launch_flight(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """Let a planned flight begin: from now on its aircraft may send.

    Raises `NotPermitted`, `NotFound`, `SessionOver`, `InvalidTransition`, `RiskUnanswered`, `RiskRefused`,
    `AircraftWithdrawn`, `PilotUnfit` or `PilotBusy`; a refusal is audited.
    """
    require(actor, Permission.FLIGHT_CONTROL)
    lock_officer(find_flight(session_id).pilot_id)  # a pilot has one aircraft in the air
    session = lock_open_session(session_id)
    flight = find_flight(session_id)
    try:
        _check_may_launch(flight)
        launch_flight_session(now=now, session=session)
    except DomainError as error:
        _refuse(actor, flight, error)
        raise
    flight.launch(now)
    flight.save(update_fields=["state", "launched_at"])
    _record(actor, "flight.launch", Operation.COLLECTION, flight)


def land_flight(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """The aircraft is down: the flight's session ends, and what was recorded becomes evidence.

    One that never was in the air is called off; one that is over stays so. Raises `NotPermitted` or `NotFound`.
    """
    require(actor, Permission.FLIGHT_CONTROL)
    flight = find_flight(session_id)
    reason = "landed" if flight.state == Flight.State.FLYING else "called_off"
    end_session(actor=actor, now=now, session_id=session_id, reason=reason)


def note_session_over(session: LiveSession, now: datetime) -> None:
    """A flight is over with its session, whoever or whatever ended that."""
    flight = Flight.objects.select_for_update().filter(pk=session.id).first()
    if flight is None or flight.state not in Flight.OPEN:
        return
    flight.end(now)
    forget_flight_on_commit(str(session.id))
    flight.save(update_fields=["state", "over_at"])
    act = "flight.land" if flight.state == Flight.State.LANDED else "flight.call_off"
    _record(Actor.system("drones"), act, Operation.ALTERATION, flight)


def view_flights(*, actor: Actor, now: datetime) -> list[Plain]:
    """Return `selectors.list_flights`; the reading is audited with the number of rows."""
    found = list_flights(actor, now=now)
    record(actor=actor, act="flight.list", operation=Operation.CONSULTATION, detail={"rows": len(found)})
    return found


def view_flight(*, actor: Actor, session_id: UUID) -> Plain:
    """Return `selectors.flight_view` of one flight; the reading is audited. Raises `NotPermitted` or `NotFound`."""
    require(actor, Permission.FLIGHT_VIEW)
    flight = find_flight(session_id)
    _record(actor, "flight.view", Operation.CONSULTATION, flight)
    return flight_view(flight)


def _check_words(plan: Plan) -> None:
    if len(plan.purpose.strip()) < LEAST_PURPOSE:
        raise InvalidInput("Say what the flight is for.", details={"field": "purpose"})
    if plan.lawful_basis not in Flight.LawfulBasis.values:
        raise InvalidInput("There is no such lawful basis.", details={"field": "lawful_basis"})
    if plan.lawful_basis == Flight.LawfulBasis.DIRECTED_SURVEILLANCE and not plan.authorisation.strip():
        raise InvalidInput("Directed surveillance needs its authorisation.", details={"field": "authorisation"})


def _lock_aircraft(aircraft_id: UUID) -> Aircraft:
    aircraft = Aircraft.objects.select_for_update().filter(pk=aircraft_id).first()
    if aircraft is None:
        raise NotFound("There is no such aircraft.")
    if not aircraft.is_in_service:
        raise AircraftWithdrawn
    return aircraft


def _fit_pilot(user_id: str) -> Pilot:
    pilot = find_pilot(user_id)
    if pilot is None:
        raise PilotUnfit
    return pilot


def _check_may_launch(flight: Flight) -> None:
    if not flight.aircraft.is_in_service:
        raise AircraftWithdrawn
    _fit_pilot(flight.pilot_id)
    flying = Flight.objects.filter(pilot_id=flight.pilot_id, state=Flight.State.FLYING)
    if flying.exclude(pk=flight.pk).exists():
        raise PilotBusy


def _refuse(actor: Actor, flight: Flight, error: DomainError) -> None:
    record_refusal(
        actor=actor,
        act="flight.launch",
        code=error.code,
        object_type="flight",
        object_id=flight.session_id,
        session_id=flight.session_id,
    )


def _record(actor: Actor, act: str, operation: Operation, flight: Flight) -> None:
    record(
        actor=actor,
        act=act,
        operation=operation,
        object_type="flight",
        object_id=flight.session_id,
        session_id=flight.session_id,
        detail={"aircraft": str(flight.aircraft_id), "pilot": flight.pilot_id},
    )
