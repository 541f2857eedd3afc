"""What consultations tell the apps below them: what they keep of a session, whose it is, and that they hear of ends.

Content goes: names, numbers, addresses, texts, what a line check found. The skeleton stays: who was in which room from
when to when, who let whom in, who was asked and what they answered, because the audit refers to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from consultations.models import (
    CallMessage,
    Caution,
    Consultation,
    Feed,
    Feedback,
    MeetingLink,
    Message,
    MoveRequest,
    Participant,
    Place,
    PrivateTalk,
    Reception,
    RecordingConsent,
    RecordingPart,
    SilentSignal,
    TrackSegment,
)
from consultations.services import messages, uploading
from consultations.services.closing import note_session_over
from consultations.services.handing_over import hand_over
from consultations.services.keeping import ConsultationKeeper
from evidence.parts import Export, Part, register_part, register_rest
from streams.closing_rules import register_handing_over
from streams.endings import register_ending
from streams.models import LiveSession
from streams.outgoing import register_messages
from streams.place_keepers import register_keeper
from streams.services.incident_erasure import ERASED_TEXT
from streams.standing_rules import Standing, register_standing

# Of what never was held there is nothing to wait for.
UNHELD_KEPT = timedelta(days=31)
_SECRET = frozenset(
    {
        "gateway_session",
        "gateway_handle",
        "process",
        "socket",
        "token_hash",
        "browser_hash",
        "arming",
        "provider_reference",
    }
)
_OWN_KEY = frozenset({Consultation})


def register() -> None:
    """Register it; called once, when the app is ready."""
    for model, erase in _ERASURES.items():
        register_part(Part(model._meta.label_lower, erase=erase, export=_export_of(model)))
    register_rest(erase_unheld)
    register_ending(note_session_over)
    register_keeper(ConsultationKeeper())
    kind = LiveSession.Kind.CONSULTATION
    register_handing_over(kind, hand_over)
    register_standing(
        kind,
        Standing(
            is_own=uploading.is_in_session,
            allows=uploading.session_allows,
            may_run=uploading.may_run_session,
            tell_upload=uploading.tell_upload,
        ),
    )
    register_messages(
        note_receipt=messages.note_receipt, sessions_of=messages.sessions_of, sessions_with=messages.sessions_with
    )


def erase_unheld(before: datetime, now: datetime) -> int:
    """Forget how to reach people of consultations that were cancelled or missed 31 days ago, and what they said.

    Of these there is no item, whose time everything else of a session waits for. Returns how many people.
    """
    unheld = (Consultation.State.CANCELLED, Consultation.State.MISSED)
    over = Consultation.objects.filter(state__in=unheld, over_at__lte=now - UNHELD_KEPT)
    people = Participant.objects.filter(session_id__in=over.values("session_id"))
    MeetingLink.objects.filter(participant__in=people).exclude(token_hash="").update(token_hash="", browser_hash="")
    kept = people.exclude(phone_number="", email_address="", alone="", checked={})
    return kept.update(phone_number="", email_address="", alone="", checked={}, contact_from=None, contact_to=None)


def _erase_consultation(session_id: UUID, now: datetime) -> int:
    """Forget notes and reasons; what it was for, who led it and when stays."""
    mine = Consultation.objects.filter(pk=session_id)
    mine.exclude(cancel_reason="").update(cancel_reason=ERASED_TEXT)
    return mine.update(purpose_note="")


def _erase_participants(session_id: UUID, now: datetime) -> int:
    """Forget who they were and how to reach them; of police the audit has the ids."""
    mine = Participant.objects.filter(session_id=session_id)
    return mine.update(
        name=ERASED_TEXT,
        shown_name="",
        phone_number="",
        email_address="",
        language="",
        contact_from=None,
        contact_to=None,
        alone="",
        checked={},
        sent_away_text="",
    )


def _erase_links(session_id: UUID, now: datetime) -> int:
    mine = MeetingLink.objects.filter(session_id=session_id)
    mine.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    return mine.update(token_hash="", browser_hash="", arming="")


def _erase_messages(session_id: UUID, now: datetime) -> int:
    mine = Message.objects.filter(session_id=session_id)
    waiting = mine.filter(state__in=Message.WAITING)
    waiting.update(state=Message.State.DROPPED, next_attempt_at=None)
    return mine.update(provider_reference="", failure_reason="")


def _erase_moves(session_id: UUID, now: datetime) -> int:
    return MoveRequest.objects.filter(session_id=session_id).update(text=ERASED_TEXT)


def _erase_said(session_id: UUID, now: datetime) -> int:
    return CallMessage.objects.filter(session_id=session_id).update(text=ERASED_TEXT, name=ERASED_TEXT)


def _erase_cautions(session_id: UUID, now: datetime) -> int:
    """Forget why; that there was one, when and by whom, stays."""
    return Caution.objects.filter(session_id=session_id).update(reason=ERASED_TEXT)


def _keep(model: type[Model]) -> Callable[[UUID, datetime], int]:
    """Nothing of these rows is content: times, states and answers alone, which stay."""

    def erase(session_id: UUID, now: datetime) -> int:
        return 0

    return erase


def _export_of(model: type[Model]) -> Export:
    def export(session_id: UUID) -> list[dict[str, Any]]:
        key = {"pk": session_id} if model in _OWN_KEY else {"session_id": session_id}
        rows = model._default_manager.filter(**key).values()
        plain = [{name: value for name, value in row.items() if name not in _SECRET} for row in rows]
        found: list[dict[str, Any]] = json.loads(json.dumps(plain, cls=DjangoJSONEncoder))
        return found

    return export


_ERASURES: dict[type[Model], Callable[[UUID, datetime], int]] = {
    Consultation: _erase_consultation,
    Participant: _erase_participants,
    MeetingLink: _erase_links,
    Message: _erase_messages,
    MoveRequest: _erase_moves,
    CallMessage: _erase_said,
    Caution: _erase_cautions,
    **{
        model: _keep(model)
        for model in (
            Feedback,
            Place,
            Feed,
            Reception,
            PrivateTalk,
            RecordingConsent,
            RecordingPart,
            TrackSegment,
            SilentSignal,
        )
    },
}
