"""Let another browser take the link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forces.context import Unit
from forces.errors import InvalidTransition, NotPermitted
from streams.models import Invitation, Stream
from streams.services.consent import admit_caller
from streams.services.invitations import open_invitation, rearm_invitation
from streams.services.link_standing import LinkExpired, LinkInUse, LinkNotOpened
from tests.factories.streams import (
    NOW,
    consent,
    make_consented,
    make_invitation,
    make_opened,
    make_session,
    person,
    token_for,
)

LATER = NOW + timedelta(minutes=10)


@pytest.mark.parametrize("role", ["officer", "auditor"])
def test_other_role_rearms_link_refused(in_herts: Unit, role: str) -> None:
    caller = make_consented()

    with pytest.raises(NotPermitted):
        rearm_invitation(actor=person(role), now=LATER, session_id=caller.session.id)


def test_operator_rearms_without_link_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidTransition):
        rearm_invitation(actor=person(), now=NOW, session_id=make_session().id)


def test_operator_rearms_link_nobody_opened_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidTransition):
        rearm_invitation(actor=person(), now=NOW, session_id=make_invitation().session_id)


def test_operator_rearms_link_another_browser_takes_it_and_first_is_out(in_herts: Unit) -> None:
    first = make_consented()
    invitation = Invitation.objects.get(pk=first.ticket.invitation_id)
    stream = Stream.objects.create(session=first.session, admitted_at=NOW)

    rearm_invitation(actor=person(), now=LATER, session_id=first.session.id)
    second = make_opened(invitation, now=LATER)
    consent(second, now=LATER)

    with pytest.raises(LinkInUse):
        admit_caller(now=LATER, ticket=first.ticket)
    assert admit_caller(now=LATER, ticket=second.ticket).scopes == ("location", "recording", "video")
    stream.refresh_from_db()
    assert (stream.state, stream.end_reason) == ("ended", "replaced")


def test_rearmed_link_expires_unopened_again(in_herts: Unit) -> None:
    caller = make_consented()
    invitation = Invitation.objects.get(pk=caller.ticket.invitation_id)
    rearm_invitation(actor=person(), now=LATER, session_id=caller.session.id)

    with pytest.raises(LinkExpired):
        open_invitation(now=LATER + timedelta(minutes=60), token=token_for(invitation))


def test_first_browser_of_rearmed_link_stays_out_before_another_consents(in_herts: Unit) -> None:
    first = make_consented()
    invitation = Invitation.objects.get(pk=first.ticket.invitation_id)
    rearm_invitation(actor=person(), now=LATER, session_id=first.session.id)
    second = make_opened(invitation, now=LATER)

    with pytest.raises(LinkNotOpened):
        admit_caller(now=LATER, ticket=first.ticket)
    assert admit_caller(now=LATER, ticket=second.ticket).scopes == ()
