"""One force's rows of every kind, each with a mark that no other force may ever see."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from evidence.models import Item, ItemFile, ItemState, SessionErasure, Tombstone
from evidence.services.retention import place_hold
from forces import clock
from forces.accounts.models import ApiToken, SecondFactorRule, User
from forces.accounts.roles import FIELD_ROLES, Role
from forces.accounts.tokens import issue_token
from forces.actors import Actor
from forces.context import ForceRef, in_force
from streams.models import Incident, IncidentType, Invitation, LiveSession, Still, Stream
from streams.selectors import CallerTicket, write_caller_cookie
from streams.services import chat, publishing, shares, stills
from streams.services.codes import code_of
from streams.services.going_live import go_live
from streams.services.handovers import offer_handover
from streams.services.sessions import end_session
from tests.evidence.conftest import Recording
from tests.factories import media
from tests.factories import streams as made

# Shares with each world's force, and is shown something by each.
OWNER = ForceRef("cambs", "Cambridgeshire Constabulary")
ROLES = ["", *(role.value for role in Role if role != Role.PLATFORM_ADMIN)]


@dataclass
class World:
    """A force's objects by name: what the cases fill into addresses, bodies and frames."""

    force: ForceRef
    ids: dict[str, str] = field(default_factory=dict)
    tickets: dict[str, CallerTicket] = field(default_factory=dict)

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
    in_force(OWNER, _share_with, world)
    return world


def _build(world: World) -> None:
    _make_sessions(world)
    _make_handovers(world)
    _make_officers(world)
    _make_items(world)
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
        "incident": str(live.session.incident_id),
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
    world.ids |= {"received": _share(stream.session_id, world.force.schema, world), "shared_stream": str(stream.id)}


def _share(session_id: UUID, guest: str, world: World) -> str:
    share_id, _ = shares.share_session(
        actor=made.person(),
        now=clock.now(),
        session_id=session_id,
        guest=guest,
        purpose=f"{world.mark} over the border",
        ends_at=clock.now() + timedelta(hours=1),
        has_chat=True,
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


def _make_officers(world: World) -> None:
    """Each role of people on the ground live in a session of their own, connected ahead of the camera."""
    now = clock.now()
    for role in FIELD_ROLES:
        officer = User.objects.get(username=role.value).as_actor()
        session_id = go_live(actor=officer, now=now)
        publishing.admit_publisher(
            actor=officer, now=now, session_id=session_id, node="media-1", owner="process", is_early=True
        )
        ask_id = stills.ask_still(actor=made.person(), now=now, session_id=session_id, client_id="still")
        world.ids |= {f"live of {role}": str(session_id), f"ask of {role}": str(ask_id)}


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
