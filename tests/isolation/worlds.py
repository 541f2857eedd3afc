"""One force's rows of every kind, each with a mark that no other force may ever see."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from drones.models import AircraftKey
from evidence.models import Item, ItemFile, ItemState, SessionErasure, Tombstone
from evidence.services.retention import place_hold
from forces import clock
from forces.accounts.models import ApiToken, SecondFactorRule, User
from forces.accounts.roles import FIELD_ROLES, Role
from forces.accounts.tokens import issue_token
from forces.actors import Actor
from forces.context import ForceRef, in_force
from streams.agency_tickets import AgencyTicket
from streams.live_officers import OfficerFix
from streams.models import Incident, IncidentType, Invitation, LiveSession, Still, Stream
from streams.selectors import CallerTicket, write_caller_cookie
from streams.services import chat, publishing, shares, stills
from streams.services.assignments import accept_assignment, ask_assignment
from streams.services.codes import code_of
from streams.services.colleagues import show_to_officers
from streams.services.going_live import go_live
from streams.services.group_text import say
from streams.services.handovers import offer_handover
from streams.services.incident_closing import close_incident
from streams.services.notices import notify_officer_on_commit
from streams.services.sessions import end_session
from streams.services.shifts import set_status
from streams.services.view_requests import ask_view
from tests.evidence.conftest import Recording
from tests.factories import media
from tests.factories import streams as made
from tests.factories.agencies import agency_token, opened, share_out, verified
from tests.factories.drones import make_aircraft, make_flying, make_key, make_pilot, make_planned
from tests.factories.officers import keep_fixes
from tests.factories.recordings import make_sealed
from tests.factories.talks import make_talk
from tests.isolation.consultations import Meetings
from tests.isolation.consultations import build as build_meetings

# Shares with each world's force, and is shown something by each.
OWNER = ForceRef("cambs", "Cambridgeshire Constabulary")
ROLES = ["", *(role.value for role in Role if role != Role.PLATFORM_ADMIN)]


@dataclass
class World:
    """A force's objects by name: what the cases fill into addresses, bodies and frames."""

    force: ForceRef
    ids: dict[str, str] = field(default_factory=dict)
    tickets: dict[str, CallerTicket] = field(default_factory=dict)
    agency: AgencyTicket | None = None
    meetings: Meetings = field(default_factory=Meetings)

    @property
    def mark(self) -> str:
        """The text that stands in everything of this force."""
        return f"marked-{self.force.schema}"

    def cookie(self, ticket: str) -> str:
        """Return the value of a caller's cookie."""
        return write_caller_cookie(self.tickets[ticket])


def build_world(force: ForceRef) -> World:
    """Commit one of everything in a force."""
    world = World(force)
    in_force(force, _build, world)
    world.meetings = build_meetings(force, world.mark)
    world.ids |= world.meetings.ids
    in_force(OWNER, _share_with, world)
    return world


def _build(world: World) -> None:
    _make_sessions(world)
    _make_handovers(world)
    _make_agency(world)
    _make_officers(world)
    _make_free_officer(world)
    _make_items(world)
    _make_drone(world)
    _make_people(world)
    Incident.objects.update(description=world.mark)
    LiveSession.objects.filter(pk=world.ids["ended"]).update(outcome_note=world.mark)


def _make_sessions(world: World) -> None:
    now = clock.now()
    live = made.make_consented(now=now)
    stream = media.make_live(live, now=now)
    watch_id = media.make_watch(stream, now=now)
    chat.post_message(
        actor=made.person(), now=now, session_id=live.session.id, client_id="one", text=f"{world.mark} stay there"
    )
    incident_id = live.session.incident_id
    say(actor=made.person(), now=now, incident_id=incident_id, client_id="one", text=f"{world.mark} units on the way")
    closed = made.make_incident(now=now)
    close_incident(actor=made.person(), now=now, incident_id=closed.id)
    ask_id = stills.ask_still(actor=made.person(), now=now, session_id=live.session.id, client_id="still")
    still = Still.objects.create(
        session=live.session,
        purpose="ladder",
        taken_at=now,
        received_at=now,
        width=4,
        height=3,
        sha256="0" * 64,
        bytes=1,
    )
    opened, invitation = made.make_opened(now=now), made.make_invitation(now=now)
    ready, refused = made.make_session(now=now), made.make_session(now=now)
    made.answer(ready, now=now)
    made.answer(refused, now=now, safe_to_text="no")
    ended = made.make_session(now=now)
    end_session(actor=made.person(), now=now, session_id=ended.id, reason="operator")
    world.tickets = {"live": live.ticket, "opened": opened.ticket}
    world.ids |= {
        "live": str(live.session.id),
        "given": _share(live.session.id, OWNER.schema, world),
        "opened": str(opened.session.id),
        "draft": str(made.make_session(now=now).id),
        "ready": str(ready.id),
        "refused": str(refused.id),
        "ended": str(ended.id),
        "ask": str(ask_id),
        "still": str(still.id),
        "incident": str(incident_id),
        "quiet": str(made.make_incident(now=now).id),
        "closed": str(closed.id),
        "stream": str(Stream.objects.get(pk=stream.id).pk),
        "watch": str(watch_id),
        "invited": str(invitation.session_id),
        "token": made.token_for(invitation),
        "code": code_of(world.force.schema, invitation.id, invitation.generation),
    }


