"""The ladder on the server: who may say a rung, what it changes, and what silence means on it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from forces.actors import Actor
from forces.context import Unit
from forces.errors import InvalidInput, NotPermitted
from streams.gateway.interface import EventKind, HandleRef, Layer, Medium
from streams.gateway.janus import videoroom
from streams.gateway.janus.events import parse_event_batch
from streams.gateway.janus.signals import handle_event
from streams.models import LiveSession, Still, Stream
from streams.services import arrival, ladder, progress
from streams.services.positions import NewFix, add_fix
from streams.services.sessions import end_session
from tests.factories.media import make_live, stream_now
from tests.factories.streams import NOW, make_consented, make_opened, person, session_now
from tests.streams.test_publishing import LATER, frames


def say(caller: Any, rung: str, reason: str = "slow_uplink", now: Any = NOW) -> None:
    ladder.note_rung(actor=caller.actor, now=now, session_id=caller.session.id, rung=rung, reason=reason)


def test_other_caller_or_operator_says_rung_refused(in_herts: Unit) -> None:
    caller = make_opened()
    for actor in (Actor.caller(uuid4()), person()):
        with pytest.raises(NotPermitted):
            ladder.note_rung(actor=actor, now=NOW, session_id=caller.session.id, rung="stills", reason="good")
    assert session_now(caller.session.id).rung == ""


def test_caller_says_rung_that_there_is_not_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidInput):
        say(make_opened(), "cinema")


def test_caller_says_rung_shown_once_with_the_time_of_its_beginning(in_herts: Unit) -> None:
    caller = make_consented()
    in_herts.broadcasts.clear()
    say(caller, "stills", "very_slow_uplink")
    say(caller, "stills", "very_slow_uplink", LATER)
    say(caller, "stills", "no_media_path", LATER)
    say(caller, "video", "good", LATER)

    shown = [frame["session"]["rung"] for frame in frames(in_herts, "session.changed")]
    assert [(one["rung"], one["reason"]) for one in shown] == [
        ("stills", "very_slow_uplink"),
        ("stills", "no_media_path"),
        ("video", "good"),
    ]
    assert shown[0]["at"] == shown[1]["at"] != shown[2]["at"]


def test_caller_says_rung_after_the_end_changes_nothing(in_herts: Unit) -> None:
    caller = make_consented()
    end_session(actor=person(), now=NOW, session_id=caller.session.id, reason="operator")
    say(caller, "stills")
    assert session_now(caller.session.id).rung == ""


def silent_on(rung: str) -> tuple[Any, Any]:
    """Return a caller on a rung, and the stream that is silent since `LATER`."""
    caller = make_consented()
    stream = make_live(caller)
    say(caller, rung)
    arrival.mark_stalled(now=LATER, stream_id=stream.id)
    return caller, stream


def is_given_up(stream: Any, after: timedelta) -> bool:
    return dict(arrival.list_stale_streams(now=LATER + after)) == {stream.id: "silent"}


def send_still(caller: Any, at: Any, purpose: str = "ladder") -> None:
    shape = {"width": 320, "height": 180, "sha256": "0" * 64, "bytes": 9_000, "taken_at": at}
    item_id = None if purpose == "ladder" else uuid4()
    Still.objects.create(session=caller.session, purpose=purpose, received_at=at, item_id=item_id, **shape)


def send_fix(caller: Any, at: Any) -> None:
    fix = NewFix(latitude=51.76, longitude=-0.22, accuracy_m=9, fixed_at=at)
    add_fix(actor=caller.actor, now=at, session_id=caller.session.id, fix=fix)


@pytest.mark.parametrize("rung", LiveSession.Rung.values)
def test_silent_stream_is_kept_for_a_while_by_its_phones_word_that_it_sends_no_video(in_herts: Unit, rung: str) -> None:
    _, stream = silent_on(rung)

    assert is_given_up(stream, timedelta(seconds=60)) is (rung not in LiveSession.WITHOUT_VIDEO)
    assert stream_now(stream.id).state == Stream.State.STALLED, "kept, and not called live"


@pytest.mark.parametrize(
    ("rung", "kept_s"), [("stills", 120), ("position", 120), ("text", 600), ("video", 25), ("video_low", 25)]
)
def test_phone_that_says_less_and_sends_nothing_of_it_is_given_up(in_herts: Unit, rung: str, kept_s: float) -> None:
    _, stream = silent_on(rung)

    assert not is_given_up(stream, timedelta(seconds=kept_s - 0.1))
    assert is_given_up(stream, timedelta(seconds=kept_s))


def test_phone_that_goes_up_and_down_in_words_alone_is_given_up(in_herts: Unit) -> None:
    caller, stream = silent_on("stills")
    for minute in range(1, 5):
        say(caller, ("position", "stills")[minute % 2], now=LATER + timedelta(minutes=minute))
    assert is_given_up(stream, timedelta(minutes=4, seconds=1))


@pytest.mark.parametrize(
    ("rung", "send", "keeps"),
    [
        ("stills", send_still, True),
        ("stills", send_fix, False),
        ("stills", lambda caller, at: send_still(caller, at, "own"), False),
        ("position", send_fix, True),
        ("position", send_still, True),
        ("video", send_still, False),
    ],
)
def test_silent_stream_is_kept_while_what_its_rung_promises_comes(
    in_herts: Unit, rung: str, send: Any, keeps: bool
) -> None:
    caller, stream = silent_on(rung)
    send(caller, LATER + timedelta(minutes=30))

    assert is_given_up(stream, timedelta(minutes=31, seconds=59)) is not keeps
    assert is_given_up(stream, timedelta(minutes=32))


def test_still_of_another_caller_keeps_no_silent_stream(in_herts: Unit) -> None:
    _, stream = silent_on("stills")
    send_still(make_consented(), LATER + timedelta(minutes=30))

    assert is_given_up(stream, timedelta(minutes=31))


def test_silent_stream_on_stills_ends_when_its_phone_was_not_heard_for_25_seconds(in_herts: Unit) -> None:
    caller = make_consented()
    stream = make_live(caller)
    say(caller, "stills")
    arrival.mark_stalled(now=NOW, stream_id=stream.id)
    progress.note_lost(now=LATER, session_id=caller.session.id)

    assert arrival.list_stale_streams(now=LATER + timedelta(seconds=24.9)) == []
    assert arrival.list_stale_streams(now=LATER + timedelta(seconds=25)) == [(stream.id, "silent")]
    progress.note_connected(now=LATER + timedelta(seconds=26), session_id=caller.session.id)
    assert arrival.list_stale_streams(now=LATER + timedelta(seconds=60)) == []


def test_layer_that_ceases_is_no_silence_while_another_arrives(in_herts: Unit) -> None:
    stream = make_live()
    for layer in (0, 1, 2):
        arrival.mark_live(now=NOW, stream_id=stream.id, layer=layer)
    arrival.mark_stalled(now=LATER, stream_id=stream.id, layer=2)
    arrival.mark_stalled(now=LATER, stream_id=stream.id, layer=1)
    assert stream_now(stream.id).state == Stream.State.LIVE

    arrival.mark_stalled(now=LATER, stream_id=stream.id, layer=0)
    assert stream_now(stream.id).state == Stream.State.STALLED
    arrival.mark_live(now=LATER, stream_id=stream.id, layer=1)
    assert stream_now(stream.id).state == Stream.State.LIVE
    arrival.mark_stalled(now=LATER, stream_id=stream.id, layer=1)
    assert stream_now(stream.id).state == Stream.State.STALLED


def test_media_server_that_does_not_answer_stalls_the_whole_picture(in_herts: Unit) -> None:
    stream = make_live()
    arrival.mark_live(now=NOW, stream_id=stream.id, layer=1)
    arrival.mark_stalled(now=LATER, stream_id=stream.id)
    assert stream_now(stream.id).state == Stream.State.STALLED


@pytest.mark.parametrize(
    ("said", "layer"), [({}, 0), ({"substream": 2}, 2), ({"substream": 9}, 0), ({"substream": "1"}, 0)]
)
def test_media_event_names_its_layer(said: dict[str, Any], layer: int) -> None:
    own = handle_event({"janus": "media", "type": "video", "receiving": False, **said}, HandleRef(1, 2))
    assert own is not None
    assert (own.kind, own.medium, own.receiving, own.layer) == (EventKind.MEDIA, Medium.VIDEO, False, layer)
    details = {"media": "video", "receiving": False, **said}
    body = {"type": 32, "timestamp": 1, "opaque_id": "x", "event": details}
    posted = parse_event_batch(json.dumps(body).encode())
    assert [event.layer for event in posted] == [layer]


def test_layers_are_counted_from_below_at_the_media_server() -> None:
    asked = [videoroom.choose_layer(layer)["substream"] for layer in (Layer.HIGH, Layer.MIDDLE, Layer.LOW)]
    assert asked == [2, 1, 0]
