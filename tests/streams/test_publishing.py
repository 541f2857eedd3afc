"""Who may publish, and what is known of a picture from admission to end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from forces.actors import Actor
from forces.context import Unit
from forces.errors import NotFound, NotPermitted
from streams.models import LiveSession, RecordingSegment, Stream, Watch
from streams.services import arrival, publishing
from streams.services.consent import withdraw_consent
from streams.services.invitations import rearm_invitation
from streams.services.locks import SessionOver
from streams.services.publishing import VideoNotAsked
from streams.services.sessions import end_session
from streams.services.standing import ConsentMissing
from streams.services.watching import StreamOver
from tests.factories.media import (
    SYSTEM,
    make_admitted,
    make_connecting,
    make_live,
    make_recorded,
    make_watch,
    stream_now,
)
from tests.factories.streams import NOW, make_consented, make_opened, person, session_now

LATER = NOW + timedelta(seconds=10)


def frames(unit: Unit, type_: str) -> Any:
    return [frame for _, frame in unit.broadcasts if frame["type"] == type_]


def admit(caller: Any, actor: Actor | None = None) -> Any:
    return publishing.admit_publisher(
        actor=actor or caller.actor, now=NOW, session_id=caller.session.id, node="media-1", owner="p"
    )


@pytest.mark.parametrize("actor", [person("operator"), person("supervisor"), Actor.caller(uuid4()), SYSTEM])
def test_anybody_but_the_caller_publishes_refused(in_herts: Unit, actor: Actor) -> None:
    with pytest.raises(NotPermitted):
        admit(make_consented(), actor)

    assert not Stream.objects.exists()


def test_caller_without_consent_publishes_refused_and_audited(
    in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    caller = make_opened()
    with pytest.raises(ConsentMissing):
        admit(caller)

    refusal = audit_rows()[-1]
    assert (refusal["act"], refusal["outcome"], refusal["code"]) == ("stream.publish", "refused", "consent_missing")
    assert str(refusal["session_id"]) == str(caller.session.id)


def test_caller_who_agreed_to_location_only_publishes_refused(in_herts: Unit) -> None:
    with pytest.raises(ConsentMissing):
        admit(make_consented(scopes=("location",)))


def test_caller_of_a_location_link_publishes_refused(in_herts: Unit) -> None:
    with pytest.raises(VideoNotAsked):
        admit(make_consented(link_kind="location", scopes=("location",)))


def test_caller_after_withdrawal_publishes_refused(in_herts: Unit) -> None:
    caller = make_consented()
    withdraw_consent(actor=caller.actor, now=NOW, session_id=caller.session.id)
    with pytest.raises(ConsentMissing):
        admit(caller)


def test_caller_after_rearming_publishes_refused(in_herts: Unit) -> None:
    caller = make_consented()
    rearm_invitation(actor=person(), now=NOW, session_id=caller.session.id)
    with pytest.raises(ConsentMissing):
        admit(caller)


def test_caller_after_the_end_publishes_refused(in_herts: Unit) -> None:
    caller = make_consented()
    end_session(actor=person(), now=NOW, session_id=caller.session.id, reason="operator")
    with pytest.raises(SessionOver):
        admit(caller)


def test_caller_publishes_admitted_into_the_forces_own_room(
    in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    caller = make_consented()

    admission = admit(caller)

    assert admission.room_id == f"herts-{caller.session.id}"
    assert (admission.node, admission.leftovers) == ("media-1", ())
    assert stream_now(admission.stream_id).state == Stream.State.ADMITTED
    assert session_now(caller.session.id).state == LiveSession.State.CONSENTED
    assert ("stream.publish", "collection") in [(row["act"], row["operation"]) for row in audit_rows()]


def test_caller_publishes_again_replaces_the_first_and_gives_back_its_places(in_herts: Unit) -> None:
    caller = make_consented()
    first = make_live(caller)
    make_watch(first)
    held = (first.gateway_session, first.gateway_handle)

    admission = admit(caller)

    assert (stream_now(first.id).state, stream_now(first.id).end_reason) == ("ended", "replaced")
    assert not Watch.objects.filter(ended_at__isnull=True).exists()
    assert [place.holder for place in admission.leftovers] == ["stream", "watch"]
    assert (admission.leftovers[0].gateway_session, admission.leftovers[0].gateway_handle) == held
    assert stream_now(admission.stream_id).room_id == first.room_id


def test_later_stream_stays_on_the_node_of_the_first(in_herts: Unit) -> None:
    caller = make_consented()
    make_live(caller)

    again = publishing.admit_publisher(
        actor=caller.actor, now=LATER, session_id=caller.session.id, node="media-2", owner="p"
    )

    assert again.node == "media-1"


def test_gateway_answers_after_the_end_refused(in_herts: Unit) -> None:
    stream = make_admitted()
    publishing.end_stream(actor=SYSTEM, now=NOW, stream_id=stream.id, reason="stopped")
    with pytest.raises(StreamOver):
        publishing.note_published(stream_id=stream.id, gateway_session=1, gateway_handle=2, owner="p")


def test_media_of_an_unknown_stream_arrives_refused(in_herts: Unit) -> None:
    with pytest.raises(NotFound):
        arrival.mark_live(now=NOW, stream_id=uuid4())


def test_answer_alone_is_not_live(in_herts: Unit) -> None:
    stream = make_connecting()

    assert (stream.state, stream.live_at) == (Stream.State.CONNECTING, None)
    assert session_now(stream.session_id).state == LiveSession.State.CONSENTED


def test_video_arrives_stream_and_session_live_and_everybody_told(in_herts: Unit) -> None:
    stream = make_connecting()
    in_herts.broadcasts.clear()

    went = arrival.mark_live(now=LATER, stream_id=stream.id)

    assert went is not None
    assert went.wants_recording
    assert (stream_now(stream.id).state, stream_now(stream.id).live_at) == (Stream.State.LIVE, LATER)
    assert session_now(stream.session_id).state == LiveSession.State.LIVE
    assert frames(in_herts, "stream.changed")[-1]["stream"]["state"] == "live"
    assert frames(in_herts, "session.changed")[-1]["session"]["stream"]["state"] == "live"


def test_video_arrives_before_the_answer_is_written_stays_live(in_herts: Unit) -> None:
    stream = make_admitted()
    arrival.mark_live(now=NOW, stream_id=stream.id)
    publishing.note_published(stream_id=stream.id, gateway_session=1, gateway_handle=2, owner="p")

    assert stream_now(stream.id).state == Stream.State.LIVE


def test_video_reported_twice_told_once(in_herts: Unit) -> None:
    stream = make_live()
    in_herts.broadcasts.clear()

    assert arrival.mark_live(now=LATER, stream_id=stream.id) is None
    assert in_herts.broadcasts == []


def test_video_of_a_caller_who_refused_recording_wants_none(in_herts: Unit) -> None:
    stream = make_connecting(scopes=("location", "video"))

    went = arrival.mark_live(now=NOW, stream_id=stream.id)

    assert went is not None
    assert not went.wants_recording


def test_video_after_the_end_changes_nothing(in_herts: Unit) -> None:
    stream = make_live()
    publishing.end_stream(actor=SYSTEM, now=NOW, stream_id=stream.id, reason="hangup")

    assert arrival.mark_live(now=LATER, stream_id=stream.id) is None
    assert stream_now(stream.id).state == Stream.State.ENDED


def test_video_ceases_stalled_since_then_and_live_again_after(in_herts: Unit) -> None:
    stream = make_live()

    arrival.mark_stalled(now=LATER, stream_id=stream.id)
    stalled = stream_now(stream.id)
    assert (stalled.state, stalled.stalled_at) == (Stream.State.STALLED, LATER)
    assert stalled.last_media_at == LATER - timedelta(seconds=2)
    assert frames(in_herts, "session.changed")[-1]["session"]["stream"]["stalled_at"] is not None

    arrival.mark_live(now=LATER + timedelta(seconds=5), stream_id=stream.id)
    again = stream_now(stream.id)
    assert (again.state, again.stalled_at, again.live_at) == (Stream.State.LIVE, None, NOW)


def test_silence_of_a_stream_that_never_was_live_is_no_stall(in_herts: Unit) -> None:
    stream = make_connecting()
    arrival.mark_stalled(now=LATER, stream_id=stream.id)

    assert stream_now(stream.id).state == Stream.State.CONNECTING


def test_stream_ends_with_its_watches_and_its_recording(
    in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    stream = make_live()
    make_recorded(stream)
    make_watch(stream)

    left = publishing.end_stream(actor=SYSTEM, now=LATER, stream_id=stream.id, reason="hangup")

    assert [place.holder for place in left] == ["stream", "watch"]
    assert RecordingSegment.objects.get().state == RecordingSegment.State.STOPPED
    assert Watch.objects.get().seconds == 10
    assert "stream.end" in [row["act"] for row in audit_rows()]
    assert publishing.end_stream(actor=SYSTEM, now=LATER, stream_id=stream.id, reason="hangup") == []


def test_consent_withdrawn_ends_the_picture(in_herts: Unit) -> None:
    caller = make_consented()
    stream = make_live(caller)
    withdraw_consent(actor=caller.actor, now=LATER, session_id=caller.session.id)

    assert stream_now(stream.id).end_reason == "consent_withdrawn"


def test_stale_streams_are_those_never_live_and_those_silent_for_30_seconds(in_herts: Unit) -> Any:
    waiting, silent, live = make_connecting(), make_live(), make_live()
    arrival.mark_stalled(now=LATER, stream_id=silent.id)

    def stale(seconds: float) -> Any:
        return dict(arrival.list_stale_streams(now=NOW + timedelta(seconds=seconds)))

    assert stale(29.9) == {}
    assert stale(30) == {waiting.id: "never_live"}
    assert stale(40) == {waiting.id: "never_live", silent.id: "silent"}
    assert live.id not in stale(4000)
