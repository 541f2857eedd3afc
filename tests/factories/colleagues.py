"""Officers on an incident and what they are shown, made through the services that make them in earnest."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from forces.actors import Actor
from streams.models import Stream
from streams.services import colleagues, watching
from streams.services.assignments import accept_assignment, ask_assignment
from tests.factories.media import Sharer, make_live
from tests.factories.officers import make_on_duty
from tests.factories.streams import NOW, person


def make_shown(sharer: Sharer | None = None, *, now: datetime = NOW) -> Stream:
    """Let a picture arrive and show it to the officers on its incident."""
    stream = make_live(sharer, now=now)
    colleagues.show_to_officers(actor=person(), now=now, session_id=stream.session_id)
    return stream


def send_there(officer: Actor, incident_id: UUID, *, now: datetime = NOW) -> UUID:
    """Ask an officer on duty to go to an incident, and let them accept; returns the assignment's id."""
    asked = ask_assignment(actor=person(), now=now, incident_id=incident_id, officer_id=officer.id)
    accept_assignment(actor=officer, now=now, assignment_id=asked)
    return asked


def make_there(stream: Stream, name: str = "ashby", *, now: datetime = NOW) -> Actor:
    """Return an officer who goes to the incident of a stream."""
    officer = make_on_duty(name, now=now)
    send_there(officer, stream.session.incident_id, now=now)
    return officer


def colleague_watches(officer: Actor, stream: Stream, *, now: datetime = NOW, owner: str = "phone") -> UUID:
    """Let an officer watch what is shown; returns the watch's id."""
    about = {"session_id": stream.session_id, "stream_id": stream.id}
    admission = colleagues.admit_colleague_viewer(actor=officer, now=now, **about)
    watching.begin_watch(
        actor=officer,
        now=now,
        admission=admission,
        gateway_session=77,
        gateway_handle=78,
        owner=owner,
        process="process",
    )
    return admission.watch_id
