"""A viewer of an agency watches no longer, by whoever's hand; and what a revoke wrote stays written."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from forces import clock
from forces.context import ForceRef, Unit
from forces.errors import NotFound, NotPermitted
from forces.messaging.interface import SendReport
from streams.models import AgencyMessage, AgencyShare
from streams.services import agencies, agency_leaving, agency_messages, agency_pages
from streams.services.agencies import AgencyShareUnknown
from streams.services.agency_standing import PLACE_KEPT, AgencyFull, AgencyNotVerified
from tests.factories.agencies import agency_watches, code_of, opened, share_out, verified, viewer_now
from tests.factories.media import make_live
from tests.factories.streams import NOW, AuditRows, person
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peers, read, until
from tests.streams.test_agency_viewers import enter
from tests.streams.test_consumers_agency import CUT_WITHIN_S, seen


@pytest.mark.usefixtures("clock_at_noon")
class TestDismissal:
    """The control room ends it for one of them."""

    @pytest.mark.parametrize("role", ["officer", "pcso", "auditor", "force_admin", ""])
    def test_role_without_the_right_dismisses_refused(self, in_herts: Unit, role: str) -> None:
        share = share_out()
        ticket = verified(share)

        with pytest.raises(NotPermitted):
            dismiss(share, ticket.viewer_id, actor=person(role))
        assert viewer_now(ticket).ended_at is None

    def test_viewer_of_another_share_or_nobody_is_not_found(self, in_herts: Unit) -> None:
        share, other = share_out(), share_out()
        ticket = verified(share)

        for viewer_id in (ticket.viewer_id, uuid4()):
            with pytest.raises(NotFound):
                dismiss(other, viewer_id)
        with pytest.raises(AgencyShareUnknown):
            dismiss(share, ticket.viewer_id, session_id=other.session_id)
        assert viewer_now(ticket).ended_at is None

    def test_operator_dismisses_one_and_the_others_watch_on(self, in_herts: Unit, audit_rows: AuditRows) -> None:
        stream = make_live()
        share = share_out(stream.session_id)
        ticket, other = verified(share), verified(share, "Sam Hill")
        watch_id = agency_watches(ticket, stream)
        agency_watches(other, stream)

        left = dismiss(share, ticket.viewer_id)

        assert len(left) == 1
        assert [watch.pk for watch in viewer_now(ticket).watches.filter(ended_at__isnull=False)] == [watch_id]
        assert viewer_now(other).watches.filter(ended_at__isnull=True).count() == 1
        with pytest.raises(AgencyNotVerified):
            agency_pages.hear_agency(now=NOW, ticket=ticket)
        agency_pages.hear_agency(now=NOW, ticket=other)
        (row,) = [row for row in audit_rows() if row["act"] == "agency.dismiss"]
        assert (row["actor_id"], row["detail"]["viewer_id"]) == ("operator-1", str(ticket.viewer_id))
        assert dismiss(share, ticket.viewer_id) == []
        told = [message for _, message in in_herts.broadcasts if message["type"] == "agency.viewer_ended"]
        assert [(one["viewer_id"], one["reason"]) for one in told] == [(str(ticket.viewer_id), "dismissed")]

    def test_whoever_waits_with_a_code_is_dismissed_as_well(self, in_herts: Unit) -> None:
        share = share_out()
        ticket = opened(share)

        dismiss(share, ticket.viewer_id)

        assert AgencyMessage.objects.count() == 1
        assert agency_messages.claim_message(now=NOW, message_id=AgencyMessage.objects.get().id) is None


def dismiss(share: AgencyShare, viewer_id: UUID, **changed: Any) -> Any:
    """End it for one viewer of a share."""
    about: dict[str, Any] = {"actor": person(), "now": NOW, "session_id": share.session_id, "share_id": share.id}
    return agency_leaving.dismiss_viewer(**{**about, "viewer_id": viewer_id, **changed})


@pytest.mark.usefixtures("clock_at_noon")
class TestPlaces:
    """A place that goes to another."""

    def test_viewer_whose_place_is_taken_stands_in_the_audit(self, in_herts: Unit, audit_rows: AuditRows) -> None:
        share = share_out(most_viewers=1)
        first, second = verified(share), opened(share, "Sam Hill")

        enter(second, code_of(second), after=PLACE_KEPT + timedelta(seconds=1))

        rows = [row for row in audit_rows() if row["act"] == "agency.displace"]
        assert [row["detail"]["viewer_id"] for row in rows] == [str(first.viewer_id)]
        assert rows[0]["actor_id"] == f"agency:{second.viewer_id}"

    def test_right_code_without_a_free_place_again_and_again_is_one_refusal(
        self, in_herts: Unit, audit_rows: AuditRows
    ) -> None:
        share = share_out(most_viewers=1)
        verified(share)
        second = opened(share, "Sam Hill")
        for _ in range(4):
            with pytest.raises(AgencyFull):
                enter(second, code_of(second))
            audit_rows()

        assert [row["code"] for row in audit_rows() if row["outcome"] == "refused"] == [AgencyFull.code]


@pytest.mark.usefixtures("clock_at_noon")
class TestMessages:
    """What the provider says after the end of sharing."""

    @pytest.mark.parametrize("report", [SendReport(provider_id="notify-1"), None])
    def test_message_that_a_revoke_gave_up_stays_so_whatever_the_provider_says(
        self, in_herts: Unit, report: SendReport | None
    ) -> None:
        share = share_out()
        opened(share)
        message = AgencyMessage.objects.get()
        assert agency_messages.claim_message(now=NOW, message_id=message.id) is not None
        agencies.revoke_agency(actor=person(), now=NOW, session_id=share.session_id, share_id=share.id)

        if report is not None:
            agency_messages.note_message(now=NOW, message_id=message.id, report=report)
        for status in ("permanent-failure", "delivered"):
            agency_messages.note_message_receipt(now=NOW, message_id=message.id, status=status)

        message.refresh_from_db()
        assert (message.state, message.failure_reason) == (AgencyMessage.State.FAILED, AgencyMessage.SHARE_OVER)
        assert message.delivered_at == NOW
        assert message.next_attempt_at is None


async def test_operator_dismisses_one_and_the_picture_is_gone_within_two_seconds(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, share, ticket, page = await seen(peers, herts, gateway)
    other = await peers.agency(
        herts, await read(herts, lambda: verified(AgencyShare.objects.get(pk=share.pk), "Sam Hill", now=clock.now()))
    )
    console = await peers.console(herts)
    begun = time.monotonic()

    await console.send(
        "agency.dismiss", session_id=session_id, agency_id=str(share.id), viewer_id=str(ticket.viewer_id)
    )

    assert (await page.expect("agency.viewer_ended"))["reason"] == "dismissed"
    assert await page.close_code() == 4410
    await until(lambda: gateway.viewers == [])
    assert time.monotonic() - begun < CUT_WITHIN_S
    await other.round_trip()
    late = await peers.agency(herts, ticket, is_read=False)
    assert await late.close_code() == 4401
