"""What one console shares with other forces, agencies and officers, and what other forces share with it."""

from __future__ import annotations

from datetime import UTC, datetime

from streams import signalling, wire
from streams.broadcasts import shared_topic
from streams.consumers.offers import offer_frame
from streams.consumers.watches import Watches


class Shares(Watches):
    """The part of a console's socket that shows pictures to others, and looks across the border."""

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
            has_recording=frame.recording,
        )

    async def share_revoke(self, frame: wire.ShareRevoke) -> None:
        """Let it watch no longer."""
        await signalling.revoke_share(self.force, self.actor, session_id=frame.session_id, share_id=frame.share_id)

    async def agency_revoke(self, frame: wire.AgencyRevoke) -> None:
        """Let an outside agency watch no longer."""
        about = {"session_id": frame.session_id, "share_id": frame.agency_id}
        await signalling.revoke_agency(self.force, self.actor, **about)

    async def session_show(self, frame: wire.SessionShow) -> None:
        """Show a picture to the officers on its incident."""
        await signalling.show_to_officers(self.force, self.actor, session_id=frame.session_id)

    async def session_hide(self, frame: wire.SessionHide) -> None:
        """Show it to them no longer."""
        await signalling.hide_from_officers(self.force, self.actor, session_id=frame.session_id)

    async def agency_dismiss(self, frame: wire.AgencyDismiss) -> None:
        """Let one person of it watch no longer."""
        about = {"session_id": frame.session_id, "share_id": frame.agency_id, "viewer_id": frame.viewer_id}
        await signalling.dismiss_agency_viewer(self.force, self.actor, **about)

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