def _share_with(world: World) -> None:
    """A third force's session, shared with the world's."""
    now = clock.now()
    stream = media.make_live(now=now)
    item = make_sealed(stream, now=now, incident_reference=world.mark)
    world.ids |= {
        "received": _share(stream.session_id, world.force.schema, world),
        "shared_stream": str(stream.id),
        "shared_item": str(item.id),
    }


def _share(session_id: UUID, guest: str, world: World) -> str:
    share_id, _ = shares.share_session(
        actor=made.person(),
        now=clock.now(),
        session_id=session_id,
        guest=guest,
        purpose=f"{world.mark} over the border",
        ends_at=clock.now() + timedelta(hours=1),
        has_chat=True,
        has_recording=True,
    )
    return str(share_id)


def _make_handovers(world: World) -> None:
    """A session of the force's operator, one that is offered to them by another, and one whose text has gone out."""
    now = clock.now()
    operator = User.objects.get(username="operator")
    named = {"last_name": world.mark, "role": Role.OPERATOR}
    colleague, _ = User.objects.get_or_create(username=f"colleague-{world.mark}", defaults=named)
    own, offered = made.make_session(now=now), made.make_session(now=now)
    LiveSession.objects.filter(pk=own.pk).update(assigned_to=str(operator.pk))
    giver = made.person()
    offer_handover(actor=giver, now=now, session_id=offered.id, to=str(operator.pk), reason=world.mark)
    sent = made.make_invitation(now=now)
    Invitation.objects.filter(pk=sent.pk).update(state=Invitation.State.SENT, next_attempt_at=None)
    world.ids |= {
        "own": str(own.id),
        "offered": str(offered.id),
        "sent": str(sent.session_id),
        "colleague": str(colleague.pk),
    }


def _make_agency(world: World) -> None:
    """An agency that the live session is shared with: somebody is let in, and somebody waits with the code."""
    now, live = clock.now(), UUID(world.ids["live"])
    share = share_out(live, now=now, contact_name=world.mark, purpose_text=world.mark, most_viewers=9)
    waiting = opened(share, world.mark, now=now)
    world.agency = verified(share, world.mark, now=now)
    world.ids |= {
        "agency": str(share.id),
        "agency_token": agency_token(share),
        "agency_viewer": str(waiting.viewer_id),
    }


def _make_officers(world: World) -> None:
    """Each role of people on the ground live in a session of their own, connected ahead of the camera.

    They go to the incident of the session that is live, whose picture is shown to them.
    """
    now = clock.now()
    show_to_officers(actor=made.person(), now=now, session_id=UUID(world.ids["live"]))
    for role in FIELD_ROLES:
        officer = User.objects.get(username=role.value).as_actor()
        world.ids |= _asked_of(officer, role, world)
        session_id = go_live(actor=officer, now=now)
        publishing.admit_publisher(
            actor=officer, now=now, session_id=session_id, node="media-1", owner="process", is_early=True
        )
        ask_id = stills.ask_still(actor=made.person(), now=now, session_id=session_id, client_id="still")
        incident_id = LiveSession.objects.get(pk=session_id).incident_id
        say(actor=officer, now=now, incident_id=incident_id, client_id="one", text=f"{world.mark} arrived")
        world.ids |= {
            f"live of {role}": str(session_id),
            f"ask of {role}": str(ask_id),
            f"incident of {role}": str(incident_id),
            f"notice of {role}": str(notify_officer_on_commit(officer.id, "assignment", session_id)),
            f"talk of {role}": str(make_talk(session_id, now=now, is_speaking=False).id),
        }


