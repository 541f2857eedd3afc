"""How far a caller's page has come, and whether it is still there: what the operator can act on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from forces.actors import Actor
from streams.broadcasts import broadcast_alarm_on_commit, broadcast_delay_on_commit, broadcast_session_on_commit
from streams.models import LiveSession
from streams.selectors import LEFT_STEP, find_session
from streams.services.locks import lock_session
from streams.services.standing import require_consent, require_going_on, require_own

LOST = "connection_lost"
BACK = "connected"
LEFT = LEFT_STEP  # by "Exit this page": the caller went on purpose, and the phone is not lost
LEFT_ALARM = "The caller left the page in a hurry. Do not call back: somebody may be near."
ON_PAGE = (LiveSession.State.OPENED, LiveSession.State.CONSENTED, LiveSession.State.LIVE)


def note_progress(*, actor: Actor, now: datetime, session_id: UUID, step: str, reason: str = "") -> None:
    """Keep the step a caller's page reports; the same step again changes nothing. Raises `NotPermitted`.

    What a page that was left reports late changes nothing either: only one that is opened anew does.
    Leaving by "Exit this page" raises an alarm: the session goes on, and the caller may be in danger.
    """
    session = lock_session(session_id)
    require_own(actor, session)
    if session.is_over or session.progress_step == LEFT:
        return
    if (session.progress_step, session.progress_reason) != (step, reason):
        _keep(session, now, step, reason)
        if step == LEFT:
            broadcast_alarm_on_commit(session_id, LEFT, LEFT_ALARM)


def tell_delay(*, actor: Actor, now: datetime, session_id: UUID, sending_ms: int) -> None:
    """Pass on what the caller's picture takes to the media server, in ms, as the phone measures it.

    Raises `NotPermitted`, `SessionOver` or `ConsentMissing`.
    """
    session = find_session(session_id)
    require_own(actor, session)
    require_going_on(session)
    require_consent(session, "video")
    broadcast_delay_on_commit(session_id, sending_ms)


def note_connected(*, now: datetime, session_id: UUID) -> None:
    """The caller's page has connected anew, if it had been lost or left."""
    session = lock_session(session_id)
    if not session.is_over and session.progress_step in (LOST, LEFT):
        _keep(session, now, BACK, "")


def note_heard(*, now: datetime, session_id: UUID) -> None:
    """The caller's page is heard again, if it had been lost; one that was left meanwhile stays so."""
    session = lock_session(session_id)
    if not session.is_over and session.progress_step == LOST:
        _keep(session, now, BACK, "")


def note_lost(*, now: datetime, session_id: UUID) -> None:
    """The caller's page is not heard any more; the picture may well go on."""
    session = lock_session(session_id)
    if session.state in ON_PAGE and session.progress_step not in (LOST, LEFT):
        _keep(session, now, LOST, "")


def list_expected_callers() -> list[tuple[UUID, bool]]:
    """Return (session id, known as lost) of every session whose page has been heard and should be still."""
    rows = LiveSession.objects.filter(state__in=ON_PAGE).exclude(progress_step__in=("", LEFT))
    rows = rows.exclude(kind=LiveSession.Kind.FLIGHT)  # a drone has no page
    return [(pk, step == LOST) for pk, step in rows.values_list("id", "progress_step")]


def note_step(session: LiveSession, now: datetime, step: str, reason: str = "") -> None:
    """Keep a step of a locked session; telling the consoles is left to who does more than that."""
    session.progress_step = step
    session.progress_reason = reason
    session.progress_at = now
    session.save(update_fields=["progress_step", "progress_reason", "progress_at"])


def _keep(session: LiveSession, now: datetime, step: str, reason: str) -> None:
    note_step(session, now, step, reason)
    broadcast_session_on_commit(session.id)
