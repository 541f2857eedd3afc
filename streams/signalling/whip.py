"""Publications by WHIP (RFC 9725): opened like any publisher's picture, their ICE sessions changed, and ended.

Candidates and the end may come to any process; a restart of ICE is answered to whoever holds the place, so that a
process which does not takes it over first.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.errors import DomainError, NotFound
from streams.gateway.interface import Answer, Candidate, GatewayError, HandleGone, HandleRef, Offer
from streams.gateway.whip_sdp import (
    Fragment,
    SdpMalformed,
    SdpUnfit,
    answer_fragment,
    check_offer,
    is_partial,
    read_fragment,
    restarted_offer,
    usable_candidates,
    with_candidates,
    with_mux_only,
    without_candidates,
)
from streams.selectors import Plain
from streams.services import whip
from streams.services.handles import HeldHandle
from streams.services.watching import StreamOver
from streams.services.whip import Resource, check_precondition
from streams.signalling.callers import ice_servers
from streams.signalling.errors import CodecMissing, as_domain_error
from streams.signalling.gateways import gateway_for, is_line_lost
from streams.signalling.publish import Published, detach_all, end_stream, publish
from streams.signalling.senders import Sender
from streams.signalling.takeover import take_stream

T = TypeVar("T")
_begun: set[asyncio.Task[Any]] = set()


class SdpRefused(DomainError):
    """What was sent is no SDP (HTTP 400)."""

    code = "sdp_malformed"
    http_status = 400
    message = "This is no SDP."


class OfferRefused(DomainError):
    """The offer cannot be published as a whole (HTTP 422)."""

    code = "offer_refused"
    http_status = 422
    message = "This offer cannot be published. Send H.264 or VP8, and Opus where there is sound."


@dataclass(frozen=True, slots=True)
class Opened:
    """A publication: the random part of its address, its ICE session's tag, the answer, and relays to use."""

    resource_id: UUID
    etag: str
    sdp: str
    ice_servers: list[Plain]


@dataclass(frozen=True, slots=True)
class Restarted:
    """A new ICE session: its tag, and the fragment that answers."""

    etag: str
    fragment: str


async def open_publication(sender: Sender, sdp: str) -> Opened:
    """Publish a device's offer. Raises `SdpRefused`, `OfferRefused`, and what `publish` raises."""
    try:
        check_offer(sdp)
    except SdpMalformed as error:
        raise SdpRefused(str(error)) from error
    except SdpUnfit as error:
        raise OfferRefused(str(error)) from error
    return await _to_the_end(_open(sender, sdp))


async def find_publication(sender: Sender, resource_id: UUID) -> None:
    """Raise `NotFound` unless the publication goes on, and is this device's."""
    await sender.act(whip.find_resource, resource_id=resource_id)


async def change_publication(sender: Sender, resource_id: UUID, body: str, if_match: str) -> Restarted | None:
    """Add candidates, or restart ICE where the credentials are others; returns the new ICE session then.

    Raises `SdpRefused`, `NotFound`, `PreconditionMissing`, `PreconditionFailed` or `MediaUnavailable`.
    """
    try:
        fragment = read_fragment(body)
        resource = await sender.act(whip.find_resource, resource_id=resource_id)
        candidates = usable_candidates(fragment, resource.offer)
    except SdpMalformed as error:
        raise SdpRefused(str(error)) from error
    check_precondition(if_match, resource.etag)
    if fragment.restarts(resource.offer):
        return await _to_the_end(_restart(sender, resource, fragment, candidates))
    await _ask(_trickle(resource, [*candidates, *([None] if fragment.is_end else [])]))
    return None


async def close_publication(sender: Sender, resource_id: UUID) -> None:
    """End a publication; the flight, or whatever it belongs to, goes on. Raises `NotFound`."""
    resource = await sender.act(whip.find_resource, resource_id=resource_id)
    is_lost = is_line_lost(resource.place.node)
    held = await sender.act(whip.end_resource, resource_id=resource_id, is_media_lost=is_lost)
    await detach_all(sender.force, held)


async def _open(sender: Sender, sdp: str) -> Opened:
    try:
        published = await publish(sender, sdp, is_polite=True)
    except CodecMissing as error:
        raise OfferRefused from error
    try:
        if is_partial(published.sdp):
            raise OfferRefused
        return await _give_address(sender, published, sdp)
    except BaseException as error:
        reason = "codec_refused" if isinstance(error, OfferRefused) else "gateway_failed"
        await end_stream(sender.force, Actor.system("signalling"), published.stream_id, reason)
        raise


async def _give_address(sender: Sender, published: Published, sdp: str) -> Opened:
    etag = _new_etag()
    resource_id = await sender.act(
        whip.keep_resource, stream_id=published.stream_id, etag=etag, offer=without_candidates(sdp)
    )
    return Opened(resource_id, etag, with_mux_only(published.sdp), ice_servers(published.stream_id))


async def _trickle(resource: Resource, candidates: list[Candidate | None]) -> None:
    gateway = await gateway_for(resource.place.node)
    for candidate in candidates:
        await gateway.trickle(_handle(resource.place), candidate)


async def _restart(sender: Sender, before: Resource, fragment: Fragment, candidates: list[Candidate]) -> Restarted:
    """The rows first: of two restarts at once the other one finds that it came too late."""
    etag, offer = _new_etag(), restarted_offer(before.offer, fragment)
    await sender.act(whip.begin_restart, before=before, etag=etag, offer=offer)
    try:
        answer = await _ask(_renegotiate(sender.force, before, with_candidates(offer, candidates)))
    except BaseException:
        await ain_force(sender.force, whip.undo_restart, before=before, etag=etag)
        raise
    return Restarted(etag, answer_fragment(answer.sdp))


async def _renegotiate(force: ForceRef, resource: Resource, offer: str) -> Answer:
    place = await take_stream(force, resource.stream_id)
    gateway = await gateway_for(place.node)
    return await gateway.restart(_handle(place), Offer(offer))


async def _ask(asked: Coroutine[Any, Any, T]) -> T:
    """Ask the media server, and say in our words what it refuses."""
    try:
        return await asked
    except (HandleGone, StreamOver) as error:
        raise NotFound("This publication is over.") from error
    except GatewayError as error:
        raise as_domain_error(error) from error


async def _to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Bring work to its end although the request is cut off: rows and media server must agree."""
    task = asyncio.create_task(work)
    _begun.add(task)
    task.add_done_callback(_begun.discard)
    return await asyncio.shield(task)


def _handle(place: HeldHandle) -> HandleRef:
    return HandleRef(place.gateway_session, place.gateway_handle)


def _new_etag() -> str:
    return f'"{secrets.token_hex(8)}"'
