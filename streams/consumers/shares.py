"""What one console shares with other forces, and what they share with it."""

from __future__ import annotations

from datetime import UTC, datetime

from streams import signalling, wire
from streams.broadcasts import shared_topic
from streams.consumers.offers import offer_frame
from streams.consumers.watches import Watches


class Shares(Watches):
    """The part of a console's socket that looks across the border."""

    async def share_give(self, frame: wire.ShareGive) -> None:
        """Let another force watch."""
        await signalling.share_session(
            self.force,
            self.actor,
            session_id=frame.session_id,
            guest=frame.force,
            purpose=frame.purpose,
            ends_at=datetime.fromtimestamp(frame.ends_at / 1000, UTC),
            has_chat=frame.chat,
        )

    async def share_revoke(self, frame: wire.ShareRevoke) -> None:
        """Let it watch no longer."""
        await signalling.revoke_share(self.force, self.actor, session_id=frame.session_id, share_id=frame.share_id)

    async def shared_open(self, frame: wire.SharedOpen) -> None:
        """Send what another force shares, whole, and follow it."""
        async with self.topics.anew(shared_topic(frame.share_id)) as seqs:
            shown = await signalling.open_shared(self.force, self.actor, share_id=frame.share_id)
            self.outbox.put(wire.SharedSnapshot(**shown, seqs=seqs, ref=frame.ref))

    async def shared_close(self, frame: wire.SharedClose) -> None:
        """Follow it no longer."""
        await self.topics.leave(shared_topic(frame.share_id))

    async def shared_watch(self, frame: wire.SharedWatch) -> None:
        """Offer a stream of another force."""
        about = {"share_id": frame.share_id, "stream_id": frame.stream_id}
        offer = await signalling.watch_shared(self.force, self.actor, self.name, frame.replaces, **about)
        if self.is_open:
            self.outbox.put(offer_frame(offer, frame.share_id, frame))
        else:
            await signalling.end_watches_of(self.name)