def _asked_of(officer: Actor, role: str, world: World) -> dict[str, str]:
    """Ask an officer to go to two incidents, of which one is accepted, and to show what is there."""
    now, asker = clock.now(), made.person()
    set_status(actor=officer, now=now, status="available")
    asked, accepted = (
        ask_assignment(actor=asker, now=now, incident_id=incident_id, officer_id=officer.id, note=world.mark)
        for incident_id in (made.make_incident(now=now).id, UUID(world.ids["incident"]))
    )
    accept_assignment(actor=officer, now=now, assignment_id=accepted)
    viewed = ask_view(actor=asker, now=now, officer_id=officer.id, reason=world.mark)
    return {f"asked of {role}": str(asked), f"accepted of {role}": str(accepted), f"view of {role}": str(viewed)}


def _make_free_officer(world: World) -> None:
    """An officer on duty who is asked nothing yet, and is where a phone says."""
    now = clock.now()
    named = {"last_name": world.mark, "role": Role.OFFICER}
    officer, _ = User.objects.get_or_create(username=f"officer-{world.mark}", defaults=named)
    set_status(actor=officer.as_actor(), now=now, status="available")
    fix = OfficerFix(latitude=51.8, longitude=-0.08, accuracy_m=9, fixed_at=now, received_at=now)
    keep_fixes({str(officer.pk): fix})
    world.ids |= {"officer": str(officer.pk)}


def _make_items(world: World) -> None:
    now = clock.now()
    for name in ("item", "held"):
        recording = Recording(schema=world.force.schema)
        item_id = recording.register(now, started_at=now - timedelta(minutes=1), ended_at=now)
        Item.objects.filter(pk=item_id).update(
            state=ItemState.SEALED, sealed_at=now, duration_ms=1, incident_reference=world.mark
        )
        item = Item.objects.get(pk=item_id)
        ItemFile.objects.create(
            item=item, role="playable", name="playable.webm", sha256="0" * 64, bytes=1, media_type="video/webm"
        )
        world.ids[name] = str(item_id)
    supervisor = made.person("supervisor")
    hold_id = place_hold(actor=supervisor, now=now, item_id=item.id, reason=world.mark)
    gone: dict[str, Any] = {"reason": world.mark, "erased_at": now}
    tombstone = Tombstone.objects.create(item_id=uuid4(), category_code="incident", hashes=[], **gone)
    erasure = SessionErasure.objects.create(session_id=uuid4(), counts={}, **gone)
    world.ids |= {"hold": str(hold_id), "tombstone": str(tombstone.pk), "erasure": str(erasure.pk)}


def _make_drone(world: World) -> None:
    """An aircraft with a key and no flight, one that may be launched, and one in the air."""
    aircraft = make_aircraft(world.mark, model=world.mark)
    # Numbers of rows differ from force to force, as they do in earnest.
    for _ in range(1 + len(world.force.schema)):
        world.ids["key"] = make_key(aircraft, now=clock.now())
    named: dict[str, Any] = {"now": clock.now(), "purpose": world.mark}
    ready = make_planned(make_aircraft(f"ready-{world.mark}"), make_pilot(f"ready-{world.mark}"), **named)
    made.answer(ready.session, now=clock.now())
    flying = make_flying(make_aircraft(f"flying-{world.mark}"), make_pilot(f"flying-{world.mark}"), **named)
    world.ids |= {
        "aircraft": str(aircraft.id),
        "aircraft_key": str(AircraftKey.objects.latest("pk").pk),
        "pilot": make_pilot(f"pilot-{world.mark}").id,
        "flight_ready": str(ready.flight.pk),
        "flight": str(flying.flight.pk),
    }


def _make_people(world: World) -> None:
    now = clock.now()
    user, _ = User.objects.get_or_create(username=world.mark, defaults={"first_name": world.mark, "role": Role.AUDITOR})
    # Numbers of rows differ from force to force, as they do in earnest.
    for _ in range(1 + len(world.force.schema)):
        token = issue_token(
            actor=Actor.system("tests"), now=now, user_id=user.pk, name=world.mark, lasts=timedelta(days=1)
        )
    # A role that must have a second factor anyhow, so that the walk's people sign in as they do everywhere.
    SecondFactorRule.objects.get_or_create(role=Role.SUPERVISOR)
    IncidentType.objects.get_or_create(code=world.mark, defaults={"label": world.mark})
    world.ids |= {"user": str(user.pk), "api_token": token, "token_row": str(ApiToken.objects.latest("pk").pk)}
