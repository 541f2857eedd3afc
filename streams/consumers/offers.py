"""From an offer of the media server to its frame."""

from __future__ import annotations

from streams import signalling, wire


def offer_frame(offer: signalling.WatchOffer, asked: wire.StreamWatch) -> wire.StreamOffer:
    """Return the answer to a console that asked to watch."""
    return wire.StreamOffer(
        watch_id=str(offer.watch_id),
        stream_id=str(asked.stream_id),
        session_id=str(asked.session_id),
        sdp=offer.sdp,
        ice_servers=signalling.ice_servers(offer.watch_id),
        ref=asked.ref,
    )
