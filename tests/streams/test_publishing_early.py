"""A phone that connects ahead of its camera: nothing of it is a picture until the camera is on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from forces.actors import Actor
from forces.context import Unit
from forces.errors import NotPermitted
from streams.models import LiveSession, Stream, Watch
from streams.services import arrival, publishing
from streams.services.consent import withdraw_consent
from streams.services.locks import SessionOver
from streams.services.sessions import end_session
from streams.services.standing import ConsentMissing
from streams.services.viewers import find_viewers
from streams.services.watching import StreamOver, end_watch
from tests.factories.media import SYSTEM, make_admitted, make_connecting, make_watch, stream_now
from tests.factories.streams import NOW, Caller, make_consented, person, session_now

LATER = NOW + timedelta(minutes=2)


def make_prepared(caller: Caller) -> Stream:
    """Connect a phone ahead of its camera."""
    return make_connecting(caller, is_early=True)


def begin(caller: Caller, actor: Actor | None = None) -> None:
    publishing.begin_stream(actor=actor or caller.actor, now=LATER, session_id=caller.session.id)


@pytest.mark.parametrize("actor", [person("operator"), person("supervisor"), Actor.caller(uuid4()), SYSTEM])
def test_anybody_but_the_caller_begins_refused(in_herts: Unit, actor: Actor) -> None:
    caller = make_consented()
    stream = make_prepared(caller)
    with pytest.raises(NotPermitted):
        begin(caller, actor)

    assert stream_now(stream.id).state == Stream.State.PREPARED


def test_caller_without_consent_to_video_prepares_refused(in_herts: Unit) -> None:
    with pytest.raises(ConsentMissing):
        make_prepared(make_consented(scopes=("location",)))


def test_caller_after_withdrawal_begins_refused(in_herts: Unit) -> None:
    caller = make_consented()
    stream = make_prepared(caller)
    withdraw_consent(actor=caller.actor, now=NOW, session_id=caller.session.id)

    with pytest.raises(ConsentMissing):
        begin(caller)
    assert stream_now(stream.id).end_reason == "consent_withdrawn"


def test_caller_after_the_end_begins_refused(in_herts: Unit) -> None:
    caller = make_consented()
    make_prepared(caller)
    end_session(actor=person(), now=NOW, session_id=caller.session.id, reason="operator")
    with pytest.raises(SessionOver):
        begin(caller)


def test_caller_begins_what_has_ended_refused(in_herts: Unit) -> None:
    caller = make_consented()
    stream = make_prepared(caller)
    publishing.end_stream(actor=SYSTEM, now=NOW, stream_id=stream.id, reason="hangup")
    with pytest.raises(StreamOver):
        begin(caller)


def test_prepared_stream_collects_nothing_and_says_so(
    in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    caller = make_consented()
    stream = make_prepared(caller)

    assert (stream.state, stream.begun_at) == (Stream.State.PREPARED, None)
    assert session_now(caller.session.id).progress_step != "publishing"
    acts = [(row["act"], row["operation"]) for row in audit_rows()]
    assert ("stream.prepare", "alteration") in acts
    assert "stream.publish" not in [act for act, _ in acts]


def test_caller_begins_and_the_collection_is_audited_once(
    in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    caller = make_consented()
    stream = make_prepared(caller)

    begin(caller)
    begin(caller)

    begun = stream_now(stream.id)
    assert (begun.state, begun.begun_at) == (Stream.State.CONNECTING, LATER)
    assert session_now(caller.session.id).progress_step == "publishing"
    assert [row["operation"] for row in audit_rows() if row["act"] == "stream.publish"] == ["collection"]


def test_picture_that_comes_before_the_word_of_it_is_live_and_stays_so(in_herts: Unit) -> None:
    caller = make_consented()
    stream = make_prepared(caller)

    assert arrival.mark_live(now=LATER, stream_id=stream.id) is not None
    begin(caller)

    assert (stream_now(stream.id).state, stream_now(stream.id).begun_at) == (Stream.State.LIVE, LATER)
    assert session_now(caller.session.id).state == LiveSession.State.LIVE


def test_viewer_of_a_prepared_stream_sees_nobody_and_is_not_told_of(in_herts: Unit) -> None:
    caller = make_consented()
    stream = make_prepared(caller)
    watch_id = make_watch(stream)
    assert find_viewers(caller.session.id).count == 0

    arrival.mark_live(now=LATER, stream_id=stream.id)
    assert find_viewers(caller.session.id).count == 1

    end_watch(now=LATER + timedelta(seconds=7), watch_id=watch_id, reason="stopped")
    assert Watch.objects.get().seconds == 7


def test_watch_that_never_had_a_picture_saw_no_second_of_it(in_herts: Unit) -> None:
    watch_id = make_watch(make_prepared(make_consented()))

    end_watch(now=LATER, watch_id=watch_id, reason="stopped")

    assert Watch.objects.get().seconds == 0


def test_camera_that_never_came_on_is_given_up_after_five_minutes_and_a_begun_one_after_30_seconds(
    in_herts: Unit,
) -> None:
    waiting, begun = make_consented(), make_consented()
    prepared, begins = make_prepared(waiting), make_prepared(begun)
    begin(begun)
    admitted = make_admitted()

    def stale(after: timedelta) -> Any:
        return dict(arrival.list_stale_streams(now=NOW + after))

    assert stale(timedelta(seconds=30)) == {admitted.id: "never_live"}
    assert stale(timedelta(seconds=149)) == {admitted.id: "never_live"}
    assert stale(timedelta(seconds=150)) == {admitted.id: "never_live", begins.id: "never_live"}
    assert stale(timedelta(minutes=5)) == {
        admitted.id: "never_live",
        begins.id: "never_live",
        prepared.id: "not_begun",
    }
