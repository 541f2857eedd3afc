"""What officers on an incident watch: shown by the control room, and cut as soon as one may not see it any more."""

from __future__ import annotations

from uuid import UUID

from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from streams.services import colleagues
from streams.signalling import presence
from streams.signalling.publish import detach_all
from streams.signalling.watch import WatchOffer, count_watches, offer, one_more

# A phone on the move has one line for all of it, and its own picture goes out by that.
MOST_AT_ONCE = 2


async def show_to_officers(force: ForceRef, actor: Actor, *, session_id: UUID) -> None:
    """Show a session's picture to the officers on its incident. Raises as `colleagues.show_to_officers` does."""
    await ain_force(force, colleagues.show_to_officers, actor=actor, now=clock.now(), session_id=session_id)


async def hide_from_officers(force: ForceRef, actor: Actor, *, session_id: UUID) -> None:
    """Show it no longer, and cut it. Raises the errors of `colleagues.hide_from_officers`."""
    left = await ain_force(force, colleagues.hide_from_officers, actor=actor, now=clock.now(), session_id=session_id)
    await detach_all(force, left)


async def watch_colleague(
    force: ForceRef, actor: Actor, socket: str, replaces: UUID | None = None, *, session_id: UUID, stream_id: UUID
) -> WatchOffer:
    """Offer what is shown to officers to one officer's socket. Raises domain errors."""
    with one_more(socket, MOST_AT_ONCE):
        await presence.hold_lease(force, socket)
        admission = await ain_force(
            force,
            colleagues.admit_colleague_viewer,
            actor=actor,
            now=clock.now(),
            session_id=session_id,
            stream_id=stream_id,
        )
        return await offer(force, actor, socket, admission, replaces)


async def hear_colleague(force: ForceRef, socket: str) -> None:
    """An officer's page was heard: what it watches is not orphaned."""
    if count_watches(socket):
        await presence.hold_lease(force, socket)


async def review_watches(force: ForceRef, actor: Actor, socket: str) -> None:
    """Something of an officer has changed: cut what their page watches and may no longer."""
    if count_watches(socket):
        left = await ain_force(force, colleagues.end_unfounded_watches, now=clock.now(), user_id=actor.id)
        await detach_all(force, left)


async def end_unfounded_watches(force: ForceRef) -> None:
    """Cut whatever officers watch and may no longer, whoever forgot to say so."""
    for end in (colleagues.end_unfounded_watches, colleagues.end_watches_of_signed_out):
        await detach_all(force, await ain_force(force, end, now=clock.now()))
