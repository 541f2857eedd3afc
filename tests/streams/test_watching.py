"""Who may watch, for how long they did, and what the caller is told of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from forces.actors import Actor
from forces.context import Unit
from forces.errors import NotFound, NotPermitted
from streams.models import Stream, Watch
from streams.services import arrival, handles, publishing, watching
from streams.services.viewers import find_viewers
from streams.services.watching import StreamOver
from tests.factories.media import SYSTEM, make_connecting, make_live, make_watch
from tests.factories.streams import NOW, make_consented, person

LATER = NOW + timedelta(seconds=90)


def told(unit: Unit) -> Any:
    """The counts that the caller was told, in order."""
    return [frame["count"] for _, frame in unit.broadcasts if frame["type"] == "watch.changed"]


def admit(stream: Stream, actor: Actor | None = None, session_id: Any = None) -> Any:
    return watching.admit_viewer(
        actor=actor or person(), now=NOW, session_id=session_id or stream.session_id, stream_id=stream.id
    )


def begin(stream: Stream, actor: Actor, replaces: Any) -> Any:
    return watching.begin_watch(
        actor=actor,
        now=LATER,
        admission=admit(stream, actor),
        gateway_session=7,
        gateway_handle=8,
        owner="s",
        process="p",
        replaces=replaces,
    )


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin", ""])
def test_other_role_watches_refused_and_audited(
    in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]], role: str
) -> None:
    with pytest.raises(NotPermitted):
        admit(make_live(), person(role))

    assert (audit_rows()[-1]["act"], audit_rows()[-1]["outcome"]) == ("stream.watch", "refused")


def test_caller_watches_refused(in_herts: Unit) -> None:
    caller = make_consented()
    with pytest.raises(NotPermitted):
        admit(make_live(caller), caller.actor)


def test_operator_watches_stream_of_another_session_refused(in_herts: Unit) -> None:
    with pytest.raises(NotFound):
        admit(make_live(), session_id=make_live().session_id)


def test_operator_watches_before_the_first_frame_caller_not_told_until_it_comes(in_herts: Unit) -> None:
    stream = make_connecting()
    in_herts.broadcasts.clear()

    make_watch(stream)
    assert told(in_herts) == []

    arrival.mark_live(now=NOW, stream_id=stream.id)
    assert told(in_herts) == [1]
    shown = [frame for _, frame in in_herts.broadcasts if frame["type"] == "session.changed"][-1]
    assert shown["session"]["watchers"] == [{"name": "Operator One"}]


def test_operator_watches_after_the_end_refused(in_herts: Unit) -> None:
    stream = make_live()
    publishing.end_stream(actor=SYSTEM, now=NOW, stream_id=stream.id, reason="hangup")
    with pytest.raises(StreamOver):
        admit(stream)


def test_operator_answers_after_the_end_refused(in_herts: Unit) -> None:
    stream = make_live()
    admission = admit(stream)
    publishing.end_stream(actor=SYSTEM, now=NOW, stream_id=stream.id, reason="hangup")
    with pytest.raises(StreamOver):
        watching.begin_watch(
            actor=person(), now=NOW, admission=admission, gateway_session=1, gateway_handle=2, owner="s", process="p"
        )

    assert not Watch.objects.exists()


def test_operator_offered_only_is_not_watching(in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]]) -> None:
    stream = make_live()
    in_herts.broadcasts.clear()

    admission = admit(stream)

    assert find_viewers(stream.session_id).count == 0
    assert told(in_herts) == []
    row = audit_rows()[-1]
    assert (row["act"], row["operation"]) == ("stream.watch", "consultation")
    assert str(admission.watch_id) in str(row["detail"])


def test_operator_watches_caller_and_consoles_told(in_herts: Unit) -> None:
    stream = make_live()
    in_herts.broadcasts.clear()

    make_watch(stream)

    assert told(in_herts) == [1]
    shown = [frame for _, frame in in_herts.broadcasts if frame["type"] == "session.changed"][-1]
    assert shown["session"]["watchers"] == [{"name": "Operator One"}]


def test_two_operators_watch_counted_as_people_not_as_tiles(in_herts: Unit) -> None:
    stream = make_live()
    make_watch(stream)
    make_watch(stream)
    second = make_watch(stream, actor=person("supervisor"))

    assert find_viewers(stream.session_id).count == 2

    watching.end_watch(now=LATER, watch_id=second, reason="stopped")
    assert find_viewers(stream.session_id).count == 1


def test_stalled_picture_is_seen_by_nobody(in_herts: Unit) -> None:
    stream = make_live()
    make_watch(stream)

    arrival.mark_stalled(now=LATER, stream_id=stream.id)
    arrival.mark_live(now=LATER, stream_id=stream.id)

    assert told(in_herts)[-3:] == [1, 0, 1]


def test_watch_ends_with_its_seconds_audited_under_the_viewers_name(
    in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    stream = make_live()
    viewer = person("supervisor")
    watch_id = make_watch(stream, actor=viewer)

    left = watching.end_watch(now=LATER, watch_id=watch_id, reason="disconnected")

    assert [(place.holder, place.node) for place in left] == [("watch", "media-1")]
    row = audit_rows()[-1]
    assert (row["act"], row["operation"], row["actor_id"]) == ("stream.watch_end", "consultation", viewer.id)
    assert '"seconds": 90' in str(row["detail"]).replace("'", '"')
    ended = [frame for _, frame in in_herts.broadcasts if frame["type"] == "watch.ended"]
    assert [(frame["watch_id"], frame["reason"]) for frame in ended] == [(str(watch_id), "disconnected")]


def test_watch_ended_twice_counts_once(in_herts: Unit) -> None:
    watch_id = make_watch(make_live())
    watching.end_watch(now=LATER, watch_id=watch_id, reason="stopped")

    assert watching.end_watch(now=LATER + timedelta(hours=1), watch_id=watch_id, reason="stopped") == []
    assert Watch.objects.get().seconds == 90
    assert watching.end_watch(now=LATER, watch_id=uuid4(), reason="stopped") == []


def test_ended_watch_is_a_leftover_until_it_is_detached(in_herts: Unit) -> None:
    watch_id = make_watch(make_live())
    left = watching.end_watch(now=LATER, watch_id=watch_id, reason="stopped")

    assert handles.find_leftover_handles() == left

    handles.note_detached(handles=left)
    assert handles.find_leftover_handles() == []


def test_open_watches_name_their_sockets(in_herts: Unit) -> None:
    stream = make_live()
    first = make_watch(stream, owner="a")
    make_watch(stream, owner="b")
    watching.end_watch(now=LATER, watch_id=first, reason="stopped")

    assert [owner for _, owner, _ in watching.list_open_watches()] == ["b"]


@pytest.mark.parametrize("whose", ["another user's", "another stream's", "nobody's"])
def test_operator_replaces_a_watch_that_is_not_theirs_nothing_ends(in_herts: Unit, whose: str) -> None:
    stream = make_live()
    watched = make_live() if whose == "another stream's" else stream
    former = uuid4() if whose == "nobody's" else make_watch(watched, actor=person("supervisor"))
    viewer = person("supervisor") if whose == "another stream's" else person()

    assert begin(stream, viewer, former) == []

    assert not Watch.objects.filter(ended_at__isnull=False).exists()


def test_operator_replaces_the_watch_of_a_lost_line_counted_once(in_herts: Unit) -> None:
    stream = make_live()
    former = make_watch(stream)
    in_herts.broadcasts.clear()

    left = begin(stream, person(), former)

    assert [place.id for place in left] == [former]
    assert told(in_herts) == [1, 1]
    assert [watch.id for watch in Watch.objects.filter(ended_at__isnull=False)] == [former]
    ended = [frame for _, frame in in_herts.broadcasts if frame["type"] == "watch.ended"]
    assert [frame["reason"] for frame in ended] == ["replaced"]


def test_system_may_not_watch(in_herts: Unit) -> None:
    with pytest.raises(NotPermitted):
        admit(make_live(), Actor.system("watchdog"))
