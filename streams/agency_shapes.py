"""What an agency's viewer is shown, and what the own consoles are told of agencies: listed by name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from forces.refs import ForceRef
from streams.models import AgencyMessage, AgencyShare, AgencyViewer
from streams.shapes import Plain, iso, mask_email_address, mask_phone_number
from streams.shared_shapes import sight_of


def purpose_words(share: AgencyShare) -> str:
    """Return what it is shown for, as people read it."""
    label = share.get_purpose_display()
    if not share.purpose_text:
        return label
    return share.purpose_text if share.purpose == AgencyShare.Purpose.OTHER else f"{label}: {share.purpose_text}"


def agency_share_view(share: AgencyShare, watching: Collection[UUID]) -> Plain:
    """Return the wire's AgencyShareView, for the own consoles; `watching` are viewers who see the picture now."""
    messages = list(share.messages.all())
    viewers = [viewer for viewer in share.viewers.all() if viewer.ended_at is None]
    return {
        "id": str(share.id),
        "kind": share.kind,
        "agency": share.agency,
        "contact_name": share.contact_name,
        "contact_phone_masked": mask_phone_number(share.contact_phone),
        "contact_email_masked": mask_email_address(share.contact_email),
        "purpose": purpose_words(share),
        "granted_by_name": share.granted_by_name,
        "granted_at": iso(share.granted_at),
        "ends_at": iso(share.ends_at),
        "most_viewers": share.most_viewers,
        "link_message": _newest_view([one for one in messages if one.viewer_id is None]),
        "viewers": [_viewer_view(one, messages, one.id in watching) for one in viewers],
    }


def agency_view(share: AgencyShare, summary: Plain, owner: ForceRef) -> Plain:
    """Return the wire's AgencyView, for the agency's own pages; `summary` is the session's: its stream is shown."""
    return {
        "id": str(share.id),
        "force_name": owner.name,
        "agency": share.agency,
        "kind": summary["kind"],
        "reference": summary["incident"]["reference"],
        "purpose": purpose_words(share),
        "granted_at": iso(share.granted_at),
        "ends_at": iso(share.ends_at),
        **sight_of(summary),
        "revision": summary["revision"],
    }


def _viewer_view(viewer: AgencyViewer, messages: Sequence[AgencyMessage], is_watching: bool) -> Plain:
    return {
        "id": str(viewer.id),
        "name": viewer.name,
        "opened_at": iso(viewer.opened_at),
        "verified_at": iso(viewer.verified_at),
        "is_watching": is_watching,
        "code_made_at": None if viewer.verified_at else iso(viewer.code_made_at),
        "code_message": _newest_view([one for one in messages if one.viewer_id == viewer.id]),
    }


def _newest_view(messages: Sequence[AgencyMessage]) -> Plain | None:
    if not messages:
        return None
    newest = messages[-1]
    return {"state": newest.state, "queued_at": iso(newest.queued_at), "failure_reason": newest.failure_reason}
