"""Send a link, open it, and let another browser take it."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from forces.context import Unit
from forces.errors import NotFound, NotPermitted
from streams.models import Invitation, LinkPolicy, LiveSession, RiskQuestion, RiskQuestionSet, Stream
from streams.services.consent import admit_caller, withdraw_consent
from streams.services.invitations import (
    describe_link,
    open_invitation,
    send_invitation,
)
from streams.services.link_standing import LinkExpired, LinkInUse, LinkUnknown, LinkWithdrawn
from streams.services.links import hash_of, link_of, token_of
from streams.services.locks import SessionOver
from streams.services.risk import RiskRefused, RiskUnanswered, override_risk
from streams.services.sessions import end_session
from tests.factories.streams import (
    NOW,
    AuditRows,
    answer,
    make_consented,
    make_invitation,
    make_session,
    person,
    session_now,
    token_for,
)

LATER = NOW + timedelta(minutes=10)


def send(session: LiveSession, role: str = "operator") -> UUID:
    return send_invitation(actor=person(role), now=NOW, session_id=session.id)


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin", ""])
def test_other_role_sends_link_refused(in_herts: Unit, role: str) -> None:
    session = make_session()
    answer(session)

    with pytest.raises(NotPermitted):
        send(session, role)
    assert not session.invitations.exists()


def test_operator_sends_link_before_answers_refused_and_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    session = make_session()

    with pytest.raises(RiskUnanswered):
        send(session)

    assert not session.invitations.exists()
    refused = [row for row in audit_rows() if row["outcome"] == "refused"]
    assert [(row["act"], row["code"]) for row in refused] == [("invitation.send", "risk_unanswered")]


@pytest.mark.parametrize("role", ["operator", "supervisor"])
def test_anyone_sends_link_after_refusing_answer_refused_with_reasons(in_herts: Unit, role: str) -> None:
    session = make_session()
    answer(session, offender_near="yes")

    with pytest.raises(RiskRefused) as refusal:
        send(session, role)

    assert refusal.value.details
    assert [row["code"] for row in refusal.value.details["refusals"]] == ["offender-near"]
    assert session_now(session.id).state == "draft"


def test_operator_sends_link_after_questions_changed_refused(in_herts: Unit) -> None:
    session = make_session()
    answer(session)
    RiskQuestionSet.objects.filter(incident_type=None).update(is_active=False)
    changed = RiskQuestionSet.objects.create(incident_type=None, version=2)
    RiskQuestion.objects.create(question_set=changed, code="dog", text="Is there a dog?")

    with pytest.raises(RiskUnanswered):
        send(session)


def test_operator_sends_link_of_ended_session_refused(in_herts: Unit) -> None:
    session = make_session()
    answer(session)
    end_session(actor=person(), now=NOW, session_id=session.id, reason="ended_by_operator")

    with pytest.raises(SessionOver):
        send(session)


def test_operator_sends_link_of_unknown_session_not_found(in_herts: Unit) -> None:
    with pytest.raises(NotFound):
        send_invitation(actor=person(), now=NOW, session_id=uuid4())


def test_operator_sends_link_after_override_is_queued(in_herts: Unit) -> None:
    session = make_session()
    answer(session, driving="yes")
    override_risk(actor=person("supervisor"), now=NOW, session_id=session.id, reason="Passenger holds it")

    send(session)

    assert session_now(session.id).state == "invited"


def test_operator_sends_link_is_queued_audited_and_told(in_herts: Unit, audit_rows: AuditRows) -> None:
    invitation = make_invitation()

    assert (invitation.state, invitation.expires_at) == ("queued", NOW + timedelta(minutes=60))
    assert invitation.session.state == "invited"
    assert audit_rows()[-1]["act"] == "invitation.send"
    topic, message = in_herts.broadcasts[-1]
    assert (topic, message["type"], message["session"]["invitation"]["state"]) == (
        "console",
        "session.changed",
        "queued",
    )
    assert len(in_herts.after_commit) == 1


def test_link_token_is_192_bits_and_stored_as_hash_only(in_herts: Unit) -> None:
    invitation = make_invitation()
    token = token_for(invitation)

    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", token)
    assert invitation.token_hash == hash_of(token)
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values())
    assert token != token_of("beds", invitation.id, 1)
    assert link_of("herts", token).endswith(f"/i/{token}/")
    assert "//herts.localhost" in link_of("herts", token)


def test_nothing_of_number_or_token_in_audit_or_summary(in_herts: Unit, audit_rows: AuditRows) -> None:
    caller = make_consented()
    token = token_for(Invitation.objects.get(pk=caller.ticket.invitation_id))
    withdraw_consent(actor=caller.actor, now=LATER, session_id=caller.session.id)

    written = str(audit_rows()) + str(in_herts.broadcasts)

    for secret in (token, hash_of(token), "447700900123", "7700 900123", caller.ticket.browser_secret):
        assert secret not in written


def test_operator_sends_second_link_voids_first(in_herts: Unit) -> None:
    first = make_invitation()
    second = make_invitation(first.session, now=LATER)

    assert Invitation.objects.get(pk=first.pk).state == "withdrawn"
    with pytest.raises(LinkWithdrawn):
        open_invitation(now=LATER, token=token_for(first))
    assert open_invitation(now=LATER, token=token_for(second)).ticket.invitation_id == second.id


def test_operator_sends_second_link_while_caller_is_live_ends_the_first_use(in_herts: Unit) -> None:
    caller = make_consented()
    stream = Stream.objects.create(session=caller.session, admitted_at=NOW)

    make_invitation(caller.session, now=LATER)

    stream.refresh_from_db()
    assert (stream.state, session_now(caller.session.id).state) == ("ended", "invited")
    with pytest.raises(LinkWithdrawn):
        admit_caller(now=LATER, ticket=caller.ticket)


def test_database_refuses_second_usable_link(in_herts: Unit) -> None:
    invitation = make_invitation()

    with pytest.raises(IntegrityError):
        Invitation.objects.create(session=invitation.session, token_hash="0" * 64, queued_at=NOW, expires_at=LATER)


def test_stranger_opens_unknown_token_refused(in_herts: Unit) -> None:
    with pytest.raises(LinkUnknown):
        open_invitation(now=NOW, token="A" * 32)


def test_stranger_opens_token_of_other_force_refused(in_herts: Unit) -> None:
    invitation = make_invitation()

    with pytest.raises(LinkUnknown):
        open_invitation(now=NOW, token=token_of("beds", invitation.id, 1))


def test_caller_opens_link_after_an_hour_refused_and_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    invitation = make_invitation()

    with pytest.raises(LinkExpired):
        open_invitation(now=NOW + timedelta(minutes=60), token=token_for(invitation))

    assert [row["code"] for row in audit_rows() if row["outcome"] == "refused"] == ["link_expired"]


def test_caller_opens_link_of_ended_session_refused(in_herts: Unit) -> None:
    invitation = make_invitation()
    end_session(actor=person(), now=NOW, session_id=invitation.session_id, reason="ended_by_operator")

    with pytest.raises(SessionOver):
        open_invitation(now=NOW, token=token_for(invitation))


def test_other_browser_opens_link_after_consent_refused(in_herts: Unit) -> None:
    caller = make_consented()
    token = token_for(Invitation.objects.get(pk=caller.ticket.invitation_id))

    with pytest.raises(LinkInUse):
        open_invitation(now=LATER, token=token)
    with pytest.raises(LinkInUse):
        describe_link(now=LATER, token=token, browser_secret="another")


def test_anyone_looks_at_link_spends_nothing(in_herts: Unit) -> None:
    invitation = make_invitation()

    for _ in range(3):
        assert describe_link(now=NOW, token=token_for(invitation)).is_video

    invitation.refresh_from_db()
    assert (invitation.state, invitation.opened_at) == ("queued", None)


def test_caller_opens_link_within_the_hour_is_opened_and_told(in_herts: Unit) -> None:
    invitation = make_invitation()

    open_invitation(now=NOW + timedelta(minutes=59), token=token_for(invitation))

    invitation.refresh_from_db()
    assert (invitation.state, session_now(invitation.session_id).state) == ("opened", "opened")
    assert in_herts.broadcasts[-1][1]["session"]["state"] == "opened"


def test_caller_opens_link_in_second_browser_before_consent_both_may_go_on(in_herts: Unit) -> None:
    invitation = make_invitation()
    tickets = [open_invitation(now=NOW, token=token_for(invitation)).ticket for _ in range(2)]

    assert tickets[0].browser_secret != tickets[1].browser_secret
    for ticket in tickets:
        assert admit_caller(now=NOW, ticket=ticket).state == "opened"


def test_bound_browser_opens_link_again_gets_back_in(in_herts: Unit) -> None:
    caller = make_consented()
    token = token_for(Invitation.objects.get(pk=caller.ticket.invitation_id))

    again = open_invitation(now=LATER, token=token, browser_secret=caller.ticket.browser_secret)

    assert again.ticket == caller.ticket
    assert session_now(caller.session.id).state == "consented"


def test_policy_of_force_sets_expiry(in_herts: Unit) -> None:
    LinkPolicy.objects.update(expires_minutes=15)

    assert make_invitation().expires_at == NOW + timedelta(minutes=15)
