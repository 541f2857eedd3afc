"""Text between the control room and the caller."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.context import current_force
from forces.dispatch import broadcast_on_commit
from forces.errors import InvalidInput, NotPermitted
from forces.languages import DEFAULT, base_language
from streams.broadcasts import caller_topic, session_topic, tell_guests_on_commit
from streams.models import ChatMessage, LiveSession
from streams.phrases import PHRASES
from streams.selectors import Plain, message_for_caller, message_view
from streams.services.attention import attend
from streams.services.locks import SessionOver, lock_session
from streams.services.message_text import checked_client_id, checked_text
from streams.services.standing import refuse_consultation
from streams.shared_shapes import message_for_guest


@dataclass(frozen=True, slots=True)
class _Words:
    """What was said, and how the other side reads it."""

    text: str
    language: str
    phrase: str
    shown_text: str
    shown_language: str


def post_message(
    *, actor: Actor, now: datetime, session_id: UUID, client_id: str, text: str = "", phrase: str = ""
) -> Plain:
    """Keep a message and pass it to both sides; a `client_id` seen before returns the message as it was.

    It is either `text`, which nobody translates, or the code of a fixed `phrase` of the sender's side.
    Returns the wire's ChatMsg. Raises `NotPermitted`, `InvalidInput` (neither or both, an unknown phrase, empty or over
    1000 characters) and `SessionOver`.
    """
    kind = _sender_kind(actor, session_id)
    session = lock_session(session_id)
    refuse_consultation(session)
    known = ChatMessage.objects.filter(session=session, client_id=client_id).first()
    if known is not None:
        return _own_message(known, actor)
    if session.is_over:
        raise SessionOver
    message = ChatMessage.objects.create(
        session=session,
        sender_kind=kind,
        sender_id=actor.id,
        sender_name=actor.name if kind == ChatMessage.Sender.OPERATOR else "",
        **asdict(_words(kind, session, text, phrase)),
        client_id=checked_client_id(client_id),
        sent_at=now,
    )
    _announce(actor, session, message)
    if kind == ChatMessage.Sender.OPERATOR:
        attend(actor=actor, session=session)
    return message_view(message)


def _sender_kind(actor: Actor, session_id: UUID) -> str:
    if actor.kind != "caller":
        require(actor, Permission.SESSION_CONTROL)
        return ChatMessage.Sender.OPERATOR
    if actor.id != str(session_id):
        raise NotPermitted
    return ChatMessage.Sender.CALLER


def _own_message(message: ChatMessage, actor: Actor) -> Plain:
    if message.sender_id != actor.id:
        raise InvalidInput("Another message has this id.", details={"field": "client_id"})
    return message_view(message)


def _words(kind: str, session: LiveSession, text: str, phrase: str) -> _Words:
    """Return the words of a message: the caller's side is in the session's language, the operator's in English."""
    caller_language = base_language(session.language)
    is_operator = kind == ChatMessage.Sender.OPERATOR
    spoken, read = (DEFAULT, caller_language) if is_operator else (caller_language, DEFAULT)
    if not phrase:
        typed = checked_text(text)
        return _Words(typed, spoken, "", typed, spoken)
    found = PHRASES.get(phrase)
    if text or found is None or found.side != kind:
        raise InvalidInput("There is no such phrase, or it came with a text.", details={"field": "phrase"})
    return _Words(found.in_language(spoken), spoken, phrase, found.in_language(read), read)


def _announce(actor: Actor, session: LiveSession, message: ChatMessage) -> None:
    record(
        actor=actor,
        act="message.post",
        operation=Operation.COLLECTION,
        object_type="message",
        object_id=message.id,
        session_id=session.id,
        detail={"characters": len(message.text)},
    )
    view = message_view(message)
    shown = message_for_caller(view, force_name=current_force().name)
    # The frame's own `type` is the wire's; what follows is the message whole.
    broadcast_on_commit(session_topic(session.id), {"type": "chat.message", **view})
    broadcast_on_commit(caller_topic(session.id), {"type": "chat.message", **shown})
    told = {"message": message_for_guest(shown)}
    tell_guests_on_commit(session.id, "shared.message", told, now=message.sent_at, needs_chat=True)
