"""Stills: an operator asks, the phone answers with a picture or says why not; what is evidence becomes an item.

The picture itself is stored between `admit_still` and `keep_still`, outside of any transaction: consent and session
are looked at on both sides of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from evidence.services import sequences
from evidence.services.pictures import register_still
from evidence.stills import StoredStill
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import DomainError, InvalidInput, NotFound
from streams.broadcasts import broadcast_ask_on_commit, broadcast_still_on_commit
from streams.models import LiveSession, Still, StillAsk
from streams.selectors import Plain
from streams.services.gathered_stills import gather_still
from streams.services.live_stills import drop_old, is_stopped
from streams.services.locks import lock_open_session, lock_session
from streams.services.recording import RecordingConsentMissing, wants_recording
from streams.services.standing import allows, refuse_consultation, require_consent, require_going_on, require_own
from streams.services.turns import take_turn
from streams.services.watching import StreamOver
from streams.shapes import still_view

MOST_BYTES = {Still.Purpose.ASKED: 15_000_000, Still.Purpose.OWN: 15_000_000, Still.Purpose.LADDER: 300_000}
PER_MINUTE = {Still.Purpose.ASKED: 20, Still.Purpose.OWN: 20, Still.Purpose.LADDER: 180}
REFUSALS = ("no_camera", "denied", "failed", "not_supported")


class StillTooLarge(DomainError):
    """More bytes than a picture of its purpose may have (HTTP 413)."""

    code = "too_large"
    http_status = 413
    message = "This picture is too large."


class HashMismatch(DomainError):
    """The bytes that came are not those that the phone hashed (HTTP 422)."""

    code = "hash_mismatch"
    http_status = 422
    message = "The picture did not arrive as it was sent. Send it again."


class AskOver(DomainError):
    """The request for a picture was answered with another one, or refused (HTTP 409)."""

    code = "ask_over"
    http_status = 409
    message = "This request for a picture has been answered."


@dataclass(frozen=True, slots=True)
class NewStill:
    """What a phone says of a picture; `sha256` is its own hash, `taken_at` by its own clock."""

    purpose: Still.Purpose
    ask_id: UUID | None
    taken_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class AdmittedStill:
    """A picture that may be stored: the id it will have, or `known`, the view of one that is stored already.

    `is_gathered`: it stands for video that would be recorded, and is kept with the others of its stretch.
    """

    still_id: UUID
    item_id: UUID
    known: Plain | None = None
    is_gathered: bool = False


@dataclass(frozen=True, slots=True)
class KeptStill:
    """A picture's view, the pictures of the ladder that are no news any more, and whether it is kept in a sequence.

    `is_new`: not so when the same picture, sent before, was kept meanwhile; the view is that one's.
    """

    view: Plain
    old: list[UUID]
    is_gathered: bool
    is_new: bool = True


def ask_still(*, actor: Actor, now: datetime, session_id: UUID, client_id: str) -> UUID:
    """Ask the caller's phone for a picture; a `client_id` seen before is the same request. Returns the request's id.

    Raises `NotPermitted`, `NotFound`, `SessionOver`, `ConsentMissing` or `RecordingConsentMissing`.
    """
    require(actor, Permission.SESSION_CONTROL)
    session = lock_open_session(session_id)
    refuse_consultation(session)
    known = StillAsk.objects.filter(session=session, client_id=client_id).first()
    if known is not None:
        return known.id
    _require_keeping(session)
    ask = StillAsk.objects.create(
        session=session, client_id=client_id, asked_by=actor.id, asked_by_name=actor.name, asked_at=now
    )
    _record(actor, "still.ask", session_id, ask.id, Operation.COLLECTION)
    broadcast_ask_on_commit(ask)
    return ask.id


def refuse_still(*, actor: Actor, now: datetime, session_id: UUID, ask_id: UUID, reason: str) -> None:
    """The phone has no picture to give; saying it again changes nothing. Raises `NotPermitted`, `NotFound`."""
    session = lock_session(session_id)
    require_own(actor, session)
    ask = StillAsk.objects.filter(pk=ask_id, session=session).first()
    if ask is None:
        raise NotFound
    if ask.answered_at is not None:
        return
    ask.answer(now, refusal=reason if reason in REFUSALS else "failed")
    ask.save(update_fields=["answered_at", "refusal"])
    _record(actor, "still.refuse", session_id, ask.id, Operation.COLLECTION, {"reason": ask.refusal})
    broadcast_ask_on_commit(ask)


def admit_still(*, actor: Actor, now: datetime, session_id: UUID, still: NewStill, holder: str) -> AdmittedStill:
    """Let the caller send a picture. One that is stored already is `known`: the answer to it was lost on its way.

    `holder` is whose pictures are counted together. Raises `NotPermitted`, `SessionOver`, `ConsentMissing`,
    `RecordingConsentMissing` for a picture that is kept, `StreamOver` for one in place of video that was stopped,
    `NotFound`, `AskOver`, `turns.TooOften` or `InvalidInput`.
    """
    session = lock_session(session_id)
    _require_wanted(actor, session, still)
    take_turn(f"still:{still.purpose}", holder, now=now, per_minute=PER_MINUTE[still.purpose])
    known = _find_known(session, still)
    if known is None:
        _find_open_ask(session, still)
    return AdmittedStill(uuid4(), uuid4(), still_view(known) if known else None, _is_gathered(session, still))


def keep_still(
    *, actor: Actor, now: datetime, session_id: UUID, still: NewStill, admitted: AdmittedStill, stored: StoredStill
) -> KeptStill:
    """Keep a stored picture and show it; the same one, kept since it was admitted, is kept once.

    Raises as `admit_still`: whoever took the consent back meanwhile gave no picture.
    """
    session = lock_session(session_id)
    _require_wanted(actor, session, still)
    known = _find_known(session, still)
    if known is not None:
        return KeptStill(still_view(known), [], False, is_new=False)
    ask = _find_open_ask(session, still)
    is_evidence = still.purpose != Still.Purpose.LADDER
    row = Still.objects.create(
        id=admitted.still_id,
        session=session,
        ask=ask,
        purpose=still.purpose,
        taken_at=still.taken_at,
        received_at=now,
        width=stored.shape.width,
        height=stored.shape.height,
        sha256=stored.sha256,
        bytes=stored.bytes,
        item_id=admitted.item_id if is_evidence else None,
    )
    if ask is not None:
        ask.answer(now)
        ask.save(update_fields=["answered_at", "refusal"])
        broadcast_ask_on_commit(ask)
    is_gathered = admitted.is_gathered and _is_gathered(session, still)
    if is_evidence:
        _seal(actor, now, session, admitted.item_id, still, stored)
    elif is_gathered:
        gather_still(actor=actor, now=now, session=session, still=row, kind=stored.shape.kind)
    broadcast_still_on_commit(row)
    return KeptStill(still_view(row), drop_old(session_id) if not is_evidence else [], is_gathered)


def is_kept(*, still_id: UUID) -> bool:
    """Whether a picture has its row, or a sequence waits for its files."""
    return Still.objects.filter(pk=still_id).exists() or not sequences.find_strays([still_id])


def _is_gathered(session: LiveSession, still: NewStill) -> bool:
    """Whether a picture is kept as the video that it stands for would be."""
    return still.purpose == Still.Purpose.LADDER and wants_recording(session)


def _require_wanted(actor: Actor, session: LiveSession, still: NewStill) -> None:
    require_own(actor, session)
    require_going_on(session)
    if still.purpose == Still.Purpose.LADDER:
        require_consent(session, "video")
        if is_stopped(session.id):
            raise StreamOver
    else:
        _require_keeping(session)


def _require_keeping(session: LiveSession) -> None:
    """A picture that becomes evidence is kept like a recording, and needs the same consent; to be seen is less."""
    require_consent(session, "video")
    if not allows(session.id, "recording"):
        raise RecordingConsentMissing


def _find_known(session: LiveSession, still: NewStill) -> Still | None:
    """Return the same picture, sent before."""
    if still.purpose == Still.Purpose.LADDER:
        return None
    return Still.objects.filter(session=session, sha256=still.sha256).exclude(purpose=Still.Purpose.LADDER).first()


def _find_open_ask(session: LiveSession, still: NewStill) -> StillAsk | None:
    if (still.purpose == Still.Purpose.ASKED) != (still.ask_id is not None):
        raise InvalidInput("A picture that was asked for names the request, any other none.")
    if still.ask_id is None:
        return None
    ask = StillAsk.objects.filter(pk=still.ask_id, session=session).first()
    if ask is None:
        raise NotFound("There is no such request for a picture.")
    if ask.answered_at is not None:
        raise AskOver
    return ask


def _seal(
    actor: Actor, now: datetime, session: LiveSession, item_id: UUID, still: NewStill, stored: StoredStill
) -> None:
    register_still(
        actor=actor,
        now=now,
        item_id=item_id,
        session_id=session.id,
        incident_reference=session.incident.reference,
        category_code=session.incident.type.code,
        taken_at=still.taken_at,
        size=(stored.shape.width, stored.shape.height),
        sent_sha256=still.sha256,
        files=stored.files,
    )


def _record(
    actor: Actor, act: str, session_id: UUID, ask_id: UUID, operation: Operation, detail: Plain | None = None
) -> None:
    record(
        actor=actor,
        act=act,
        operation=operation,
        object_type="still_ask",
        object_id=ask_id,
        session_id=session_id,
        detail=detail,
    )
