"""`/ws/console/`: the console of a signed-in user whose role may view sessions."""

from __future__ import annotations

import asyncio
from functools import cached_property

from forces import clock
from forces.context import ain_force
from streams import signalling, wire
from streams.broadcasts import CONSOLE, session_topic
from streams.consumers.assignments import Asking
from streams.consumers.flights import Flights
from streams.consumers.incidents import Incidents
from streams.consumers.signed_in import SignedIn
from streams.consumers.talks import Speaking
from streams.consumers.view import View
from streams.services import chat, sessions, stills
from streams.services.console_page import view_beside

# With the time between two pings less than the 5 s after which nobody may go on believing an old screen.
CHECK_WITHIN_S = 2.0


class ConsoleSocket(Flights, Asking, Incidents, Speaking):
    """One console."""

    rate = (50.0, 150)
    handlers = {
        **Asking.asking,
        **Incidents.of_incidents,
        **Speaking.speaking,
        wire.ConsoleSnapshotAsk: "console_snapshot",
        wire.SessionOpen: "session_open",
        wire.SessionClose: "session_close",
        wire.StreamWatch: "stream_watch",
        wire.WatchAnswer: "watch_answer",
        wire.WatchCandidate: "watch_candidate",
        wire.WatchLayer: "watch_layer",
        wire.WatchStop: "watch_stop",
        wire.SessionChatSend: "chat_send",
        wire.RecordingSet: "recording_set",
        wire.SessionEnd: "session_end",
        wire.StillAskFrame: "still_ask",
        wire.ShareGive: "share_give",
        wire.ShareRevoke: "share_revoke",
        wire.SharedOpen: "shared_open",
        wire.SharedClose: "shared_close",
        wire.SharedWatch: "shared_watch",
        wire.OfficersFollow: "officers_follow",
        wire.OfficersLeave: "officers_leave",
        wire.FlightsFollow: "flights_follow",
        wire.AgencyRevoke: "agency_revoke",
        wire.SessionShow: "session_show",
        wire.SessionHide: "session_hide",
        wire.AgencyDismiss: "agency_dismiss",
    }

    @cached_property
    def view(self) -> View:
        """What this console has open."""
        return View(self.force, self.name)

    def decode(self, text: str) -> wire.ConsoleFrame:
        """Read a frame of this socket; raises `WireError`."""
        return wire.decode_console(text)

    async def begin(self) -> None:
        """Refuse who is not signed in; show the force's sessions."""
        self.user = SignedIn(self.door)
        await self.user.review(is_activity=True)
        self.holder = self.user.session_key
        await self.view.keep(self.actor.id)
        await self.console_snapshot(wire.ConsoleSnapshotAsk())

    async def heard(self) -> None:
        """Keep what is watched, and see that the user may still be here: a pong proves that the rows can be read."""
        await self.view.keep(self.actor.id)
        async with asyncio.timeout(CHECK_WITHIN_S):
            await self.user.review(is_activity=True, is_pressing=True)

    async def check(self) -> None:
        """Whether the user is still signed in, in the same role."""
        await self.user.review()

    async def finish(self) -> None:
        """End what this console said and watched."""
        await signalling.end_talks_of(self.name)
        await signalling.end_watches_of(self.name)
        await self.view.leave()

    async def console_snapshot(self, frame: wire.ConsoleSnapshotAsk) -> None:
        """Send every session that matters now, and what other forces share."""
        async with self.topics.anew(CONSOLE) as seqs:
            now = clock.now()
            found = await ain_force(self.force, sessions.view_sessions, actor=self.actor, now=now)
            me = {"id": self.actor.id, "name": self.actor.name, "role": self.actor.role}
            shared, missing = await signalling.list_shared(self.force)
            partners = await signalling.list_partners(self.force)
            beside = await ain_force(self.force, view_beside, actor=self.actor, now=now)
            snapshot = wire.ConsoleSnapshot(
                now=wire.wire_time(now),
                me=me,
                sessions=found,
                shared=shared,
                shared_missing=missing,
                partners=partners,
                **beside,
                seqs=seqs,
                ref=frame.ref,
            )
            self.outbox.put(snapshot)

    async def session_open(self, frame: wire.SessionOpen) -> None:
        """Send one session whole, and follow it."""
        async with self.topics.anew(session_topic(frame.session_id)) as seqs:
            detail = await ain_force(self.force, sessions.view_session, actor=self.actor, session_id=frame.session_id)
            self.outbox.put(wire.SessionSnapshot(**detail, seqs=seqs, ref=frame.ref))
        await self.view.add(frame.session_id)

    async def session_close(self, frame: wire.SessionClose) -> None:
        """Follow a session no longer."""
        await self.topics.leave(session_topic(frame.session_id))
        await self.view.remove(frame.session_id)

    async def chat_send(self, frame: wire.SessionChatSend) -> None:
        """Send a message to a caller."""
        await ain_force(
            self.force,
            chat.post_message,
            actor=self.actor,
            now=clock.now(),
            session_id=frame.session_id,
            client_id=frame.client_id,
            text=frame.text,
            phrase=frame.phrase,
        )

    async def recording_set(self, frame: wire.RecordingSet) -> None:
        """Turn recording on or off."""
        await signalling.set_recording(self.force, self.actor, session_id=frame.session_id, on=frame.on)

    async def session_end(self, frame: wire.SessionEnd) -> None:
        """End a session."""
        await signalling.end_session(self.force, self.actor, session_id=frame.session_id, reason="operator")

    async def still_ask(self, frame: wire.StillAskFrame) -> None:
        """Ask a caller for a picture."""
        ask, session_id, client_id = stills.ask_still, frame.session_id, frame.client_id
        await ain_force(self.force, ask, actor=self.actor, now=clock.now(), session_id=session_id, client_id=client_id)
