"""The receipt of a consent, and what is left of a link whose consent was taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from forces import clock
from forces.context import Unit
from streams.models import Consent, Invitation
from streams.selectors import CALLER_COOKIE, CallerTicket, write_caller_cookie
from streams.services.codes import CodeUnknown
from streams.services.consent import admit_caller, withdraw_consent
from streams.services.invitations import open_by_code, open_invitation, send_invitation
from streams.services.link_standing import ConsentWithdrawn, LinkWithdrawn
from streams.services.receipts import KEPT_FOR, NoReceipt, read_receipt
from streams.services.sessions import end_session
from tests.factories.streams import (
    NOW,
    AuditRows,
    Caller,
    answer,
    code_for,
    make_consented,
    make_invitation,
    make_opened,
    make_session,
    person,
    token_for,
)

MakeClient = Callable[..., Client]
LATER = NOW + timedelta(minutes=5)
PAGE = "/live/receipt/"


def browser_of(caller: Caller, force_client: MakeClient) -> Client:
    client = force_client()
    client.cookies[CALLER_COOKIE] = write_caller_cookie(caller.ticket)
    return client


def invitation_of(caller: Caller) -> Invitation:
    return Invitation.objects.select_related("session").get(pk=caller.ticket.invitation_id)


def withdraw(caller: Caller) -> None:
    withdraw_consent(actor=caller.actor, now=LATER, session_id=caller.session.id)


def test_browser_without_ticket_reads_receipt_refused(in_herts: Unit, force_client: MakeClient) -> None:
    assert force_client().get(PAGE).status_code == 403


def test_caller_who_has_not_agreed_reads_receipt_refused(in_herts: Unit, audit_rows: AuditRows) -> None:
    with pytest.raises(NoReceipt):
        read_receipt(now=NOW, ticket=make_opened().ticket)
    assert [row["code"] for row in audit_rows() if row["act"] == "consent.receipt"] == ["no_receipt"]


def test_other_browser_reads_receipt_refused(in_herts: Unit) -> None:
    ticket = make_consented().ticket

    with pytest.raises(NoReceipt):
        read_receipt(now=NOW, ticket=CallerTicket(ticket.invitation_id, ticket.session_id, "another browser"))


@pytest.mark.parametrize(
    "ends", [withdraw, lambda caller: end_session(actor=person(), now=LATER, session_id=caller.session.id, reason="x")]
)
def test_receipt_stays_for_a_day_after_the_end_and_no_longer(in_herts: Unit, ends: Callable[[Caller], None]) -> None:
    caller = make_consented()
    ends(caller)

    assert read_receipt(now=LATER + KEPT_FOR, ticket=caller.ticket).ended_at == LATER
    with pytest.raises(NoReceipt):
        read_receipt(now=LATER + KEPT_FOR + timedelta(seconds=1), ticket=caller.ticket)


def test_receipt_after_erasure_is_gone(in_herts: Unit) -> None:
    caller = make_consented()
    Consent.objects.update(browser_hash="")

    with pytest.raises(NoReceipt):
        read_receipt(now=LATER, ticket=caller.ticket)


def test_caller_reads_what_was_agreed_to(in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows) -> None:
    caller = make_consented(now=clock.now(), scopes=("location", "video"))

    page = browser_of(caller, force_client).get(PAGE)

    text = page.content.decode()
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    for said in (
        caller.session.incident.reference,
        "Hertfordshire Constabulary",
        "Version 1, English",
        "My location: where",
    ):
        assert said in text
    assert "Recording: the police" not in text
    assert "consent.receipt" in [row["act"] for row in audit_rows()]


def test_caller_who_sends_files_reads_nothing_of_a_recording(in_herts: Unit, force_client: MakeClient) -> None:
    caller = make_consented(now=clock.now(), link_kind="location_upload", scopes=("location", "upload"))

    text = browser_of(caller, force_client).get(PAGE).content.decode()

    assert "Recording of the video" not in text
    assert "Photos and videos that you choose on your phone" in text
    assert "Photos and videos: those that I choose" in text


def test_caller_downloads_receipt_that_needs_nothing_else(in_herts: Unit, force_client: MakeClient) -> None:
    caller = make_consented(now=clock.now())

    given = browser_of(caller, force_client).get(f"{PAGE}?download&language=ur")

    text = given.content.decode()
    assert given["Content-Disposition"] == f'attachment; filename="consent-{caller.session.incident.reference}.html"'
    assert '<html lang="ur" dir="rtl">' in text
    assert 'lang="en" dir="ltr"' in text  # the words that were agreed to
    assert not [outside for outside in ("src=", "<link", "<script", "href=") if outside in text]


def test_receipt_in_safe_mode_has_a_neutral_name(in_herts: Unit, force_client: MakeClient) -> None:
    session = make_session(now=clock.now(), safe_mode=True)
    caller = make_consented(make_opened(make_invitation(session, now=clock.now()), now=clock.now()), now=clock.now())
    browser = browser_of(caller, force_client)

    assert "<title>Notes</title>" in browser.get(PAGE).content.decode()
    assert browser.get(f"{PAGE}?download")["Content-Disposition"] == 'attachment; filename="notes.html"'


def test_caller_who_took_consent_back_finds_link_cookie_and_code_shut(in_herts: Unit) -> None:
    caller = make_consented()
    invitation = invitation_of(caller)
    withdraw(caller)

    with pytest.raises(ConsentWithdrawn):
        admit_caller(now=LATER, ticket=caller.ticket)
    with pytest.raises(ConsentWithdrawn):
        open_invitation(now=LATER, token=token_for(invitation), browser_secret=caller.ticket.browser_secret)
    with pytest.raises(LinkWithdrawn) as told_others:
        open_invitation(now=LATER, token=token_for(invitation))
    assert told_others.value.code == "link_withdrawn"
    with pytest.raises(CodeUnknown):
        open_by_code(now=LATER, typed=code_for(invitation), address="192.0.2.7")


def test_caller_who_took_consent_back_is_told_so_and_by_every_door(in_herts: Unit, force_client: MakeClient) -> None:
    caller = make_consented(now=clock.now())
    link = f"/i/{token_for(invitation_of(caller))}/"
    withdraw_consent(actor=caller.actor, now=clock.now(), session_id=caller.session.id)
    browser = browser_of(caller, force_client)

    for page in (browser.get("/live/"), browser.get(link), browser.post(f"{link}open/")):
        assert page.status_code == 410
        assert "You have taken your consent back" in page.content.decode()
        assert PAGE in page.content.decode()
    assert browser.get(PAGE).status_code == 200


def test_caller_with_a_replaced_link_is_not_told_of_a_withdrawal(in_herts: Unit) -> None:
    caller = make_consented()
    answer(caller.session, now=LATER)
    send_invitation(actor=person(), now=LATER, session_id=caller.session.id)

    with pytest.raises(LinkWithdrawn) as refusal:
        admit_caller(now=LATER, ticket=caller.ticket)
    assert refusal.value.code == "link_withdrawn"
