"""The way of a link's message: once per invitation, whatever is lost in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from forces import clock
from forces.context import ForceRef, Unit, in_force
from forces.messaging.interface import SenderError, SendReport
from streams.models import Invitation, MessageTemplate
from streams.services import delivery
from streams.services.delivery import (
    LEASE,
    MAX_ATTEMPTS,
    claim_delivery,
    enqueue_due_deliveries,
    note_delivery,
    note_receipt,
)
from streams.services.invitations import open_invitation
from streams.services.links import link_of
from streams.services.sessions import end_session
from streams.tasks import deliver_invitation
from tests.factories.streams import (
    NOW,
    AuditRows,
    make_invitation,
    make_session,
    person,
    session_now,
    token_for,
)
from tests.fakes.notify import API_KEY, TEMPLATE_ID, FakeNotify, running_notify

TRANSIENT = SendReport(error=SenderError("notify_unavailable", is_permanent=False))
PERMANENT = SendReport(error=SenderError("notify_rejected", is_permanent=True))
SENT = SendReport(provider_id="p-1")


def fresh(invitation: Invitation) -> Invitation:
    return Invitation.objects.get(pk=invitation.pk)


def try_once(invitation: Invitation, report: SendReport, *, now: datetime = NOW) -> Invitation:
    assert claim_delivery(now=now, invitation_id=invitation.id) is not None
    note_delivery(now=now, invitation_id=invitation.id, report=report)
    return fresh(invitation)


def test_worker_claims_unknown_message_gets_nothing(in_herts: Unit) -> None:
    assert claim_delivery(now=NOW, invitation_id=uuid4()) is None


def test_second_worker_claims_message_gets_nothing_until_the_lease_is_over(in_herts: Unit) -> None:
    invitation = make_invitation()
    first = claim_delivery(now=NOW, invitation_id=invitation.id)

    assert first is not None
    assert first.is_repeat is False
    assert claim_delivery(now=NOW + LEASE / 2, invitation_id=invitation.id) is None
    again = claim_delivery(now=NOW + LEASE, invitation_id=invitation.id)
    assert again is not None
    assert again.is_repeat is True


def test_worker_claims_message_of_ended_session_gets_nothing(in_herts: Unit) -> None:
    invitation = make_invitation()
    end_session(actor=person(), now=NOW, session_id=invitation.session_id, reason="x")

    assert claim_delivery(now=NOW, invitation_id=invitation.id) is None


def test_worker_claims_expired_message_gets_nothing_and_it_is_due_no_more(in_herts: Unit) -> None:
    invitation = make_invitation()

    assert claim_delivery(now=NOW + timedelta(hours=1), invitation_id=invitation.id) is None
    assert enqueue_due_deliveries(now=NOW + timedelta(hours=1)) == 0


def test_worker_claims_message_gets_template_filled(in_herts: Unit) -> None:
    body = "{force} ({reference}) {link} {nonsense}"
    MessageTemplate.objects.filter(link_kind="location_video", safe_mode=False).update(body=body)
    invitation = make_invitation()

    claimed = claim_delivery(now=NOW, invitation_id=invitation.id)

    assert claimed is not None
    link = link_of("herts", token_for(invitation))
    reference = session_now(invitation.session_id).incident.reference
    assert claimed.message.body == f"Hertfordshire Constabulary ({reference}) {link} {{nonsense}}"
    assert (claimed.message.to, claimed.message.reference) == ("+447700900123", f"herts.{invitation.id}")


def test_language_without_template_is_sent_in_english(in_herts: Unit) -> None:
    MessageTemplate.objects.filter(language="cy", safe_mode=False).update(body="{link} Heddlu")
    welsh = make_invitation(make_session(language="cy"))
    polish = make_invitation(make_session(language="pl"))

    bodies = []
    for invitation in (welsh, polish):
        claimed = claim_delivery(now=NOW, invitation_id=invitation.id)
        assert claimed is not None
        bodies.append(claimed.message.body)

    assert "Heddlu" in bodies[0]
    assert "as agreed on the phone" in bodies[1]


def test_message_refused_for_good_is_failed_with_reason(in_herts: Unit) -> None:
    failed = try_once(make_invitation(), PERMANENT)

    assert (failed.state, failed.failure_reason, failed.next_attempt_at) == ("failed", "notify_rejected", None)
    assert in_herts.broadcasts[-1][1]["session"]["invitation"]["failure_reason"] == "notify_rejected"


def test_message_refused_for_now_is_tried_again_with_growing_waits_then_failed(in_herts: Unit) -> None:
    invitation, now, waits = make_invitation(), NOW, []
    for _ in range(MAX_ATTEMPTS - 1):
        tried = try_once(invitation, TRANSIENT, now=now)
        assert tried.state == "queued"
        assert tried.next_attempt_at is not None
        waits.append((tried.next_attempt_at - now).total_seconds())
        now = tried.next_attempt_at

    failed = try_once(invitation, TRANSIENT, now=now)

    assert waits == [5, 10, 20, 40, 80]
    assert (failed.state, failed.failure_reason) == ("failed", "notify_unavailable")


def test_message_sent_is_sent_once_and_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    sent = try_once(make_invitation(), SENT)

    assert (sent.state, sent.sent_at, sent.provider_reference) == ("sent", NOW, "p-1")
    assert claim_delivery(now=NOW + timedelta(minutes=5), invitation_id=sent.id) is None
    assert audit_rows()[-1]["detail"] == {"state": "sent", "attempts": 1, "reason": ""}


def test_link_opened_before_outcome_is_written_stays_opened(in_herts: Unit) -> None:
    invitation = make_invitation()
    claim_delivery(now=NOW, invitation_id=invitation.id)
    open_invitation(now=NOW, token=token_for(invitation))

    for report in (SENT, TRANSIENT, PERMANENT):
        note_delivery(now=NOW, invitation_id=invitation.id, report=report)

        assert fresh(invitation).state == "opened"
    assert enqueue_due_deliveries(now=NOW + timedelta(minutes=30)) == 0
    assert fresh(invitation).next_attempt_at is None


def test_sweep_sends_task_again_for_what_is_due(in_herts: Unit) -> None:
    make_invitation()
    queued = len(in_herts.after_commit)

    assert enqueue_due_deliveries(now=NOW - timedelta(seconds=1)) == 0
    assert enqueue_due_deliveries(now=NOW) == 1
    assert len(in_herts.after_commit) == queued + 1


def test_receipt_of_unknown_message_changes_nothing(in_herts: Unit, audit_rows: AuditRows) -> None:
    note_receipt(now=NOW, invitation_id=uuid4(), status="delivered")

    assert audit_rows() == []


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["delivered"], "delivered"),
        (["delivered", "delivered"], "delivered"),
        (["permanent-failure"], "failed"),
        (["temporary-failure", "delivered"], "delivered"),
        (["delivered", "temporary-failure"], "delivered"),
        (["pending", "no-such-word"], "sent"),
    ],
)
def test_receipts_in_any_order_tell_the_truth(in_herts: Unit, statuses: list[str], state: str) -> None:
    invitation = try_once(make_invitation(), SENT)

    for status in statuses:
        note_receipt(now=NOW, invitation_id=invitation.id, status=status)

    assert fresh(invitation).state == state


def test_receipt_twice_is_audited_once(in_herts: Unit, audit_rows: AuditRows) -> None:
    invitation = try_once(make_invitation(), SENT)
    for _ in range(2):
        note_receipt(now=NOW, invitation_id=invitation.id, status="delivered")

    assert [row["act"] for row in audit_rows()].count("invitation.receipt") == 1


def test_receipt_before_outcome_is_kept(in_herts: Unit) -> None:
    invitation = make_invitation()
    claim_delivery(now=NOW, invitation_id=invitation.id)
    note_receipt(now=NOW, invitation_id=invitation.id, status="delivered")

    note_delivery(now=NOW, invitation_id=invitation.id, report=SENT)

    assert (fresh(invitation).state, fresh(invitation).provider_reference) == ("delivered", "p-1")


def test_receipt_after_opening_keeps_it_opened(in_herts: Unit) -> None:
    invitation = try_once(make_invitation(), SENT)
    open_invitation(now=NOW, token=token_for(invitation))

    for status in ("permanent-failure", "delivered"):
        note_receipt(now=NOW, invitation_id=invitation.id, status=status)

    assert (fresh(invitation).state, fresh(invitation).delivered_at) == ("opened", NOW)


@pytest.fixture
def notify(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeNotify]:
    """Serve a fake Notify and make it the deployment's sender."""
    from django.conf import settings

    with running_notify() as fake:
        values = {
            "SMS_SENDER": "notify",
            "NOTIFY_URL": fake.url,
            "NOTIFY_API_KEY": API_KEY,
            "NOTIFY_TEMPLATE_ID": TEMPLATE_ID,
        }
        for name, value in values.items():
            monkeypatch.setattr(settings, name, value)
        yield fake


