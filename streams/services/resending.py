"""When a link does not work: the same one again, to another number or by e-mail, and what went wrong with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.dispatch import enqueue_on_commit
from forces.errors import DomainError, InvalidInput, InvalidTransition
from forces.messaging.addresses import normalise_email_address
from forces.messaging.numbers import normalise_mobile_number
from forces.messaging.senders import may_email
from streams.broadcasts import broadcast_session_on_commit
from streams.models import Invitation
from streams.services.invitations import send_invitation
from streams.services.links import hash_of, link_expiry
from streams.services.locks import lock_open_session, lock_session
from streams.services.risk import check_risk

MOST_SENDS = 10
TOLD = frozenset({"link_in_use", "link_withdrawn", "link_expired"})
OLD_LINK = "old_link"


class EmailNotSetUp(DomainError):
    """This deployment has no template for e-mails (HTTP 409)."""

    code = "email_not_set_up"
    http_status = 409
    message = "E-mail is not set up here. Use another number, or read out the code."


def resend_invitation(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """Send the message with the same link once more, to the same address; the link gets its whole time again.

    Raises `NotPermitted`, `NotFound`, `SessionOver`, `RiskUnanswered`, `RiskRefused`, or `InvalidTransition` while a
    message is on its way, once the link was opened, and after ten messages.
    """
    require(actor, Permission.LINK_SEND)
    session = lock_open_session(session_id)
    check_risk(session)
    invitation = session.invitations.filter(state__in=Invitation.UNOPENED).first()
    if invitation is None or invitation.sends >= MOST_SENDS:
        raise InvalidTransition("There is no link to send again: send a new one.")
    invitation.send_again(now, expires_at=link_expiry(now))
    invitation.save()
    _record(actor, "invitation.resend", invitation)
    enqueue_on_commit("streams.tasks.deliver_invitation", {"invitation_id": str(invitation.id)})
    broadcast_session_on_commit(session.id)


def redirect_invitation(
    *, actor: Actor, now: datetime, session_id: UUID, phone_number: str = "", email_address: str = ""
) -> UUID:
    """Send a new link to another number, or by e-mail; the one before is withdrawn. Returns the new invitation's id.

    Raises the errors of `send_invitation`, `InvalidInput` (also without, or with both), the errors of
    `normalise_mobile_number` and `normalise_email_address`, and `EmailNotSetUp`.
    """
    require(actor, Permission.LINK_SEND)
    session = lock_open_session(session_id)
    if bool(phone_number) == bool(email_address):
        raise InvalidInput("Give another number or an e-mail address.", details={"field": "phone_number"})
    if email_address:
        if not may_email():
            raise EmailNotSetUp
        session.email_address, channel = normalise_email_address(email_address), Invitation.Channel.EMAIL
    else:
        session.phone_number, channel = normalise_mobile_number(phone_number), Invitation.Channel.SMS
    session.save(update_fields=["phone_number", "email_address"])
    return send_invitation(actor=actor, now=now, session_id=session_id, channel=channel, act="invitation.redirect")


def note_link_trouble(*, now: datetime, token: str, code: str) -> bool:
    """Keep why somebody could not open a link, for the operator to act on; returns whether there was one to note it at.

    Whoever opens an older link of a session is told of the newest.
    """
    tried = Invitation.objects.filter(token_hash=hash_of(token)).first()
    if tried is None or code not in TOLD:
        return False
    session = lock_session(tried.session_id)
    newest = session.invitations.filter(state__in=Invitation.USABLE).first()
    if session.is_over or newest is None:
        return False
    what = code if newest.id == tried.id else OLD_LINK
    if newest.trouble != what:
        newest.note_trouble(now, what)
        newest.save(update_fields=["trouble", "trouble_at"])
        broadcast_session_on_commit(session.id)
    return True


def _record(actor: Actor, act: str, invitation: Invitation) -> None:
    record(
        actor=actor,
        act=act,
        operation=Operation.DISCLOSURE,
        object_type="invitation",
        object_id=invitation.id,
        session_id=invitation.session_id,
        detail={"channel": str(invitation.channel), "sends": invitation.sends},
    )
