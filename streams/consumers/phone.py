"""What every phone that shares says to its socket: a caller's, and an officer's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar
from uuid import UUID

from streams import signalling, wire
from streams.consumers.fixes import fix_of
from streams.consumers.socket import WireSocket
from streams.services import ladder, progress, publishing, stills
from streams.services.going_live import NotLive
from streams.services.handles import HeldHandle
from streams.signalling.candidates import candidate_of


class PhoneSocket(WireSocket, ABC):
    """The part of a phone's socket that shares: picture, position, and how far both come."""

    place: HeldHandle | None = None
    sharing: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.StreamPublish: "stream_publish",
        wire.StreamBegin: "stream_begin",
        wire.StreamCandidate: "stream_candidate",
        wire.StreamStop: "stream_stop",
        wire.StreamDelay: "stream_delay",
        wire.PositionFix: "position_fix",
        wire.ProgressReport: "progress_report",
        wire.RungReport: "rung_report",
        wire.SessionStop: "session_stop",
        wire.StillRefuse: "still_refuse",
    }

    @property
    @abstractmethod
    def phone(self) -> signalling.Phone:
        """Whoever shares here; raises a `DomainError` when nobody does."""

    async def stream_publish(self, frame: wire.StreamPublish) -> None:
        """Publish the picture."""

        def answer(published: signalling.Published) -> None:
            self.place = published.place
            stream_id = str(published.stream_id)
            self.outbox.put(wire.StreamAnswer(stream_id=stream_id, sdp=published.sdp, ref=frame.ref))

        await signalling.publish(self.phone, frame.sdp, answer, is_early=frame.early)

    async def stream_begin(self, frame: wire.StreamBegin) -> None:
        """Show the picture of what was published early."""
        await self.phone.act(publishing.begin_stream)

    async def stream_candidate(self, frame: wire.StreamCandidate) -> None:
        """Pass a candidate on."""
        await signalling.trickle_publisher(self.phone, candidate_of(frame.candidate), self.place)

    async def stream_stop(self, frame: wire.StreamStop) -> None:
        """Stop the video only."""
        await signalling.stop_stream(self._meant(frame.session_id))

    async def stream_delay(self, frame: wire.StreamDelay) -> None:
        """Pass on how long the picture is on its way."""
        await self.phone.act(progress.tell_delay, sending_ms=frame.sending_ms)

    async def position_fix(self, frame: wire.PositionFix) -> None:
        """Keep a position."""
        await signalling.report_fix(self.phone, fix_of(frame))

    async def progress_report(self, frame: wire.ProgressReport) -> None:
        """Keep how far the page has come."""
        await self.phone.act(progress.note_progress, step=frame.step, reason=frame.reason)

    async def rung_report(self, frame: wire.RungReport) -> None:
        """Keep how much of the picture gets through."""
        await self.phone.act(ladder.note_rung, rung=frame.rung, reason=frame.reason)

    async def session_stop(self, frame: wire.SessionStop) -> None:
        """STOP."""
        await signalling.stop_session(self._meant(frame.session_id))

    async def still_refuse(self, frame: wire.StillRefuse) -> None:
        """Say why no picture comes."""
        await self.phone.act(stills.refuse_still, ask_id=frame.ask_id, reason=frame.reason)

    def _meant(self, session_id: UUID | None) -> signalling.Phone:
        """Return whoever shares here; raises `NotLive` where another session is named than the one that goes on."""
        phone = self.phone
        if session_id not in (None, phone.session_id):
            raise NotLive
        return phone
