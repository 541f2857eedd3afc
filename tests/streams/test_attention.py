"""Sessions that nobody looks after: said once, called out to supervisors, cleared at once, and never flapping."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from forces import clock
from forces.context import ForceRef, Unit
from forces.errors import NotPermitted
from streams.models import RoomPolicy
from streams.selectors import find_session, session_summary
from streams.services import chat
from streams.services.attention import list_waiting, note_looks
from streams.services.handovers import take_session
from streams.services.sessions import end_session, view_session
from streams.signalling import presence
from streams.signalling.upkeep import Upkeep
from streams.watchdog import STEPS
from tests.factories.media import make_live, make_watch
from tests.factories.streams import NOW, AuditRows, make_invitation, make_opened, person, session_now
from tests.streams.socket_peers import Peers, make, read


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def look(seconds: float, *attended: UUID) -> None:
    note_looks(now=after(seconds), attended=attended)


def attention(session_id: UUID) -> Any:
    found: Any = session_summary(find_session(session_id))["attention"]
    return found


def opened() -> UUID:
    return make_opened().session.id


def neglected() -> UUID:
    """A session that is unattended since 60 s after noon."""
    session_id = opened()
    look(0)
    look(60)
    return session_id


def acts(rows: list[dict[str, Any]]) -> list[str]:
    mine = ("session.unattended", "session.escalate", "session.attended")
    return [row["act"] for row in rows if row["act"] in mine]


def test_session_before_the_link_is_opened_and_one_that_is_over_are_not_waited_for(in_herts: Unit) -> None:
    make_invitation()
    ended = opened()
    end_session(actor=person(), now=NOW, session_id=ended, reason="x")
    assert list_waiting() == []


def test_session_that_somebody_has_open_never_becomes_unattended(in_herts: Unit, audit_rows: AuditRows) -> None:
    session_id = opened()
    for second in range(0, 600, 10):
        look(second, session_id)
    assert attention(session_id) is None
    assert acts(audit_rows()) == []


def test_short_absences_do_not_add_up(in_herts: Unit) -> None:
    session_id = opened()
    for begin in range(0, 600, 100):
        look(begin)
        look(begin + 59)
        look(begin + 59.5, session_id)
    assert attention(session_id) is None


def test_session_is_unattended_after_the_forces_time_and_told_and_audited_once(
    in_herts: Unit, audit_rows: AuditRows
) -> None:
    RoomPolicy.objects.update(unattended_after_s=30, escalate_after_s=600)
    session_id = opened()
    look(0)
    look(29.9)
    assert attention(session_id) is None
    told = len(in_herts.broadcasts)

    for second in (30, 32, 34, 60):
        look(second)

    assert attention(session_id)["state"] == "unattended"
    assert attention(session_id)["reason"] == "link_unanswered"
    assert [frame["type"] for _, frame in in_herts.broadcasts[told:]] == ["session.changed"]
    assert acts(audit_rows()) == ["session.unattended"]


def test_unattended_session_is_escalated_once(in_herts: Unit, audit_rows: AuditRows) -> None:
    session_id = neglected()
    look(119)
    assert attention(session_id)["state"] == "unattended"
    for second in (120, 122, 400):
        look(second)
    assert attention(session_id)["state"] == "escalated"
    assert acts(audit_rows()) == ["session.unattended", "session.escalate"]


def test_watch_that_begins_clears_it_at_once(in_herts: Unit, audit_rows: AuditRows) -> None:
    stream = make_live()
    look(0)
    look(60)
    look(120)
    assert attention(stream.session_id)["reason"] == "picture_unwatched"

    make_watch(stream, now=after(121))

    assert attention(stream.session_id) is None
    assert in_herts.broadcasts[-1][1]["session"]["attention"] is None
    assert acts(audit_rows())[-1] == "session.attended"
    look(1000)  # the watch goes on: a look that missed it changes nothing
    look(1100)
    assert attention(stream.session_id) is None


@pytest.mark.parametrize("by", ["open", "message", "end"])
def test_operator_who_does_something_clears_it(in_herts: Unit, by: str) -> None:
    session_id = neglected()
    if by == "open":
        view_session(actor=person(), session_id=session_id)
    elif by == "message":
        chat.post_message(actor=person(), now=after(61), session_id=session_id, client_id="m", text="I am here")
    else:
        end_session(actor=person(), now=after(61), session_id=session_id, reason="x")
    assert attention(session_id) is None


def test_callers_own_message_does_not_clear_it_and_is_the_reason(in_herts: Unit) -> None:
    caller = make_opened()
    chat.post_message(actor=caller.actor, now=NOW, session_id=caller.session.id, client_id="m", text="Hello?")
    look(0)
    look(60)
    assert attention(caller.session.id)["reason"] == "message_unanswered"


def test_other_role_does_not_clear_it_by_asking(in_herts: Unit) -> None:
    session_id = neglected()
    for role in ("auditor", "officer", "force_admin"):
        with pytest.raises(NotPermitted):
            view_session(actor=person(role), session_id=session_id)
    assert attention(session_id) is not None


def test_supervisor_takes_it_without_another_reason(in_herts: Unit, audit_rows: AuditRows) -> None:
    session_id = neglected()
    look(120)
    supervisor = person("supervisor")

    take_session(actor=supervisor, now=after(121), session_id=session_id)

    assert attention(session_id) is None
    assert session_now(session_id).assigned_to == supervisor.id
    assert [row["act"] for row in audit_rows()][-2:] == ["session.take", "session.attended"]


async def test_console_that_opens_a_session_attends_to_it_and_one_that_leaves_does_not(
    peers: Peers, herts: ForceRef
) -> None:
    made = await make(herts, make_opened)
    session_id = made.session.id
    console = await peers.console(herts)
    await console.send("session.open", session_id=str(session_id))
    await console.expect("session.snapshot")
    await console.round_trip()

    await Upkeep(herts).notice_unattended()
    assert (await read(herts, lambda: session_now(session_id))).neglected_since is None

    await console.send("session.close", session_id=str(session_id))
    await console.round_trip()
    await Upkeep(herts).notice_unattended()
    assert (await read(herts, lambda: session_now(session_id))).neglected_since is not None


async def test_console_that_is_gone_attends_to_nothing(peers: Peers, herts: ForceRef) -> None:
    made = await make(herts, make_opened)
    console = await peers.console(herts)
    await console.send("session.open", session_id=str(made.session.id))
    await console.expect("session.snapshot")
    await console.round_trip()

    await console.close()

    assert await presence.in_view(herts, clock.now().timestamp()) == set()


async def test_view_that_is_not_said_again_lapses(live_db: str, herts: ForceRef) -> None:
    made = await make(herts, make_opened)
    at = clock.now().timestamp()
    await presence.keep_view(herts, "dead", "7", [made.session.id], at - presence.VIEW_SECONDS - 1)
    assert await presence.in_view(herts, at) == set()
    await presence.keep_view(herts, "alive", "7", [made.session.id], at)
    assert await presence.in_view(herts, at) == {str(made.session.id)}


async def test_watchdog_forgets_an_absence_once_somebody_is_there(live_db: str, herts: ForceRef) -> None:
    made = await make(herts, make_opened)
    await Upkeep(herts).notice_unattended()
    assert (await read(herts, lambda: session_now(made.session.id))).neglected_since is not None
    await presence.keep_view(herts, "socket", "7", [made.session.id], clock.now().timestamp())

    await Upkeep(herts).notice_unattended()

    assert (await read(herts, lambda: session_now(made.session.id))).neglected_since is None


async def test_watchdog_step_is_one_of_those_that_run() -> None:
    assert Upkeep.notice_unattended in [step.run for step in STEPS]
