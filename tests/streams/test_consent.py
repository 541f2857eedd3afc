"""Consent: what is agreed to, by whom, and how it is taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection

from forces.context import Unit
from forces.errors import InvalidInput
from streams.models import Consent, ConsentWording, Invitation, Stream
from streams.selectors import CallerTicket, read_caller_cookie, write_caller_cookie
from streams.services.consent import WordingOutdated, admit_caller, withdraw_consent
from streams.services.invitations import open_invitation, rearm_invitation
from streams.services.link_standing import LinkInUse, LinkNotOpened, LinkUnknown, LinkWithdrawn
from streams.services.links import hash_of
from streams.services.locks import SessionOver
from streams.services.sessions import end_session
from tests.factories.streams import (
    NOW,
    AuditRows,
    Caller,
    consent,
    make_consented,
    make_invitation,
    make_opened,
    person,
    session_now,
    token_for,
)

LATER = NOW + timedelta(minutes=10)


def second_browser(caller: Caller) -> Caller:
    invitation = Invitation.objects.get(pk=caller.ticket.invitation_id)
    return Caller(caller.session, open_invitation(now=NOW, token=token_for(invitation)).ticket)


def test_caller_with_forged_ticket_refused(in_herts: Unit) -> None:
    caller = make_opened()
    forged = CallerTicket(uuid4(), caller.session.id, caller.ticket.browser_secret)
    crossed = CallerTicket(caller.ticket.invitation_id, uuid4(), caller.ticket.browser_secret)

    for ticket in (forged, crossed):
        with pytest.raises(LinkUnknown):
            admit_caller(now=NOW, ticket=ticket)


def test_caller_who_did_not_open_link_consents_refused(in_herts: Unit) -> None:
    invitation = make_invitation()
    ticket = CallerTicket(invitation.id, invitation.session_id, "guessed")

    with pytest.raises(LinkNotOpened):
        consent(Caller(invitation.session, ticket))
    assert not Consent.objects.exists()


def test_second_browser_consents_after_first_refused_and_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    first = make_opened()
    second = second_browser(first)
    consent(first)

    with pytest.raises(LinkInUse):
        consent(second)

    refused = [row for row in audit_rows() if row["outcome"] == "refused"]
    assert [(row["act"], row["code"]) for row in refused] == [("consent.give", "link_in_use")]
    assert Consent.objects.get().browser_hash == hash_of(first.ticket.browser_secret)


def test_caller_consents_after_end_refused(in_herts: Unit) -> None:
    caller = make_opened()
    end_session(actor=person(), now=NOW, session_id=caller.session.id, reason="ended_by_operator")

    with pytest.raises(SessionOver):
        consent(caller)


@pytest.mark.parametrize("scopes", [[], ["sound"], ["recording"], ["location", "recording"]])
def test_caller_consents_to_impossible_scopes_refused(in_herts: Unit, scopes: list[str]) -> None:
    caller = make_opened()

    with pytest.raises(InvalidInput):
        consent(caller, scopes=scopes)
    assert session_now(caller.session.id).state == "opened"


def test_caller_consents_to_video_on_location_link_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidInput):
        consent(make_opened(link_kind="location"), scopes=["location", "video"])


def test_caller_consents_to_retired_wording_refused(in_herts: Unit) -> None:
    caller = make_opened()
    ConsentWording.objects.update(is_active=False)

    with pytest.raises(WordingOutdated):
        consent(caller)


def test_caller_withdraws_then_same_link_refused(in_herts: Unit) -> None:
    caller = make_consented()
    token = token_for(Invitation.objects.get(pk=caller.ticket.invitation_id))
    withdraw_consent(actor=caller.actor, now=LATER, session_id=caller.session.id)

    with pytest.raises(LinkWithdrawn):
        admit_caller(now=LATER, ticket=caller.ticket)
    with pytest.raises(LinkWithdrawn):
        consent(caller, now=LATER)
    with pytest.raises(LinkWithdrawn):
        open_invitation(now=LATER, token=token, browser_secret=caller.ticket.browser_secret)


def test_caller_consents_is_bound_kept_and_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    caller = make_consented(scopes=["video", "location"])

    kept = Consent.objects.get()
    assert (kept.scopes, kept.wording_version, kept.language) == (["location", "video"], 1, "en")
    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.bound_browser_hash) == (
        "consented",
        hash_of(caller.ticket.browser_secret),
    )
    row = audit_rows()[-1]
    assert (row["act"], row["actor_kind"], row["actor_id"]) == (
        "consent.give",
        "caller",
        str(caller.session.id),
    )
    assert row["detail"] == {"scopes": ["location", "video"], "wording_version": 1, "language": "en"}
    assert in_herts.broadcasts[-1][1]["session"]["consent"]["scopes"] == ["location", "video"]


def test_caller_consents_to_location_only_of_video_link_is_kept(in_herts: Unit) -> None:
    assert make_consented(scopes=["location"]).session.state == "consented"


def test_caller_consents_twice_is_kept_once(in_herts: Unit, audit_rows: AuditRows) -> None:
    caller = make_opened()

    first, second = consent(caller), consent(caller, now=LATER)

    assert first == second
    assert Consent.objects.count() == 1
    assert [row["act"] for row in audit_rows()].count("consent.give") == 1


def test_caller_consents_to_less_replaces_consent(in_herts: Unit) -> None:
    caller = make_consented()

    consent(caller, now=LATER, scopes=["location"])

    assert Consent.objects.get(withdrawn_at__isnull=True).scopes == ["location"]
    assert Consent.objects.filter(withdrawn_at=LATER).count() == 1


def test_caller_withdraws_ends_stream_and_is_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    caller = make_consented()
    stream = Stream.objects.create(session=caller.session, admitted_at=NOW)

    withdraw_consent(actor=caller.actor, now=LATER, session_id=caller.session.id)

    stream.refresh_from_db()
    assert (stream.state, stream.end_reason) == ("ended", "consent_withdrawn")
    assert Consent.objects.get().withdrawn_at == LATER
    assert session_now(caller.session.id).state == "opened"
    assert "consent.withdraw" in [row["act"] for row in audit_rows()]


def test_caller_withdraws_twice_is_fine(in_herts: Unit) -> None:
    caller = make_consented()
    for _ in range(2):
        withdraw_consent(actor=caller.actor, now=LATER, session_id=caller.session.id)

    assert Consent.objects.get().withdrawn_at == LATER


def test_caller_withdrew_and_operator_sends_again_consents_anew(in_herts: Unit) -> None:
    caller = make_consented()
    withdraw_consent(actor=caller.actor, now=LATER, session_id=caller.session.id)

    again = make_consented(make_opened(make_invitation(caller.session, now=LATER), now=LATER), now=LATER)

    assert admit_caller(now=LATER, ticket=again.ticket).scopes == ("location", "recording", "video")


def test_caller_has_to_open_rearmed_link_again(in_herts: Unit) -> None:
    caller = make_consented()
    rearm_invitation(actor=person(), now=LATER, session_id=caller.session.id)

    with pytest.raises(LinkNotOpened):
        admit_caller(now=LATER, ticket=caller.ticket)


def test_caller_ticket_survives_its_cookie_and_no_other(in_herts: Unit) -> None:
    ticket = make_opened().ticket
    value = write_caller_cookie(ticket)

    assert read_caller_cookie(value) == ticket
    for wrong in (None, "", value[:-1] + ("A" if value[-1] != "A" else "B"), "e30:x:y"):
        assert read_caller_cookie(wrong) is None


def test_database_refuses_second_standing_consent(in_herts: Unit) -> None:
    caller = make_consented()
    first = Consent.objects.get()

    with pytest.raises(IntegrityError):
        Consent.objects.create(
            session=caller.session,
            invitation=first.invitation,
            scopes=["location"],
            wording_version=1,
            language="en",
            given_at=NOW,
            browser_hash="x",
        )


def test_database_refuses_consented_link_without_browser(in_herts: Unit) -> None:
    make_consented()

    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE streams_invitation SET bound_browser_hash = ''")


@pytest.mark.parametrize("kept", [("location",), ("location", "video")])
def test_caller_who_agrees_to_less_is_not_seen_or_recorded_any_more(in_herts: Unit, kept: tuple[str, ...]) -> None:
    caller = make_consented()
    stream = Stream.objects.create(session=caller.session, admitted_at=NOW)

    consent(caller, now=LATER, scopes=kept)

    stream.refresh_from_db()
    assert (stream.state, stream.end_reason) == ("ended", "consent_withdrawn")


def test_caller_who_agrees_to_more_goes_on_being_seen(in_herts: Unit) -> None:
    caller = make_consented(scopes=("location", "video"))
    stream = Stream.objects.create(session=caller.session, admitted_at=NOW)

    consent(caller, now=LATER)

    stream.refresh_from_db()
    assert stream.state == "admitted"
