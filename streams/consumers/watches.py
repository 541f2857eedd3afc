"""The pictures that one signed-in user's page watches: its frames about them, and their end with the socket."""

from __future__ import annotations

from forces.actors import Actor
from streams import signalling, wire
from streams.consumers.offers import offer_frame
from streams.consumers.signed_in import SignedIn
from streams.consumers.socket import WireSocket
from streams.signalling.candidates import candidate_of


class Watches(WireSocket):
    """The part of a signed-in user's socket that watches."""

    user: SignedIn

    @property
    def actor(self) -> Actor:
        """The signed-in user."""
        return self.user.actor

    async def stream_watch(self, frame: wire.StreamWatch) -> None:
        """Offer a stream."""
        offer = await self.admitted(frame)
        if self.is_open:
            self.outbox.put(offer_frame(offer, frame.session_id, frame))
        else:
            await signalling.end_watches_of(self.name)

    async def admitted(self, frame: wire.StreamWatch) -> signalling.WatchOffer:
        """Ask for a place as one of the control room."""
        return await signalling.watch(
            self.force, self.actor, self.name, frame.replaces, session_id=frame.session_id, stream_id=frame.stream_id
        )

    async def watch_answer(self, frame: wire.WatchAnswer) -> None:
        """Begin to watch."""
        await signalling.answer_watch(self.name, watch_id=frame.watch_id, sdp=frame.sdp)

    async def watch_candidate(self, frame: wire.WatchCandidate) -> None:
        """Pass a candidate on."""
        candidate = candidate_of(frame.candidate)
        await signalling.trickle_viewer(self.name, watch_id=frame.watch_id, candidate=candidate)

    async def watch_layer(self, frame: wire.WatchLayer) -> None:
        """Choose a layer of the picture."""
        await signalling.choose_layer(self.name, watch_id=frame.watch_id, layer=frame.layer)

    async def watch_stop(self, frame: wire.WatchStop) -> None:
        """Watch no longer."""
        session_id = await signalling.stop_watch(self.name, watch_id=frame.watch_id)
        of = None if session_id is None else str(session_id)
        self.outbox.put(wire.WatchEnded(watch_id=str(frame.watch_id), session_id=of, reason="stopped", ref=frame.ref))
