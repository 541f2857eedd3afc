"""What erasure and disclosure do to each kind of data that streams keeps of a live session.

Content goes: positions, texts, answers, the phone number, what identified a browser. The skeleton stays: that there
was a session, a link, a consent, a stream and who watched it, each with its times, because the audit refers to them.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet

from evidence import arrivals, storage
from evidence.models import SessionErasure
from evidence.parts import Export, Part, register_listener, register_part, register_rest, register_sessions
from forces.context import current_force
from forces.models import ShareGrant
from forces.services.sharing import all_shares, erase_shares
from streams.models import (
    AgencyMessage,
    AgencyShare,
    AgencyViewer,
    Assignment,
    ChatMessage,
    Consent,
    Handover,
    Incident,
    Invitation,
    LiveSession,
    PictureGap,
    Position,
    RecordingSegment,
    RiskAssessment,
    Showing,
    Still,
    StillAsk,
    StillViewing,
    Stream,
    Talk,
    Upload,
    ViewRequest,
    Watch,
)
from streams.services.incident_erasure import ERASED_TEXT, erase_incident_texts
from streams.services.shared_recordings import item_sealed
from streams.services.shares import end_erased_shares
from streams.services.uploads import item_changed


def register() -> None:
    """Register every model of streams that holds data of a session; called once, when the app is ready."""
    register_sessions(find_ended_sessions)
    register_rest(erase_incident_texts)
    register_listener(item_changed)
    register_listener(item_sealed)
    register_part(Part(ShareGrant._meta.label_lower, erase=_erase_shares, export=_export_shares))
    register_part(Part(AgencyShare._meta.label_lower, erase=_erase_agencies, export=_export_agencies))
    for model, erase in _ERASURES.items():
        register_part(Part(model._meta.label_lower, erase=erase, export=_export_of(model)))


def find_ended_sessions(before: datetime, limit: int) -> list[UUID]:
    """Return the sessions that ended at or before `before` and are not erased yet, oldest first."""
    erased = SessionErasure.objects.values("session_id")
    ended = LiveSession.objects.filter(ended_at__lte=before).exclude(id__in=erased)
    return list(ended.order_by("ended_at").values_list("id", flat=True)[:limit])


def _erase_positions(session_id: UUID, now: datetime) -> int:
    """Remove the rows: nothing of a fix is not content."""
    erased, _ = Position.objects.filter(session_id=session_id).delete()
    return erased


def _erase_messages(session_id: UUID, now: datetime) -> int:
    return ChatMessage.objects.filter(session_id=session_id).update(text=ERASED_TEXT, shown_text=ERASED_TEXT, phrase="")


def _erase_assessments(session_id: UUID, now: datetime) -> int:
    """Forget answers and reasons; whether the link was refused, and who overrode that, stays."""
    mine = RiskAssessment.objects.filter(session_id=session_id)
    mine.exclude(override_reason="").update(override_reason=ERASED_TEXT)
    return mine.update(answers={}, refusals=[])


def _erase_consents(session_id: UUID, now: datetime) -> int:
    """Forget the browser; what was agreed to, when and in which wording stays."""
    return Consent.objects.filter(session_id=session_id).update(browser_hash="")


def _erase_invitations(session_id: UUID, now: datetime) -> int:
    """Spend links that nobody spent, and forget the code, the browser and the provider's reference to the phone."""
    mine = Invitation.objects.filter(session_id=session_id)
    mine.filter(state__in=Invitation.USABLE).update(state=Invitation.State.WITHDRAWN, next_attempt_at=None)
    return mine.update(code_hash=None, bound_browser_hash="", provider_reference="", failure_reason="")


def _erase_handovers(session_id: UUID, now: datetime) -> int:
    """Forget why; who handed it to whom, and when, stays."""
    mine = Handover.objects.filter(session_id=session_id)
    mine.exclude(answer="").update(answer=ERASED_TEXT)
    return mine.update(reason=ERASED_TEXT)


def _erase_session(session_id: UUID, now: datetime) -> int:
    """Forget phone number, e-mail address and free texts, and the incident's once no session of it is left."""
    _erase_incident_text(session_id)
    mine = LiveSession.objects.filter(id=session_id)
    return mine.update(phone_number="", email_address="", outcome_note="", progress_reason="")


