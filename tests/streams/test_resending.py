"""When a link does not work: once more, to another number, by e-mail, and what the operator is told of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from forces import clock
from forces.context import Unit
from forces.errors import InvalidInput, InvalidTransition, NotPermitted
from forces.messaging.addresses import EmailAddressInvalid, normalise_email_address
from forces.messaging.interface import SenderError, SendReport
from streams.models import Invitation
from streams.selectors import find_session, session_summary
from streams.services.delivery import claim_delivery, note_delivery, note_receipt
from streams.services.invitations import open_invitation
from streams.services.link_standing import LinkWithdrawn
from streams.services.resending import (
    MOST_SENDS,
    EmailNotSetUp,
    note_link_trouble,
    redirect_invitation,
    resend_invitation,
)
from streams.services.risk import RiskRefused
from tests.factories.streams import (
    NOW,
    AuditRows,
    answer,
    make_consented,
    make_invitation,
    make_opened,
    person,
    token_for,
)

SENT = SendReport(provider_id="p-1")
LATER = NOW + timedelta(minutes=2)


def sent(invitation: Invitation, report: SendReport = SENT, *, now: Any = NOW) -> Invitation:
    claimed = claim_delivery(now=now, invitation_id=invitation.id)
    assert claimed is not None
    note_delivery(now=now, invitation_id=invitation.id, report=report)
    return fresh(invitation)


def fresh(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_related("session").get(pk=invitation.pk)


def shown(invitation: Invitation) -> Any:
    return session_summary(find_session(invitation.session_id))


def resend(invitation: Invitation, role: str = "operator") -> None:
    resend_invitation(actor=person(role), now=LATER, session_id=invitation.session_id)


def redirect(invitation: Invitation, role: str = "operator", **to: str) -> Invitation:
    made = redirect_invitation(actor=person(role), now=LATER, session_id=invitation.session_id, **to)
    return Invitation.objects.get(pk=made)


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
def test_other_role_sends_again_or_elsewhere_refused(in_herts: Unit, role: str) -> None:
    invitation = sent(make_invitation())
    for act in (lambda: resend(invitation, role), lambda: redirect(invitation, role, phone_number="07700 900555")):
        with pytest.raises(NotPermitted):
            act()
    assert fresh(invitation).sends == 1


def test_operator_sends_again_while_the_message_is_on_its_way_or_after_opening_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidTransition):
        resend(make_invitation())
    opened = make_opened()
    with pytest.raises(InvalidTransition):
        resend(Invitation.objects.get(session=opened.session))


def test_operator_sends_again_in_spite_of_the_risk_refused(in_herts: Unit) -> None:
    invitation = sent(make_invitation())
    answer(invitation.session, now=LATER, driving="yes")
    for act in (lambda: resend(invitation), lambda: redirect(invitation, phone_number="07700 900555")):
        with pytest.raises(RiskRefused):
            act()


def test_operator_sends_again_without_end_refused(in_herts: Unit) -> None:
    invitation = sent(make_invitation())
    Invitation.objects.filter(pk=invitation.pk).update(sends=MOST_SENDS)
    with pytest.raises(InvalidTransition):
        resend(invitation)


def test_operator_sends_again_the_same_link_under_a_reference_of_its_own(in_herts: Unit, audit_rows: AuditRows) -> None:
    invitation = sent(make_invitation(), SendReport(error=SenderError("notify_rejected", is_permanent=True)))
    token = token_for(invitation)

    resend(invitation)

    again = claim_delivery(now=LATER, invitation_id=invitation.id)
    assert again is not None
    assert (token in again.message.body, again.is_repeat) == (True, False)
    assert again.message.reference == f"herts.{invitation.id}.2"
    assert fresh(invitation).expires_at > invitation.expires_at
    assert audit_rows()[-1]["act"] == "invitation.resend"
    assert open_invitation(now=LATER, token=token).ticket.invitation_id == invitation.id


def test_failure_of_the_first_message_says_nothing_of_the_second(in_herts: Unit) -> None:
    invitation = sent(make_invitation())
    resend(invitation)
    sent(invitation, now=LATER)

    note_receipt(now=LATER, invitation_id=invitation.id, status="permanent-failure", sends=1)
    assert fresh(invitation).state == "sent"
    note_receipt(now=LATER, invitation_id=invitation.id, status="permanent-failure", sends=2)
    assert fresh(invitation).state == "failed"


@pytest.mark.parametrize(
    "to",
    [
        {},
        {"phone_number": "07700 900555", "email_address": "a@example.org"},
        {"phone_number": "01707 123456"},
        {"email_address": "nobody"},
    ],
)
def test_operator_sends_elsewhere_without_a_usable_address_refused(in_herts: Unit, to: dict[str, str]) -> None:
    invitation = sent(make_invitation())
    with pytest.raises(InvalidInput):
        redirect(invitation, **to)
    assert fresh(invitation).state == "sent"


@pytest.mark.parametrize("text", ["", "a", "a@b", "a b@example.org", "@example.org", f"{'x' * 250}@example.org"])
def test_text_that_is_no_address_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(EmailAddressInvalid) as refused:
        normalise_email_address(text)
    assert len(text) < 3 or text not in str(refused.value)


def test_operator_sends_by_email_where_there_is_no_template_refused(
    in_herts: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    invitation = sent(make_invitation())
    monkeypatch.setattr(settings, "SMS_SENDER", "notify")
    monkeypatch.setattr(settings, "NOTIFY_EMAIL_TEMPLATE_ID", "")
    with pytest.raises(EmailNotSetUp):
        redirect(invitation, email_address="a@example.org")


def test_operator_sends_to_another_number_and_the_first_link_is_void(in_herts: Unit, audit_rows: AuditRows) -> None:
    first = sent(make_invitation())

    second = redirect(first, phone_number="07700 900555")

    with pytest.raises(LinkWithdrawn):
        open_invitation(now=LATER, token=token_for(first))
    claimed = claim_delivery(now=LATER, invitation_id=second.id)
    assert claimed is not None
    assert (claimed.message.to, claimed.message.is_email) == ("+447700900555", False)
    assert shown(second)["phone_number_masked"].endswith("555")
    assert audit_rows()[-2]["act"] == "invitation.redirect"
    assert "900555" not in str(audit_rows())


def test_operator_sends_by_email_masked_and_erased_like_the_number(in_herts: Unit, audit_rows: AuditRows) -> None:
    from evidence.parts import registered_parts

    first = sent(make_invitation())
    second = redirect(first, email_address=" Jo.Bloggs@Example.ORG ")

    claimed = claim_delivery(now=LATER, invitation_id=second.id)
    assert claimed is not None
    assert (claimed.message.to, claimed.message.is_email) == ("Jo.Bloggs@example.org", True)
    assert claimed.message.subject == "Your link from Hertfordshire Constabulary"
    assert "Bloggs" not in repr(claimed)
    summary = shown(second)
    assert (summary["email_masked"], summary["invitation"]["channel"]) == ("J•••@example.org", "email")
    assert "Bloggs" not in str(summary) + str(audit_rows())

    part = next(part for part in registered_parts() if part.kind == "streams.livesession")
    part.erase(second.session_id, LATER)
    assert fresh(second).session.email_address == ""


def test_trouble_with_an_unknown_link_is_nobodys(in_herts: Unit) -> None:
    assert not note_link_trouble(now=NOW, token="x" * 32, code="link_in_use")
    invitation = make_invitation()
    assert not note_link_trouble(now=NOW, token=token_for(invitation), code="link_unknown")


@pytest.mark.parametrize(("old", "told"), [(False, "link_in_use"), (True, "old_link")])
def test_operator_is_told_once_why_a_link_could_not_be_opened(in_herts: Unit, old: bool, told: str) -> None:
    first = make_invitation()
    newest = redirect(sent(first), phone_number="07700 900555") if old else first
    broadcasts = len(in_herts.broadcasts)
    for _ in range(3):
        assert note_link_trouble(now=NOW, token=token_for(first), code="link_withdrawn" if old else "link_in_use")
    assert shown(newest)["invitation"]["trouble"]["code"] == told
    assert len(in_herts.broadcasts) == broadcasts + 1
    open_invitation(now=LATER, token=token_for(newest))
    assert shown(newest)["invitation"]["trouble"] is None


def test_page_of_a_link_in_use_tells_the_operator(in_herts: Unit, force_client: Any) -> None:
    caller = make_consented(now=clock.now())
    invitation = Invitation.objects.get(session=caller.session)

    page = force_client().get(f"/i/{token_for(invitation)}/")

    assert page.status_code == 409
    assert shown(invitation)["invitation"]["trouble"]["code"] == "link_in_use"
