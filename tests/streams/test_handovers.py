"""Whose session it is: offered, answered, taken, and never without a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from evidence.parts import registered_parts
from forces.accounts.models import User
from forces.accounts.roles import Role
from forces.actors import Actor
from forces.context import Unit
from forces.dispatch import redis_client
from forces.errors import DomainError, InvalidInput, InvalidTransition, NotPermitted
from streams.models import Handover, LiveSession
from streams.selectors import find_session, session_summary
from streams.services.duty import duty_key
from streams.services.handovers import (
    accept_handover,
    decline_handover,
    list_colleagues,
    offer_handover,
    take_session,
    withdraw_handover,
)
from streams.services.locks import SessionOver
from streams.services.sessions import end_session
from tests.factories.streams import NOW, AuditRows, make_session, person, session_now

GIVER = person()
REASON = "My shift ends at two"


def colleague(role: str = Role.OPERATOR, name: str = "Priya") -> Actor:
    user = User.objects.create(username=name.lower(), first_name=name, role=role)
    return user.as_actor()


def offer(session: LiveSession, to: str, *, actor: Actor = GIVER, reason: str = REASON) -> UUID:
    return offer_handover(actor=actor, now=NOW, session_id=session.id, to=to, reason=reason)


def shown(session: LiveSession) -> Any:
    return session_summary(find_session(session.id))


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
def test_other_role_hands_over_refused(in_herts: Unit, role: str) -> None:
    session, to = make_session(), colleague()
    acts = (
        lambda actor: offer(session, to.id, actor=actor),
        lambda actor: take_session(actor=actor, now=NOW, session_id=session.id, reason=REASON),
        lambda actor: list_colleagues(actor=actor),
    )
    for act in acts:
        with pytest.raises(NotPermitted):
            act(person(role))
    assert session_now(session.id).assigned_to == GIVER.id


def test_operator_hands_a_colleagues_session_over_refused_but_a_supervisor_may(
    in_herts: Unit, audit_rows: AuditRows
) -> None:
    session, to = make_session(), colleague()
    with pytest.raises(NotPermitted):
        offer(session, to.id, actor=person(key="other"))
    assert not Handover.objects.exists()

    offer(session, to.id, actor=person("supervisor"))

    assert shown(session)["handover"]["to_id"] == to.id


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_operator_hands_over_without_a_usable_reason_refused(in_herts: Unit, reason: str) -> None:
    with pytest.raises(InvalidInput):
        offer(make_session(), colleague().id, reason=reason)


@pytest.mark.parametrize("to", ["", "0", "99999999", "one", "9" * 30])
def test_operator_hands_over_to_nobody_refused(in_herts: Unit, to: str) -> None:
    with pytest.raises(InvalidInput):
        offer(make_session(), to)


def test_operator_hands_over_to_somebody_who_may_not_run_sessions_refused(in_herts: Unit) -> None:
    gone = colleague(name="Gone")
    User.objects.filter(pk=gone.id).update(is_active=False)
    for to in (colleague(Role.AUDITOR, "Audrey").id, gone.id):
        with pytest.raises(InvalidInput):
            offer(make_session(), to)


def test_operator_hands_an_ended_session_over_refused(in_herts: Unit) -> None:
    session, to = make_session(), colleague()
    end_session(actor=GIVER, now=NOW, session_id=session.id, reason="x")
    with pytest.raises(SessionOver):
        offer(session, to.id)


def test_others_answer_a_handover_refused(in_herts: Unit) -> None:
    session = make_session()
    offer(session, colleague().id)
    for answer in (accept_handover, withdraw_handover):
        with pytest.raises(NotPermitted):
            answer(actor=person(key="other"), now=NOW, session_id=session.id)
    with pytest.raises(NotPermitted):
        decline_handover(actor=GIVER, now=NOW, session_id=session.id, reason=REASON)
    assert shown(session)["handover"]["reason"] == REASON


def test_colleague_accepts_what_was_withdrawn_refused(in_herts: Unit) -> None:
    session, to = make_session(), colleague()
    offer(session, to.id)
    withdraw_handover(actor=GIVER, now=NOW, session_id=session.id)
    with pytest.raises(InvalidTransition):
        accept_handover(actor=to, now=NOW, session_id=session.id)
    assert shown(session)["assigned_to"]["id"] == GIVER.id


def test_colleague_accepts_and_it_is_theirs(in_herts: Unit, audit_rows: AuditRows) -> None:
    session, to = make_session(), colleague()
    offer(session, to.id)

    accept_handover(actor=to, now=NOW + timedelta(seconds=9), session_id=session.id)

    summary = shown(session)
    assert (summary["assigned_to"], summary["handover"]) == ({"id": to.id, "name": "Priya"}, None)
    topic, frame = in_herts.broadcasts[-1]
    assert (topic, frame["session"]["assigned_to"]["id"]) == ("console", to.id)
    acts = [row["act"] for row in audit_rows()]
    assert acts[-2:] == ["handover.offer", "handover.accept"]
    assert REASON not in str(audit_rows())


def test_colleague_declines_and_it_stays(in_herts: Unit) -> None:
    session, to = make_session(), colleague()
    offer(session, to.id)
    with pytest.raises(InvalidInput):
        decline_handover(actor=to, now=NOW, session_id=session.id, reason=" ")

    decline_handover(actor=to, now=NOW, session_id=session.id, reason="I have two already")

    assert (shown(session)["assigned_to"]["id"], shown(session)["handover"]) == (GIVER.id, None)
    assert Handover.objects.get().answer == "I have two already"


def test_second_offer_replaces_the_first(in_herts: Unit) -> None:
    session, first, second = make_session(), colleague(), colleague(name="Sam")
    offer(session, first.id)
    offer(session, second.id)
    assert shown(session)["handover"]["to_id"] == second.id
    assert Handover.objects.get(to_id=first.id).state == "withdrawn"


def test_colleague_takes_a_session_only_with_a_reason(in_herts: Unit, audit_rows: AuditRows) -> None:
    session, taker = make_session(), colleague()
    with pytest.raises(InvalidInput):
        take_session(actor=taker, now=NOW, session_id=session.id)

    take_session(actor=taker, now=NOW, session_id=session.id, reason="She is at lunch")

    assert shown(session)["assigned_to"]["id"] == taker.id
    assert audit_rows()[-1]["act"] == "session.take"


def test_end_of_the_session_withdraws_the_offer(in_herts: Unit) -> None:
    session, to = make_session(), colleague()
    offer(session, to.id)
    end_session(actor=GIVER, now=NOW, session_id=session.id, reason="x")
    assert Handover.objects.get().state == "withdrawn"
    with pytest.raises(DomainError):
        accept_handover(actor=to, now=NOW, session_id=session.id)


def test_colleagues_with_an_open_console_come_first(in_herts: Unit) -> None:
    colleague(name="Anna")
    zoe = colleague(name="Zoe")
    colleague(Role.AUDITOR, "Audrey")
    redis_client().set(duty_key("herts", zoe.id), "1")

    found = list_colleagues(actor=GIVER)

    assert found[0] == {"id": zoe.id, "name": "Zoe", "role": "operator", "is_on_duty": True}
    assert "Anna" in [row["name"] for row in found]
    assert not {"Audrey"} & {row["name"] for row in found}


def test_erasure_forgets_reasons_and_keeps_who(in_herts: Unit) -> None:
    session, to = make_session(), colleague()
    offer(session, to.id)
    part = next(part for part in registered_parts() if part.kind == "streams.handover")

    assert part.erase(session.id, NOW) == 1

    kept = Handover.objects.get()
    assert (kept.reason, kept.to_id) == ("[erased]", to.id)
