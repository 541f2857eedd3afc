"""`/ws/agency/`: the page of an outside agency's viewer, admitted by the cookie that the code gave it."""

from __future__ import annotations

from typing import Any

from forces import clock
from forces.errors import DomainError
from streams import signalling, wire
from streams.agency_tickets import read_agency_ticket
from streams.broadcasts import agency_topic
from streams.consumers.offers import offer_frame
from streams.consumers.refusals import OVER
from streams.consumers.socket import WireSocket
from streams.services.agency_standing import AgencyNotVerified
from streams.signalling.candidates import candidate_of


class AgencySocket(WireSocket):
    """One page of one viewer; a second one takes its place."""

    rate = (5.0, 60)
    most_open = 1
    # Few watch from outside, and none a moment longer than they may: a silent page is looked at every 1.5 s.
    guard_rounds = 0.05
    handlers = {
        wire.AgencySnapshotAsk: "agency_snapshot",
        wire.AgencyWatch: "agency_watch",
        wire.WatchAnswer: "watch_answer",
        wire.WatchCandidate: "watch_candidate",
        wire.WatchStop: "watch_stop",
        wire.AgencyLeave: "agency_leave",
    }

    def decode(self, text: str) -> wire.AgencyFrame:
        """Read a frame of this socket; raises `WireError`."""
        return wire.decode_agency(text)

    async def begin(self) -> None:
        """Admit the cookie, and send what is shared."""
        ticket = read_agency_ticket(self.door["cookies"])
        if ticket is None:
            raise AgencyNotVerified
        self.page = signalling.AgencyPage(self.force, ticket, self.name, self.door["request_id"])
        self.holder = f"agency:{ticket.viewer_id}"
        await self.agency_snapshot(wire.AgencySnapshotAsk())

    async def heard(self) -> None:
        """Whoever may watch no longer is shut out here at the latest, and sees no more while the line is closed."""
        try:
            await signalling.hear_agency(self.page)
        except DomainError:
            await signalling.end_watches_of(self.name)
            raise

    async def check(self) -> None:
        """Admit the cookie again, whether or not the page pings."""
        await self.heard()

    async def finish(self) -> None:
        """End what this page watched."""
        await signalling.end_watches_of(self.name)

    async def wire_message(self, event: dict[str, Any]) -> None:
        """Pass a broadcast on; the news that sharing, or this viewer's place, is over are the last."""
        await super().wire_message(event)
        told = event["message"]
        is_own = told["type"] == "agency.viewer_ended" and told["viewer_id"] == str(self.page.ticket.viewer_id)
        if told["type"] == "agency.ended" or is_own:
            await self.shut(OVER)

    async def agency_snapshot(self, frame: wire.AgencySnapshotAsk) -> None:
        """Send what is shared, whole, and follow it."""
        async with self.topics.anew(agency_topic(self.page.ticket.share_id)) as seqs:
            shown = await signalling.open_agency_page(self.page)
            self.outbox.put(wire.AgencySnapshot(now=wire.wire_time(clock.now()), **shown, seqs=seqs, ref=frame.ref))

    async def agency_watch(self, frame: wire.AgencyWatch) -> None:
        """Offer the stream."""
        offer = await signalling.watch_agency(self.page, stream_id=frame.stream_id, replaces=frame.replaces)
        if self.is_open:
            self.outbox.put(offer_frame(offer, self.page.ticket.share_id, frame))
        else:
            await signalling.end_watches_of(self.name)

    async def watch_answer(self, frame: wire.WatchAnswer) -> None:
        """Begin to watch."""
        await signalling.answer_watch(self.name, watch_id=frame.watch_id, sdp=frame.sdp)

    async def watch_candidate(self, frame: wire.WatchCandidate) -> None:
        """Pass a candidate on."""
        candidate = candidate_of(frame.candidate)
        await signalling.trickle_viewer(self.name, watch_id=frame.watch_id, candidate=candidate)

    async def watch_stop(self, frame: wire.WatchStop) -> None:
        """Watch no longer."""
        share_id = await signalling.stop_watch(self.name, watch_id=frame.watch_id)
        of = None if share_id is None else str(share_id)
        self.outbox.put(wire.WatchEnded(watch_id=str(frame.watch_id), session_id=of, reason="stopped", ref=frame.ref))

    async def agency_leave(self, frame: wire.AgencyLeave) -> None:
        """Give the place up; the news of it close this socket."""
        await signalling.leave_agency(self.page)
        await self.shut(OVER)
