"""An outside agency's page: admitted by its cookie, shown what is shared, and cut off when sharing ends."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from forces import clock, selectors
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.services.sharing import ShareOver
from streams.agency_tickets import AgencyTicket
from streams.services import agencies, agency_leaving, agency_pages
from streams.signalling import presence
from streams.signalling.publish import detach_all
from streams.signalling.watch import WatchOffer, offer, one_more

Plain = dict[str, Any]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """One open page of an agency's viewer."""

    force: ForceRef
    ticket: AgencyTicket
    socket: str
    request_id: str


async def open_agency_page(page: AgencyPage) -> Plain:
    """Return `agency_pages.show_agency`. Raises `ShareOver`, `AgencyNotVerified` or `AgencyLinkUnknown`."""
    await _check_force(page.force)
    await presence.hold_lease(page.force, page.socket)
    return await ain_force(page.force, agency_pages.show_agency, now=clock.now(), ticket=page.ticket)


async def hear_agency(page: AgencyPage) -> None:
    """The page was heard: what it watches is not orphaned. Raises when the viewer may not be here any more."""
    await _check_force(page.force)
    await ain_force(page.force, agency_pages.hear_agency, now=clock.now(), ticket=page.ticket)
    await presence.hold_lease(page.force, page.socket)


async def watch_agency(page: AgencyPage, *, stream_id: UUID, replaces: UUID | None) -> WatchOffer:
    """Offer the shared stream to a viewer's socket. Raises domain errors."""
    await _check_force(page.force)
    with one_more(page.socket):
        actor, admission = await ain_force(
            page.force,
            agency_pages.admit_page,
            now=clock.now(),
            ticket=page.ticket,
            stream_id=stream_id,
            request_id=page.request_id,
        )
        return await offer(page.force, actor, page.socket, admission, replaces)


async def leave_agency(page: AgencyPage) -> None:
    """The viewer is done, and says so."""
    left = await ain_force(
        page.force, agency_leaving.leave_agency, now=clock.now(), ticket=page.ticket, request_id=page.request_id
    )
    await detach_all(page.force, left)


async def revoke_agency(force: ForceRef, actor: Actor, *, session_id: UUID, share_id: UUID) -> None:
    """End what an agency may watch, and cut its pictures. Raises the errors of `agencies.revoke_agency`."""
    left = await ain_force(
        force, agencies.revoke_agency, actor=actor, now=clock.now(), session_id=session_id, share_id=share_id
    )
    await detach_all(force, left)


async def dismiss_agency_viewer(
    force: ForceRef, actor: Actor, *, session_id: UUID, share_id: UUID, viewer_id: UUID
) -> None:
    """End what one viewer of an agency watches, and cut it. Raises the errors of `agency_leaving.dismiss_viewer`."""
    about = {"session_id": session_id, "share_id": share_id, "viewer_id": viewer_id}
    left = await ain_force(force, agency_leaving.dismiss_viewer, actor=actor, now=clock.now(), **about)
    await detach_all(force, left)


async def end_overdue_agencies(force: ForceRef) -> None:
    """End what is shared with agencies for no longer, and cut its pictures."""
    for share_id in await ain_force(force, agencies.list_overdue_agencies, now=clock.now()):
        try:
            await detach_all(force, await ain_force(force, agencies.expire_agency, now=clock.now(), share_id=share_id))
        except Exception:  # one that cannot be ended must not leave the others open
            log.exception("agency's share not ended, it is tried again", extra={"share": str(share_id)})


async def _check_force(force: ForceRef) -> None:
    """Raise `ShareOver` when the force is in use no longer, as of now: nobody tends its sessions any more."""
    if not await selectors.is_active_now(force.schema):
        raise ShareOver(details={"reason": "revoked"})