def run_task(invitation_id: UUID) -> None:
    kwargs = {"force": "herts", "invitation_id": str(invitation_id)}
    deliver_invitation.apply(kwargs=kwargs, headers={"force": "herts"}, throw=True)


def queue_one(force: ForceRef) -> UUID:
    return in_force(force, lambda: make_invitation(now=clock.now()).id)


def state_of(force: ForceRef, invitation_id: UUID) -> str:
    return in_force(force, lambda: Invitation.objects.get(pk=invitation_id).state)


def test_task_run_three_times_sends_one_message(copy_db: str, herts: ForceRef, notify: FakeNotify) -> None:
    invitation_id = queue_one(herts)

    for _ in range(3):
        run_task(invitation_id)

    assert len(notify.sent) == 1
    assert notify.sent[0]["phone_number"] == "+447700900123"
    assert "/i/" in notify.texts()[0]
    assert state_of(herts, invitation_id) == "sent"


def test_worker_killed_after_sending_does_not_send_again(
    copy_db: str, herts: ForceRef, notify: FakeNotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation_id = queue_one(herts)

    def die(**kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(delivery, "note_delivery", die)
        with pytest.raises(SystemExit):
            run_task(invitation_id)
    assert state_of(herts, invitation_id) == "sending"
    run_task(invitation_id)
    assert state_of(herts, invitation_id) == "sending"

    later = clock.now() + LEASE
    monkeypatch.setattr(clock, "now", lambda: later)
    run_task(invitation_id)

    assert state_of(herts, invitation_id) == "sent"
    assert len(notify.sent) == 1
