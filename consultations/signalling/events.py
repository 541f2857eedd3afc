"""From the media server's events about feeds and receptions to states; rows are the truth, events only change them."""

from __future__ import annotations

from uuid import UUID

from consultations.services import feeds, receptions
from consultations.signalling.carrying import record_track
from consultations.signalling.seats import end_feed
from consultations.signalling.tuner import tuner_of
from forces import clock
from forces.context import ForceRef, ain_force
from streams.gateway.interface import EventKind, GatewayEvent, HandleEvent, Medium
from streams.signalling.publish import detach_all
from streams.signalling.rooms import Participant

GONE = (EventKind.HANGUP, EventKind.DETACHED, EventKind.SESSION_GONE)


async def feed_event(force: ForceRef, participant: Participant, event: GatewayEvent | HandleEvent) -> None:
    """A feed is connected, its sound or picture arrives or ceased to, or it is gone."""
    if event.kind in GONE:
        reason = "media_lost" if event.kind is EventKind.SESSION_GONE else "hangup"
        await end_feed(force, participant.id, reason)
    elif event.kind is EventKind.WEBRTC_UP:
        await ain_force(force, feeds.note_up, now=clock.now(), feed_id=participant.id)
    elif event.kind is EventKind.MEDIA and event.medium is not None:
        plan = await ain_force(
            force,
            feeds.note_media,
            now=clock.now(),
            feed_id=participant.id,
            is_sound=event.medium is Medium.AUDIO,
            layer=event.layer,
            arrives=bool(event.receiving),
        )
        if plan is not None:
            await record_track(force, plan)


async def reception_event(force: ForceRef, participant: Participant, event: GatewayEvent | HandleEvent) -> None:
    """A reception is gone: its page is offered another one, by whoever holds its socket."""
    if event.kind in GONE:
        await end_reception(force, participant.id, "media_lost")


async def end_reception(force: ForceRef, reception_id: UUID, reason: str) -> None:
    """End a reception, whoever found that it is over; one that is over is fine."""
    tuner = tuner_of(reception_id)
    left = await ain_force(force, receptions.end_reception, now=clock.now(), reception_id=reception_id, reason=reason)
    await detach_all(force, left)
    if tuner is not None:
        tuner.lost()
