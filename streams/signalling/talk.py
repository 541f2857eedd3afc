"""The control room's voice: an operator speaks in a room beside the session's, the officer's phone listens there.

A room of its own, for what is in the session's room is recorded. Like an offer to a viewer, one to a phone that has not
answered yet is known to this process only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.errors import InvalidInput, NotFound
from streams.gateway.interface import Answer, Candidate, GatewayError, HandleGone, HandleRef, Offer
from streams.gateway.sdp import is_sound_alone
from streams.services import talking
from streams.services.handles import HeldHandle
from streams.services.talking import ListenerAdmission, SpeakerAdmission
from streams.signalling.errors import as_domain_error
from streams.signalling.gateways import PROCESS, gateway_for, pick_node, remember
from streams.signalling.phones import Phone
from streams.signalling.publish import detach_all, give_back
from streams.signalling.rooms import Participant, opaque_id, room_spec

# The speaker's connection is being made while the phone asks.
PATIENCE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class TalkSdp:
    """The media server's word on a talk: its answer to who speaks, its offer to who listens."""

    talk_id: UUID
    sdp: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """A talk that a console's socket of this process holds."""

    force: ForceRef
    owner: str
    place: HeldHandle


@dataclass(frozen=True, slots=True)
class Listener:
    """A place that a page's socket of this process asked for."""

    owner: str
    admission: ListenerAdmission
    place: HeldHandle
    is_answered: bool = False


_speakers: dict[UUID, Speaker] = {}
_listeners: dict[UUID, Listener] = {}


async def start_talk(force: ForceRef, actor: Actor, owner: str, *, session_id: UUID, sdp: str) -> TalkSdp:
    """Let an operator's microphone into a session, for the officer alone. Raises domain errors."""
    if not is_sound_alone(sdp):
        raise InvalidInput("An offer to speak holds sound, and nothing else.", details={"field": "sdp"})
    node, now = await pick_node(), clock.now()
    admission = await ain_force(
        force,
        talking.admit_talk,
        actor=actor,
        now=now,
        session_id=session_id,
        node=node,
        owner=owner,
        process=PROCESS,
    )
    await detach_all(force, admission.leftovers)
    try:
        handle, answer = await _join(force, admission, sdp)
    except GatewayError as error:
        await end_talk(force, admission.talk_id, "gateway_failed")
        raise as_domain_error(error) from error
    place = HeldHandle("talk", admission.talk_id, admission.node, handle.session_id, handle.handle_id)
    _speakers[admission.talk_id] = Speaker(force, owner, place)
    await _keep(force, place)
    return TalkSdp(admission.talk_id, answer.sdp)


async def trickle_speaker(owner: str, *, talk_id: UUID, candidate: Candidate | None) -> None:
    """Pass on a candidate of who speaks; for a talk that is over it came too late, and that is fine."""
    speaker = _speakers.get(talk_id)
    if speaker is not None and speaker.owner == owner:
        await _trickle(speaker.place, candidate)


async def speak(force: ForceRef, owner: str, *, talk_id: UUID, on: bool) -> None:
    """The operator is heard from now on, or no longer. Raises `NotFound` for another socket's talk."""
    await ain_force(force, talking.note_speaking, now=clock.now(), talk_id=talk_id, owner=owner, on=on)


async def stop_talk(owner: str, *, talk_id: UUID) -> None:
    """End the socket's own talk; one that is over, or another's, is let be."""
    speaker = _speakers.get(talk_id)
    if speaker is not None and speaker.owner == owner:
        await end_talk(speaker.force, talk_id, "stopped")


async def end_talks_of(owner: str) -> None:
    """The console's socket is gone, or may not be here any more: nobody hears it from now on."""
    for talk_id, speaker in [(talk_id, one) for talk_id, one in _speakers.items() if one.owner == owner]:
        await end_talk(speaker.force, talk_id, "disconnected")


async def end_talk(force: ForceRef, talk_id: UUID, reason: str) -> None:
    """End a talk of any process; one that is over is fine. The voice first, which must not wait for the database."""
    speaker = _speakers.pop(talk_id, None)
    if speaker is not None:
        await give_back(speaker.place)
    _forget({one for one, listener in _listeners.items() if listener.admission.talk_id == talk_id})
    await detach_all(force, await ain_force(force, talking.end_talk, now=clock.now(), talk_id=talk_id, reason=reason))


