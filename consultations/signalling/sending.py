"""What a seat sends beside its camera, and the connections of both: screens, candidates, new ICE credentials."""

from __future__ import annotations

from uuid import UUID

from consultations.errors import PlaceOver
from consultations.services import feeds
from consultations.signalling.receiving import TunedPlace
from consultations.signalling.seats import Seat, end_feed, handle_ref, keep_feed, publish_feed
from forces.errors import NotFound
from streams.gateway.interface import Candidate, GatewayError, HandleGone, Offer
from streams.signalling.errors import as_domain_error
from streams.signalling.gateways import gateway_for
from streams.signalling.publish import detach_all


async def open_screen(seat: Seat, sdp: str) -> tuple[UUID, str]:
    """Share a screen beside the camera; returns (feed, answer). Raises domain errors."""
    place = _require(seat)
    admission = await seat.person.act(feeds.admit_screen, place_id=place.place_id)
    await detach_all(seat.force, admission.leftovers)
    try:
        held, answer = await publish_feed(seat, place, admission.feed_id, sdp)
    except GatewayError as error:
        await end_feed(seat.force, admission.feed_id, "gateway_failed")
        raise as_domain_error(error) from error
    await keep_feed(seat, held)
    return admission.feed_id, answer.sdp


async def restart_feed(seat: Seat, feed_id: UUID, sdp: str) -> str:
    """Give a feed new ICE credentials; returns the answer. Raises `NotFound` for a feed that is not the seat's."""
    held = seat.handles.get(feed_id)
    if held is None:
        raise NotFound("There is no such feed.")
    try:
        answer = await (await gateway_for(held.node)).restart(handle_ref(held), Offer(sdp))
    except GatewayError as error:
        raise as_domain_error(error) from error
    return answer.sdp


async def trickle_feed(seat: Seat, feed_id: UUID, candidate: Candidate | None) -> None:
    """Pass on a candidate of an own feed; for one that is over it came too late. Raises `NotFound` for another's."""
    held = seat.handles.get(feed_id)
    if held is None:
        held = await seat.person.act(feeds.find_own_feed, feed_id=feed_id)
    if held is None:
        return
    try:
        await (await gateway_for(held.node)).trickle(handle_ref(held), candidate)
    except HandleGone:
        return
    except GatewayError as error:
        raise as_domain_error(error) from error


async def close_feed(seat: Seat, feed_id: UUID) -> None:
    """Share a screen no longer. Raises `NotFound` for another's feed."""
    await seat.person.act(feeds.find_own_feed, feed_id=feed_id)
    seat.handles.pop(feed_id, None)
    await end_feed(seat.force, feed_id, "stopped")


def _require(seat: Seat) -> TunedPlace:
    if seat.place is None:
        raise PlaceOver
    return seat.place
