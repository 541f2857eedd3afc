"""Sharing a session: when it may be, and what the guest is shown of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from forces import clock
from forces.context import ForceRef, Unit
from forces.errors import InvalidTransition, NotFound, NotPermitted
from forces.services import sharing
from streams.services import arrival, chat, positions, publishing, sessions, shares
from streams.services.locks import SessionOver
from streams.services.positions import NewFix
from tests.factories.media import SYSTEM, make_live
from tests.factories.shares import guest_watches, sam, share
from tests.factories.streams import NOW, Caller, make_consented, make_opened, make_session, person

LATER = NOW + timedelta(minutes=5)
pytestmark = pytest.mark.usefixtures("clock_at_noon")
SECRET = ("Smoke from a barn", "123", "safe-to-text", "Operator One")


def abroad(unit: Unit, kind: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [told for told in unit.abroad if told[2]["type"] == kind]


def _location_only() -> Any:
    return make_consented(link_kind="location", scopes=("location",)).session


def add_fix(caller: Caller) -> None:
    fix = NewFix(latitude=51.8, longitude=-0.08, accuracy_m=9, fixed_at=NOW)
    positions.add_fix(actor=caller.actor, now=NOW, session_id=caller.session.id, fix=fix)


def say(caller: Caller, text: str, client_id: str) -> None:
    chat.post_message(actor=caller.actor, now=NOW, session_id=caller.session.id, client_id=client_id, text=text)


def test_operator_shares_and_both_forces_consoles_are_told(in_herts: Unit) -> None:
    stream = make_live()
    in_herts.broadcasts.clear()

    given = share(stream.session_id, has_chat=True)

    (schema, topic, frame) = abroad(in_herts, "shared.changed")[-1]
    assert (schema, topic) == ("beds", "console")
    assert frame["shared"]["id"] == str(given.id)
    assert frame["shared"]["force"] == {"schema": "herts", "name": "Hertfordshire Constabulary"}
    assert frame["shared"]["stream"]["id"] == str(stream.id)
    own = [told for _, told in in_herts.broadcasts if told["type"] == "session.changed"][-1]["session"]["shares"]
    assert [(one["force"], one["purpose"], one["chat"], one["watchers"]) for one in own] == [
        ("beds", "Pursuit over the border", True, [])
    ]


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin", ""])
def test_other_role_shares_refused_and_audited(
    in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]], role: str
) -> None:
    stream = make_live()
    with pytest.raises(NotPermitted):
        share(stream.session_id, actor=person(role))
    assert (audit_rows()[-1]["act"], audit_rows()[-1]["outcome"]) == ("share.grant", "refused")
    share(stream.session_id, actor=person("supervisor"))


def test_operator_shares_without_a_picture_to_share_refused(in_herts: Unit) -> None:
    for session in (make_opened().session, make_session(), _location_only()):
        with pytest.raises(InvalidTransition):
            share(session.id)
    with pytest.raises(InvalidTransition):
        share(make_consented(scopes=("location",)).session.id)
    with pytest.raises(NotFound):
        share(uuid4())
    over = make_live()
    sessions.end_session(actor=person(), now=NOW, session_id=over.session_id, reason="operator")
    with pytest.raises(SessionOver):
        share(over.session_id)
    share(make_consented().session.id)


def test_guest_is_shown_stream_position_and_granted_messages_and_nothing_else(in_herts: Unit, beds: ForceRef) -> None:
    caller = make_consented()
    make_live(caller)
    add_fix(caller)
    say(caller, "I am on the roof", "one")
    chat.post_message(actor=person(), now=NOW, session_id=caller.session.id, client_id="two", text="Stay there")
    given = share(caller.session.id, has_chat=True)

    shown = shares.show_shared(actor=sam(beds), now=NOW, guest="beds", share_id=given.id)

    assert set(shown["shared"]) == {
        "id", "force", "kind", "reference", "purpose", "chat", "recording", "granted_at", "ends_at", "ended_at",
        "stream", "rung", "progress", "shows_position", "revision"
    }  # fmt: skip
    assert [(row["sender_name"], row["text"]) for row in shown["messages"]] == [
        ("", "I am on the roof"),
        ("Hertfordshire Constabulary", "Stay there"),
    ]
    assert shown["position"]["accuracy_m"] == 9
    for word in (*SECRET, str(caller.session.id), caller.session.phone_number):
        assert word not in str(shown).replace(str(given.id), "")


def test_guest_without_the_grant_of_messages_gets_none(in_herts: Unit, beds: ForceRef) -> None:
    caller = make_consented()
    make_live(caller)
    with_chat, without = share(caller.session.id, "cambs", has_chat=True), share(caller.session.id)
    say(caller, "I am on the roof", "one")

    assert shares.show_shared(actor=sam(beds), now=NOW, guest="beds", share_id=without.id)["messages"] == []
    told = abroad(in_herts, "shared.message")
    assert [(schema, topic) for schema, topic, _ in told] == [("cambs", f"shared.{with_chat.id}")]


def test_guest_gets_no_position_that_the_caller_does_not_agree_to(in_herts: Unit, beds: ForceRef) -> None:
    caller = make_consented()
    make_live(caller)
    add_fix(caller)
    given = share(caller.session.id)
    assert shares.show_shared(actor=sam(beds), now=NOW, guest="beds", share_id=given.id)["position"] is not None

    caller_less = make_consented(scopes=("video",))
    other = share(caller_less.session.id)
    assert shares.show_shared(actor=sam(beds), now=NOW, guest="beds", share_id=other.id)["position"] is None


def test_positions_go_to_those_who_opened_it_alone(in_herts: Unit) -> None:
    caller = make_consented()
    given = share(caller.session.id)

    add_fix(caller)

    (schema, topic, frame) = abroad(in_herts, "shared.position")[-1]
    assert (schema, topic, frame["share_id"]) == ("beds", f"shared.{given.id}", str(given.id))
    assert set(frame) == {"type", "share_id", "fix"}


def test_frozen_and_ended_pictures_are_told_to_the_guest(in_herts: Unit) -> None:
    stream = make_live()
    share(stream.session_id)

    arrival.mark_stalled(now=LATER, stream_id=stream.id)
    publishing.end_stream(actor=SYSTEM, now=LATER, stream_id=stream.id, reason="hangup")

    states = [frame["shared"]["stream"]["state"] for _, _, frame in abroad(in_herts, "shared.changed")]
    assert states[-2:] == ["stalled", "ended"]


def test_list_for_a_guest_holds_what_is_its_own_and_stands(in_herts: Unit) -> None:
    first, second = make_live(), make_live()
    own, other = share(first.session_id), share(second.session_id, "cambs")
    over = share(second.session_id)
    shares.revoke_share(actor=person(), now=NOW, session_id=second.session_id, share_id=over.id)

    ids = [own.id, other.id, over.id, uuid4()]
    assert [row["id"] for row in shares.list_shown(now=NOW, guest="beds", share_ids=ids)] == [str(own.id)]


def test_revoked_share_is_told_of_nothing_more(in_herts: Unit) -> None:
    caller = make_consented()
    given = share(caller.session.id, has_chat=True)
    shares.revoke_share(actor=person(), now=NOW, session_id=caller.session.id, share_id=given.id)
    in_herts.abroad.clear()

    add_fix(caller)
    say(caller, "Still here", "one")
    make_live(caller)

    assert in_herts.abroad == []


def test_share_whose_time_is_over_is_told_of_nothing_more_before_anybody_ends_it(
    in_herts: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = make_consented()
    share(caller.session.id, has_chat=True, ends_at=LATER)
    in_herts.abroad.clear()
    monkeypatch.setattr(clock, "_offset", clock._offset + (LATER - NOW))

    fix = NewFix(latitude=51.8, longitude=-0.08, accuracy_m=9, fixed_at=LATER)
    positions.add_fix(actor=caller.actor, now=LATER, session_id=caller.session.id, fix=fix)
    chat.post_message(
        actor=caller.actor, now=LATER, session_id=caller.session.id, client_id="one", text="I am on the roof"
    )
    make_live(caller, now=LATER)

    assert in_herts.abroad == []


def test_operator_shares_anew_with_a_force_whose_time_is_over(in_herts: Unit, beds: ForceRef) -> None:
    stream = make_live()
    former = share(stream.session_id, ends_at=LATER)
    watch_id = guest_watches(beds, former, stream)

    with pytest.raises(InvalidTransition):
        share(stream.session_id)
    share_id, left = shares.share_session(
        actor=person(),
        now=LATER,
        session_id=stream.session_id,
        guest="beds",
        purpose="Pursuit goes on",
        ends_at=LATER + timedelta(hours=1),
        has_chat=False,
        has_recording=False,
    )

    assert [place.id for place in left] == [watch_id]
    assert sharing.find_given(former.id).end_reason == "expired"
    assert [one.id for one in sharing.standing_shares(stream.session_id)] == [share_id]


def test_guest_is_not_told_why_a_picture_ended(in_herts: Unit, beds: ForceRef) -> None:
    stream = make_live()
    given = share(stream.session_id)

    publishing.end_stream(actor=SYSTEM, now=LATER, stream_id=stream.id, reason="page_left")

    shown = shares.show_shared(actor=sam(beds), now=LATER, guest="beds", share_id=given.id)["shared"]["stream"]
    told = abroad(in_herts, "shared.changed")[-1][2]["shared"]["stream"]
    for one in (shown, told):
        assert (one["state"], one["end_reason"]) == ("ended", None)
        assert "page_left" not in str(one)
