"""The summary of a session, as console and REST show it: its row and the newest of each of its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from forces.services.sharing import Share, standing_shares
from streams.agency_shapes import agency_share_view
from streams.models import (
    AgencyShare,
    AgencyViewer,
    Consent,
    Handover,
    Invitation,
    LiveSession,
    Position,
    RecordingSegment,
    RiskAssessment,
    Stream,
    Watch,
)
from streams.shapes import (
    Plain,
    attention_view,
    consent_view,
    fix_view,
    handover_view,
    incident_view,
    invitation_view,
    iso,
    mask_email_address,
    mask_phone_number,
    officer_view,
    outcome_view,
    progress_view,
    recording_view,
    risk_view,
    rung_view,
    shown_view,
    source_view,
    stream_view,
)
from streams.shared_shapes import share_view


def session_summary(session: LiveSession) -> Plain:
    """Return the wire's SessionSummary. Reads what is missing; with its shares before, it reads nothing."""
    prefetch_related_objects([session], *_parts())
    if "standing_shares" not in vars(session):
        attach_shares([session])
    times = ("opened_at", "consented_at", "live_at", "ended_at")
    return {
        "id": str(session.id),
        "revision": session.revision,
        "state": session.state,
        "kind": session.kind,
        "officer": officer_view(session),
        "source": source_view(session),
        "link_kind": session.link_kind,
        "incident": incident_view(session.incident),
        "phone_number_masked": mask_phone_number(session.phone_number),
        "email_masked": mask_email_address(session.email_address),
        "language": session.language,
        "safe_mode": session.safe_mode,
        "created_at": iso(session.created_at),
        "created_by_name": session.created_by_name,
        "assigned_to": {"id": session.assigned_to, "name": session.assigned_to_name},
        "attention": attention_view(session),
        **{name: iso(getattr(session, name)) for name in times},
        "ended_by_kind": session.ended_by_kind,
        "end_reason": session.end_reason,
        **_newest_parts(session),
        "progress": progress_view(session),
        "rung": rung_view(session),
        "outcome": outcome_view(session),
        "shown": shown_view(session),
    }


def with_parts() -> QuerySet[LiveSession]:
    """Return every session with all that a summary shows, in one query per table."""
    return LiveSession.objects.select_related("incident__type").prefetch_related(*_parts())


def attach_shares(sessions: Sequence[LiveSession]) -> Sequence[LiveSession]:
    """Let each session know what other forces may see of it now, by one query; returns the sessions."""
    shares = standing_shares(*(session.id for session in sessions)) if sessions else []
    for session in sessions:
        vars(session)["standing_shares"] = [share for share in shares if share.session_id == session.id]
    return sessions


def _parts() -> list[Prefetch[Any]]:
    """What a summary shows of other tables: the newest row of each per session, one query per table."""
    return [
        _newest("invitations", Invitation.objects.all(), "queued_at"),
        _newest("assessments", RiskAssessment.objects.all(), "answered_at"),
        _newest("consents", Consent.objects.all(), "given_at"),
        _newest("streams", Stream.objects.all(), "admitted_at"),
        _newest("positions", Position.objects.all(), "fixed_at"),
        _newest("handovers", Handover.objects.filter(state=Handover.State.OFFERED), "offered_at"),
        _newest("segments", RecordingSegment.objects.exclude(state="stopped"), "started_at"),
        Prefetch("watches", Watch.objects.filter(ended_at__isnull=True), to_attr="open_watches"),
        Prefetch("agency_shares", _standing_agencies(), to_attr="standing_agencies"),
    ]


def _standing_agencies() -> QuerySet[AgencyShare]:
    viewers = Prefetch("viewers", AgencyViewer.objects.filter(ended_at__isnull=True))
    return AgencyShare.objects.filter(ended_at__isnull=True).prefetch_related(viewers, "messages")


def _newest(relation: str, rows: QuerySet[Any], time_field: str) -> Prefetch[Any]:
    newest = rows.order_by("session_id", f"-{time_field}").distinct("session_id")
    return Prefetch(relation, newest, to_attr=f"newest_{relation}")


def _newest_parts(session: LiveSession) -> Plain:
    shown: dict[str, tuple[str, Callable[[Any], Plain]]] = {
        "invitation": ("invitations", invitation_view),
        "risk": ("assessments", risk_view),
        "consent": ("consents", consent_view),
        "stream": ("streams", stream_view),
        "last_position": ("positions", fix_view),
        "handover": ("handovers", handover_view),
    }
    found = {name: getattr(session, f"newest_{relation}") for name, (relation, _) in shown.items()}
    segments: list[RecordingSegment] = vars(session)["newest_segments"]
    return {
        **{name: view(found[name][0]) if found[name] else None for name, (_, view) in shown.items()},
        "recording": recording_view(session, segments[0] if segments else None),
        "watchers": _watchers(session),
        "shares": _shares(session),
        "agencies": _agencies(session),
    }


def _shares(session: LiveSession) -> list[Plain]:
    """Return what other forces may see, until when, and who of them watches now."""
    watches: list[Watch] = vars(session)["open_watches"]
    shares: list[Share] = vars(session)["standing_shares"]
    return [
        {
            **share_view(share),
            "watchers": list(dict.fromkeys(watch.user_name for watch in watches if watch.share_id == share.id)),
        }
        for share in shares
    ]


def _agencies(session: LiveSession) -> list[Plain]:
    """Return what agencies may see, until when, and who of them waits or watches."""
    watches: list[Watch] = vars(session)["open_watches"]
    watching = {watch.agency_viewer_id for watch in watches if watch.agency_viewer_id is not None}
    agencies: list[AgencyShare] = vars(session)["standing_agencies"]
    return [agency_share_view(share, watching) for share in agencies]


def _watchers(session: LiveSession) -> list[Plain]:
    watches: list[Watch] = vars(session)["open_watches"]
    names = dict.fromkeys(watch.user_name for watch in watches)
    return [{"name": name} for name in names]
