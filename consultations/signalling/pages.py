"""Pages of a meeting and of a desk: what they are given when their socket opens, and that they live."""

from __future__ import annotations

from uuid import UUID

from consultations import selectors, shapes, wire
from consultations.services import booking, visit_page
from consultations.services.leading import arrive_at_desk
from consultations.services.visit_page import DeskPage, TalkNow, VisitPage
from consultations.signalling.people import Guest, ice_servers_of
from consultations.signs import hear_person
from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from streams.shapes import Plain


async def open_meeting(guest: Guest, language: str = "") -> VisitPage:
    """Return what a member's page needs to begin; the page counts as heard. Raises as `visiting.admit_visitor`."""
    page = await ain_force(
        guest.force,
        visit_page.open_visit_page,
        now=clock.now(),
        ticket=guest.ticket,
        request_id=guest.request_id,
        language=language,
    )
    await hear_person(guest.force, guest.participant_id)
    return page


def meeting_state(page: VisitPage, seqs: dict[str, int]) -> wire.MeetingState:
    """Return a page's state as it goes over the wire; ICE servers are in it once the person was let in."""
    servers = ice_servers_of(page.visitor.participant_id) if page.is_inside else None
    return wire.MeetingState(
        meeting=page.meeting,
        seat=page.seat,
        messages=page.messages,
        uploads=page.uploads,
        wording=page.wording,
        ice_servers=servers,
        seqs=seqs,
    )


async def admit_desk(force: ForceRef, actor: Actor, session_id: UUID) -> dict[str, bool]:
    """Let an officer open a desk; whoever is asked to come waits from now on. Returns what they may. Raises as it."""
    may = await ain_force(force, visit_page.require_desk, actor=actor, session_id=session_id)
    await ain_force(force, arrive_at_desk, actor=actor, now=clock.now(), session_id=session_id)
    return may


async def open_desk(force: ForceRef, actor: Actor, session_id: UUID) -> DeskPage:
    """Return what a desk shows. Raises as `open_desk_page`."""
    page = await ain_force(force, visit_page.open_desk_page, actor=actor, now=clock.now(), session_id=session_id)
    if page.participant_id is not None:
        await hear_person(force, page.participant_id)
    return page


def desk_snapshot(page: DeskPage, seqs: dict[str, int], ref: str | None) -> wire.DeskSnapshot:
    """Return a desk's state as it goes over the wire."""
    is_inside = page.is_inside and page.participant_id is not None
    return wire.DeskSnapshot(
        now=wire.wire_time(clock.now()),
        consultation=page.consultation,
        me=page.me,
        waiting=page.waiting,
        room=page.room,
        messages=page.messages,
        uploads=page.uploads,
        signals=page.signals,
        ice_servers=ice_servers_of(page.participant_id) if is_inside and page.participant_id else None,
        seqs=seqs,
        ref=ref,
    )


async def read_board(force: ForceRef, actor: Actor) -> tuple[list[Plain], list[Plain]]:
    """Return (rows, unseen signals) of the board."""
    rows = await ain_force(force, booking.view_consultations, actor=actor, now=clock.now())
    return rows, await ain_force(force, _signals, {row["id"] for row in rows})


async def find_talk(force: ForceRef, participant_id: UUID) -> TalkNow | None:
    """Return the private talk of a person."""
    return await ain_force(force, visit_page.talk_now, participant_id)


def talk_frame(talk: TalkNow | None, participant_id: UUID) -> wire.TalkBegan | wire.TalkAsked | None:
    """Return what a page that was loaded again has to be told of a private talk."""
    if talk is None:
        return None
    if talk.is_on:
        servers = ice_servers_of(participant_id)
        return wire.TalkBegan(talk_id=str(talk.talk_id), other=talk.other, ice_servers=servers)
    return wire.TalkAsked(talk_id=str(talk.talk_id), by=talk.other) if talk.is_asked else None


def _signals(shown: set[str]) -> list[Plain]:
    views = [shapes.signal_view(one) for one in selectors.list_unseen_signals()]
    return [view for view in views if view["session_id"] in shown]
