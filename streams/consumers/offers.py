"""The media server's offer as a frame."""

from __future__ import annotations

from uuid import UUID

from streams import signalling, wire


def offer_frame(
    offer: signalling.WatchOffer, session_id: UUID, asked: wire.StreamWatch | wire.SharedWatch | wire.AgencyWatch
) -> wire.StreamOffer:
    """Return the frame that answers the wish to watch a stream of a session, or of a share."""
    return wire.StreamOffer(
        watch_id=str(offer.watch_id),
        stream_id=str(asked.stream_id),
        session_id=str(session_id),
        sdp=offer.sdp,
        ice_servers=signalling.ice_servers(offer.watch_id),
        ref=asked.ref,
    )
