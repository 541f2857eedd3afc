"""`/ws/officer/`: the page of a signed-in officer, PCSO or scenes-of-crime officer, who may go live."""

from __future__ import annotations

from contextlib import AsyncExitStack

from forces import clock
from forces.actors import Actor
from forces.context import ain_force
from streams import signalling, wire
from streams.broadcasts import caller_topic, officer_topic
from streams.consumers.assignments import Answering
from streams.consumers.colleagues import Colleagues
from streams.consumers.duty import Duty
from streams.consumers.group_text import GroupText
from streams.consumers.notices import Notices
from streams.consumers.open_page import OpenPage
from streams.consumers.signed_in import SignedIn
from streams.consumers.talks import Listening
from streams.services.officer_page import find_live
from streams.services.shifts import set_status
from streams.services.view_requests import go_live_unasked


class OfficerSocket(Colleagues, Duty, Answering, Notices, GroupText, Listening):
    """One page of an officer."""

    rate = (20.0, 60)
    most_open = 4
    open_page: OpenPage | None = None
    # Thousands are on duty: who is put out is told at once by the account's topic, and looked at with each heartbeat.
    guard_rounds = 4
    handlers = {
        **Answering.sharing,
        **Answering.answering,
        **Notices.noticing,
        **GroupText.of_incident,
        **Colleagues.watching,
        **Listening.listening,
        wire.OfficerSnapshotAsk: "officer_snapshot",
        wire.StatusSet: "status_set",
        wire.DutyFixes: "duty_fixes",
        wire.LiveStart: "live_start",
    }

    @property
    def actor(self) -> Actor:
        """The signed-in officer."""
        return self.user.actor

    def decode(self, text: str) -> wire.OfficerFrame:
        """Read a frame of this socket; raises `WireError`."""
        return wire.decode_officer(text)

    async def begin(self) -> None:
        """Refuse who is not signed in or may not stream; send all that the page needs."""
        self.user = SignedIn(self.door)
        await self.user.review(is_activity=True)
        self.holder = self.user.session_key
        await self.officer_snapshot(wire.OfficerSnapshotAsk())
        self.open_page = OpenPage(self.force, self.actor.id)

    async def finish(self) -> None:
        """What is written to the officer from now on is shown by no page that is gone."""
        await super().finish()
        if self.open_page is not None:
            await self.open_page.closed()

    async def heard(self) -> None:
        """The page lives, and the officer may still be here; only the page that shares says that its phone lives."""
        await self.user.review_in_turn()
        await signalling.hear_colleague(self.force, self.name)
        if self.open_page is not None:
            await self.open_page.heard()
        if self.shares and self.session_id is not None:
            await signalling.hear_officer(self.phone)

    async def check(self) -> None:
        """Whether the officer is still signed in, in the same role."""
        await self.user.review()

    async def officer_snapshot(self, frame: wire.OfficerSnapshotAsk) -> None:
        """Send the page's state; follow the officer's own topic, and the session's while there is one."""
        await self.follow_session(await ain_force(self.force, find_live, actor=self.actor))
        async with AsyncExitStack() as topics:
            seqs = dict(await topics.enter_async_context(self.topics.anew(officer_topic(self.actor.id))))
            if self.session_id is not None:
                seqs |= await topics.enter_async_context(self.topics.anew(caller_topic(self.session_id)))
            page = await signalling.read_page(self.force, self.actor)
            self.outbox.put(signalling.officer_state(page, seqs, frame.ref))

    async def status_set(self, frame: wire.StatusSet) -> None:
        """Keep what the officer is doing."""
        await ain_force(self.force, set_status, actor=self.actor, now=clock.now(), status=frame.status)

    async def live_start(self, frame: wire.LiveStart) -> None:
        """Go live; the answer is the page's state."""
        await ain_force(self.force, go_live_unasked, actor=self.actor, now=clock.now(), incident_id=frame.incident_id)
        await self.began_live(frame.ref)

    async def began_live(self, ref: str | None) -> None:
        """Send the page's state as the answer to the frame `ref`; the phone is heard from now on."""
        await self.officer_snapshot(wire.OfficerSnapshotAsk(ref=ref))
        await signalling.hear_officer(self.phone)