def _erase_incident_text(session_id: UUID) -> None:
    incident = LiveSession.objects.filter(id=session_id).values("incident_id")
    erased = SessionErasure.objects.values("session_id")
    others = LiveSession.objects.filter(incident_id__in=incident).exclude(id=session_id).exclude(id__in=erased)
    if not others.exists():
        Incident.objects.filter(id__in=incident).update(description="")
        Assignment.objects.filter(incident_id__in=incident).update(note="")


def _erase_requests(session_id: UUID, now: datetime) -> int:
    """Forget why the control room asked to see; that it did, whom, and the answer, stays."""
    return ViewRequest.objects.filter(session_id=session_id).update(reason=ERASED_TEXT)


def _erase_stills(session_id: UUID, now: datetime) -> int:
    """Forget the pictures that stood for video, with their files; of the others the items were erased before."""
    storage.erase_all_live(current_force().schema, session_id)
    mine = Still.objects.filter(session_id=session_id)
    mine.filter(purpose=Still.Purpose.LADDER).delete()
    return mine.update(width=0, height=0)


def _erase_uploads(session_id: UUID, now: datetime) -> int:
    """Forget the names of files and of who sent them, and what had arrived of those that never were whole."""
    mine = Upload.objects.filter(session_id=session_id)
    arrivals.discard(current_force().schema, mine.values_list("id", flat=True))
    mine.exclude(sender_name="").update(sender_name=ERASED_TEXT)
    return mine.update(file_name=ERASED_TEXT)


def _erase_shares(session_id: UUID, now: datetime) -> int:
    """End those that stand, and forget what they were for; that another force could watch, and when, stays."""
    end_erased_shares(now=now, session_id=session_id)
    return erase_shares(session_id, ERASED_TEXT)


def _erase_agencies(session_id: UUID, now: datetime) -> int:
    """Forget the contact, what was written and who of the agency it was; that it could watch, and when, stays."""
    mine = AgencyShare.objects.filter(session_id=session_id)
    AgencyViewer.objects.filter(share__in=mine).update(name=ERASED_TEXT)
    AgencyMessage.objects.filter(share__in=mine).update(provider_reference="", failure_reason="")
    Watch.objects.filter(session_id=session_id, agency_viewer__isnull=False).update(user_name=ERASED_TEXT)
    return mine.update(contact_name=ERASED_TEXT, contact_phone="", contact_email="", purpose_text="")


def _export_agencies(session_id: UUID) -> list[dict[str, Any]]:
    """Return the shares with their viewers."""
    shares = _export_of(AgencyShare)(session_id)
    names = ("id", "name", "opened_at", "verified_at", "ended_at")
    for share in shares:
        viewers = AgencyViewer.objects.filter(share_id=share["id"]).values(*names)
        share["viewers"] = json.loads(json.dumps(list(viewers), cls=DjangoJSONEncoder))
    return shares


def _export_shares(session_id: UUID) -> list[dict[str, Any]]:
    shares = [{**asdict(share), "session_id": str(session_id)} for share in all_shares(session_id)]
    found: list[dict[str, Any]] = json.loads(json.dumps(shares, cls=DjangoJSONEncoder))
    return found


def _keep(session_id: UUID, now: datetime) -> int:
    """Keep all: times and accountability, no content."""
    return 0


_ERASURES = {
    Position: _erase_positions,
    ChatMessage: _erase_messages,
    RiskAssessment: _erase_assessments,
    Consent: _erase_consents,
    Invitation: _erase_invitations,
    Stream: _keep,
    PictureGap: _keep,
    Watch: _keep,
    Talk: _keep,
    Showing: _keep,
    RecordingSegment: _keep,
    Handover: _erase_handovers,
    Still: _erase_stills,
    StillAsk: _keep,
    StillViewing: _keep,
    Upload: _erase_uploads,
    ViewRequest: _erase_requests,
    LiveSession: _erase_session,
}

# What opens a link or steers the media server is no record of what happened.
_SECRETS = {"token_hash", "bound_browser_hash", "browser_hash", "gateway_session", "gateway_handle", "owner"}
_SECRETS |= {"listener_session", "listener_handle"}


def _export_of(model: type[Model]) -> Export:
    """Return the function that lists a model's rows of a session, without secrets."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in _SECRETS]
    key = "pk" if model is LiveSession else "session_id"

    def export(session_id: UUID) -> list[dict[str, Any]]:
        rows: QuerySet[Any] = model._default_manager.filter(**{key: session_id}).order_by("pk")
        found: list[dict[str, Any]] = json.loads(json.dumps(list(rows.values(*names)), cls=DjangoJSONEncoder))
        return found

    return export
