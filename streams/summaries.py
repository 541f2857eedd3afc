"""The summary of a session, as console and REST show it: its row and the newest of each of its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

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

_NEWEST: dict[str, tuple[type[Model], str]] = {
    "invitations": (Invitation, "queued_at"),
    "assessments": (RiskAssessment, "answered_at"),
    "consents": (Consent, "given_at"),
    "streams": (Stream, "admitted_at"),
    "positions": (Position, "fixed_at"),
}
# Where each part stands on a session that was read.
_PARTS = {
    **{relation: f"newest_{relation}" for relation in (*_NEWEST, "handovers", "segments")},
    "watches": "open_watches",
    "agency_shares": "standing_agencies",
}
_WHICH_THERE_ARE = """
SELECT EXISTS (SELECT FROM streams_invitation WHERE session_id = %(id)s) AS invitations,
    EXISTS (SELECT FROM streams_riskassessment WHERE session_id = %(id)s) AS assessments,
    EXISTS (SELECT FROM streams_consent WHERE session_id = %(id)s) AS consents,
    EXISTS (SELECT FROM streams_stream WHERE session_id = %(id)s) AS streams,
    EXISTS (SELECT FROM streams_position WHERE session_id = %(id)s) AS positions,
    EXISTS (SELECT FROM streams_handover WHERE session_id = %(id)s AND state = 'offered') AS handovers,
    EXISTS (SELECT FROM streams_recordingsegment WHERE session_id = %(id)s AND state <> 'stopped') AS segments,
    EXISTS (SELECT FROM streams_watch WHERE session_id = %(id)s AND ended_at IS NULL) AS watches,
    EXISTS (SELECT FROM streams_agencyshare WHERE session_id = %(id)s AND ended_at IS NULL) AS agency_shares
"""


def session_summary(session: LiveSession) -> Plain:
    """Return the wire's SessionSummary. Reads what is missing; with its shares before, it reads nothing."""
    if "open_watches" not in vars(session):  # as `with_parts` leaves it
        attach_parts(session)
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
    return LiveSession.objects.select_related("incident__type").prefetch_related(*_parts(_PARTS))


def attach_shares(sessions: Sequence[LiveSession]) -> Sequence[LiveSession]:
    """Let each session know what other forces may see of it now, by one query; returns the sessions."""
    shares = standing_shares(*(session.id for session in sessions)) if sessions else []
    for session in sessions:
        vars(session)["standing_shares"] = [share for share in shares if share.session_id == session.id]
    return sessions


def attach_parts(session: LiveSession) -> LiveSession:
    """Let one session know all that a summary shows; asks first which of it there is, for most have few parts."""
    with connection.cursor() as cursor:
        cursor.execute(_WHICH_THERE_ARE, {"id": session.pk})
        names = [column.name for column in cursor.description]
        there = dict(zip(names, cursor.fetchone(), strict=True))
    for relation, attribute in _PARTS.items():
        if not there[relation]:
            vars(session)[attribute] = []
    prefetch_related_objects([session], *_parts([relation for relation in _PARTS if there[relation]]))
    return session


def _parts(relations: Iterable[str]) -> list[Prefetch[Any]]:
    """What a summary shows of other tables: the newest row of each per session, one query per table."""
    return [_part(relation) for relation in relations]


def _part(relation: str) -> Prefetch[Any]:
    match relation:
        case "watches":
            rows: QuerySet[Any] = Watch.objects.filter(ended_at__isnull=True)
        case "agency_shares":
            rows = _standing_agencies()
        case "handovers":
            rows = _newest(Handover.objects.filter(state=Handover.State.OFFERED), "offered_at")
        case "segments":
            rows = _newest(RecordingSegment.objects.exclude(state="stopped"), "started_at")
        case _:
            model, time_field = _NEWEST[relation]
            rows = _newest(model._default_manager.all(), time_field)
    return Prefetch(relation, rows, to_attr=_PARTS[relation])


def _standing_agencies() -> QuerySet[AgencyShare]:
    viewers = Prefetch("viewers", AgencyViewer.objects.filter(ended_at__isnull=True))
    return AgencyShare.objects.filter(ended_at__isnull=True).prefetch_related(viewers, "messages")


def _newest(rows: QuerySet[Any], time_field: str) -> QuerySet[Any]:
    return rows.order_by("session_id", f"-{time_field}").distinct("session_id")


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
