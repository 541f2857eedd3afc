"""Positions: what is refused, what is kept, and how far a caller's page has come."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from forces.actors import Actor
from forces.context import Unit
from forces.errors import DomainError, InvalidInput, NotPermitted
from streams.models import LiveSession, Position
from streams.services import positions, progress
from streams.services.locks import SessionOver
from streams.services.positions import FixInFuture, FixTooOld, NewFix
from streams.services.sessions import end_session
from streams.services.standing import ConsentMissing
from tests.factories.streams import NOW, make_consented, make_opened, person, session_now


def fix(**changed: Any) -> Any:
    given = {"latitude": 51.7957, "longitude": -0.081, "accuracy_m": 12.5, "fixed_at": NOW}
    return NewFix(**{**given, **changed})


def add(caller: Any, actor: Actor | None = None, **changed: Any) -> Any:
    return positions.add_fix(actor=actor or caller.actor, now=NOW, session_id=caller.session.id, fix=fix(**changed))


@pytest.mark.parametrize("actor", [person(), Actor.caller(uuid4()), Actor.system("watchdog")])
def test_anybody_but_the_caller_sends_position_refused(in_herts: Unit, actor: Actor) -> None:
    with pytest.raises(NotPermitted):
        add(make_consented(), actor)


def test_caller_without_consent_sends_position_refused(in_herts: Unit) -> None:
    with pytest.raises(ConsentMissing):
        add(make_opened())

    assert not Position.objects.exists()


def test_caller_who_agreed_to_video_only_sends_position_refused(in_herts: Unit) -> None:
    with pytest.raises(ConsentMissing):
        add(make_consented(scopes=("video",)))


def test_caller_after_the_end_sends_position_refused(in_herts: Unit) -> None:
    caller = make_consented()
    end_session(actor=person(), now=NOW, session_id=caller.session.id, reason="operator")
    with pytest.raises(SessionOver):
        add(caller)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"fixed_at": NOW + timedelta(seconds=61)}, FixInFuture),
        ({"fixed_at": NOW - timedelta(seconds=3601)}, FixTooOld),
        ({"accuracy_m": -0.1}, InvalidInput),
        ({"accuracy_m": math.nan}, InvalidInput),
        ({"latitude": 90.1}, InvalidInput),
        ({"longitude": math.nan}, InvalidInput),
    ],
)
def test_caller_sends_impossible_position_refused(
    in_herts: Unit, changed: dict[str, Any], error: type[DomainError]
) -> None:
    with pytest.raises(error):
        add(make_consented(), **changed)

    assert not Position.objects.exists()


@pytest.mark.parametrize("seconds", [60, -3600])
def test_caller_with_a_clock_a_little_off_sends_position_kept(in_herts: Unit, seconds: float) -> None:
    add(make_consented(), fixed_at=NOW + timedelta(seconds=seconds))

    assert Position.objects.get().received_at == NOW


def test_caller_sends_position_kept_with_accuracy_age_and_grid(in_herts: Unit) -> None:
    kept = add(make_consented(), fixed_at=NOW - timedelta(seconds=20), heading_deg=270.0)

    assert (kept["accuracy_m"], kept["heading_deg"], kept["speed_mps"]) == (12.5, 270.0, None)
    assert (kept["fixed_at"], kept["received_at"]) == ("2026-11-22T13:59:40.000Z", "2026-11-22T14:00:00.000Z")
    assert kept["grid_reference"].startswith("TL 32")
    assert 532_000 < kept["easting"] < 533_000


def test_caller_abroad_sends_position_kept_without_grid(in_herts: Unit) -> None:
    kept = add(make_consented(), latitude=48.8566, longitude=2.3522)

    assert (kept["easting"], kept["northing"], kept["grid_reference"]) == (None, None, None)


def test_positions_are_audited_once_per_session(in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]]) -> None:
    caller = make_consented()
    add(caller)
    add(caller)

    rows = [row for row in audit_rows() if row["act"] == "position.collect"]
    assert [(row["operation"], row["actor_kind"]) for row in rows] == [("collection", "caller")]


def test_first_position_of_a_location_link_makes_the_session_live(in_herts: Unit) -> None:
    caller = make_consented(link_kind="location", scopes=("location",))
    add(caller)

    assert session_now(caller.session.id).state == LiveSession.State.LIVE


def test_position_of_a_video_link_waits_for_the_picture(in_herts: Unit) -> None:
    caller = make_consented()
    add(caller)

    assert session_now(caller.session.id).state == LiveSession.State.CONSENTED


def test_other_caller_reports_progress_refused(in_herts: Unit) -> None:
    with pytest.raises(NotPermitted):
        progress.note_progress(
            actor=Actor.caller(uuid4()), now=NOW, session_id=make_opened().session.id, step="page_shown"
        )


def test_caller_reports_progress_shown_once(in_herts: Unit) -> None:
    caller = make_opened()
    in_herts.broadcasts.clear()
    for _ in range(2):
        progress.note_progress(
            actor=caller.actor, now=NOW, session_id=caller.session.id, step="camera_denied", reason="denied"
        )

    shown = [frame["session"]["progress"] for _, frame in in_herts.broadcasts]
    assert [(one["step"], one["reason"]) for one in shown] == [("camera_denied", "denied")]


def test_caller_lost_and_back_shown_each_once(in_herts: Unit) -> None:
    caller = make_opened()
    in_herts.broadcasts.clear()
    for note in (progress.note_connected, progress.note_lost, progress.note_lost, progress.note_connected):
        note(now=NOW, session_id=caller.session.id)

    shown = [frame["session"]["progress"]["step"] for _, frame in in_herts.broadcasts]
    assert shown == ["connection_lost", "connected"]


def test_caller_is_expected_once_the_page_was_heard_and_until_the_end(in_herts: Unit) -> None:
    caller = make_opened()
    assert progress.list_expected_callers() == []

    progress.note_progress(actor=caller.actor, now=NOW, session_id=caller.session.id, step="page_shown")
    assert progress.list_expected_callers() == [(caller.session.id, False)]

    end_session(actor=person(), now=NOW, session_id=caller.session.id, reason="operator")
    assert progress.list_expected_callers() == []