async def listen(phone: Phone, owner: str, *, talk_id: UUID) -> TalkSdp:
    """Offer the talk of a phone's own session to its page. Raises domain errors."""
    admission = await phone.act(talking.admit_listener, talk_id=talk_id)
    participant = Participant(phone.force.schema, "l", admission.listener_id)
    try:
        gateway = await gateway_for(admission.node)
        handle, offered = await gateway.subscribe(
            room=room_spec(phone.force, admission.session_id, admission.room_id),
            feed_id=str(talk_id),
            opaque_id=opaque_id(participant),
            patience=PATIENCE_SECONDS,
        )
    except GatewayError as error:
        raise as_domain_error(error) from error
    await _drop_offers(owner)
    remember(phone.force, admission.node, handle, participant)
    place = HeldHandle("listener", talk_id, admission.node, handle.session_id, handle.handle_id)
    _listeners[admission.listener_id] = Listener(owner, admission, place)
    return TalkSdp(talk_id, offered.sdp)


async def answer_listening(phone: Phone, owner: str, *, talk_id: UUID, sdp: str) -> None:
    """Begin to listen; the page's listening before ends. Raises domain errors, then there is none."""
    listener = _find_listener(owner, talk_id)
    if listener is None:
        raise NotFound("There is no such talk.")
    place = listener.place
    handle = HandleRef(place.gateway_session, place.gateway_handle)
    try:
        gateway = await gateway_for(place.node)
        await gateway.start(handle, Answer(sdp))
        former = await phone.act(
            talking.begin_listening,
            admission=listener.admission,
            gateway_session=handle.session_id,
            gateway_handle=handle.handle_id,
        )
    except GatewayError as error:
        await _drop(listener)
        raise as_domain_error(error) from error
    except BaseException:
        await _drop(listener)
        raise
    _forget({one for one, other in _listeners.items() if other.admission.talk_id == talk_id})
    _listeners[listener.admission.listener_id] = replace(listener, is_answered=True)
    await detach_all(phone.force, former)


async def trickle_listener(owner: str, *, talk_id: UUID, candidate: Candidate | None) -> None:
    """Pass on a candidate of who listens; for a talk that is over it came too late, and that is fine."""
    listener = _find_listener(owner, talk_id)
    if listener is not None:
        await _trickle(listener.place, candidate)


async def end_listening(force: ForceRef, listener_id: UUID) -> None:
    """A phone listens no longer, whoever found out; one that is not known is fine."""
    listener = _listeners.get(listener_id)
    if listener is not None:
        await _drop(listener)
    await detach_all(force, await ain_force(force, talking.forget_listener, listener_id=listener_id))


async def forget_listening_of(owner: str) -> None:
    """The page's socket is gone: what it answered goes on without it, what it did not is nobody's."""
    await _drop_offers(owner)
    _forget({listener_id for listener_id, one in _listeners.items() if one.owner == owner})


def _find_listener(owner: str, talk_id: UUID) -> Listener | None:
    """Return the newest of a page's."""
    found = [one for one in _listeners.values() if one.owner == owner and one.admission.talk_id == talk_id]
    return found[-1] if found else None


async def _drop_offers(owner: str) -> None:
    """Give back what a page was offered and has not answered."""
    for listener in [one for one in _listeners.values() if one.owner == owner and not one.is_answered]:
        await _drop(listener)


async def _drop(listener: Listener) -> None:
    _forget({listener.admission.listener_id})
    await give_back(listener.place)


def _forget(listener_ids: set[UUID]) -> None:
    """Know no more of them here; the rows know what is to be given back."""
    for listener_id in listener_ids:
        _listeners.pop(listener_id, None)


async def _join(force: ForceRef, admission: SpeakerAdmission, sdp: str) -> tuple[HandleRef, Answer]:
    gateway = await gateway_for(admission.node)
    room = room_spec(force, admission.session_id, admission.room_id)
    await gateway.ensure_room(room)
    participant = Participant(force.schema, "t", admission.talk_id)
    handle, answer = await gateway.publish(
        room=room, feed_id=str(admission.talk_id), opaque_id=opaque_id(participant), offer=Offer(sdp)
    )
    remember(force, admission.node, handle, participant)
    return handle, answer


async def _keep(force: ForceRef, place: HeldHandle) -> None:
    """Write the place down. A talk that was ended meanwhile must not go on at the media server."""
    try:
        await ain_force(
            force,
            talking.note_talk_connected,
            now=clock.now(),
            talk_id=place.id,
            gateway_session=place.gateway_session,
            gateway_handle=place.gateway_handle,
        )
    except BaseException:
        _speakers.pop(place.id, None)
        await give_back(place)
        raise


async def _trickle(place: HeldHandle, candidate: Candidate | None) -> None:
    try:
        gateway = await gateway_for(place.node)
        await gateway.trickle(HandleRef(place.gateway_session, place.gateway_handle), candidate)
    except HandleGone:
        return
    except GatewayError as error:
        raise as_domain_error(error) from error
