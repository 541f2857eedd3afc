"""What an agency's page is shown is no more than stands: no picture called live that is none, no place taken back."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from forces.context import ForceRef, Unit
from streams.agency_shapes import agency_view
from streams.models import AgencyShare
from streams.selectors import find_session, session_summary
from streams.services import agency_pages, ladder, positions, progress
from streams.services.agency_pages import MOST_LOOKS, TooManyLooks
from streams.services.agency_standing import PLACE_KEPT, AgencyNotVerified
from streams.services.positions import NewFix
from tests.factories.agencies import opened, share_out, verified
from tests.factories.media import make_live
from tests.factories.officers import make_officer_live
from tests.factories.streams import NOW, AuditRows, Caller, consent, make_consented
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peers
from tests.streams.test_consumers_agency import CUT_WITHIN_S, seen
from tests.streams.test_consumers_caller import CONSENT, fix

LATER = NOW + timedelta(seconds=20)


def shown(unit: Unit, share: AgencyShare) -> dict[str, Any]:
    """Return what the agency's page is shown of the session now."""
    return agency_view(share, session_summary(find_session(share.session_id)), unit.force)


def moves(caller: Caller, *, now: Any = NOW) -> None:
    """Let the caller's phone say where it is."""
    taken = NewFix(latitude=51.8, longitude=-0.08, accuracy_m=9, fixed_at=now)
    positions.add_fix(actor=caller.actor, now=now, session_id=caller.session.id, fix=taken)


def disclosed(rows: list[dict[str, Any]]) -> list[str]:
    """Return what pages of agencies were shown, in order."""
    return [row["detail"]["what"] for row in rows if row["act"] == "agency.view" and row["outcome"] == "done"]


@pytest.mark.usefixtures("clock_at_noon")
class TestPicture:
    """What says that a picture is no live one."""

    def test_page_is_told_nothing_else_of_the_phones_page(self, in_herts: Unit) -> None:
        caller = make_consented()
        share = share_out(make_live(caller).session_id)
        about: dict[str, Any] = {"actor": caller.actor, "now": NOW, "session_id": caller.session.id}
        for step in ("choosing", "page_left"):
            progress.note_progress(**about, step=step, reason="denied")
            assert shown(in_herts, share)["progress"] is None

    @pytest.mark.parametrize("step", ["camera_muted", "page_hidden"])
    def test_page_is_told_that_the_phone_paused_its_camera(self, in_herts: Unit, step: str) -> None:
        caller = make_consented()
        share = share_out(make_live(caller).session_id)

        progress.note_progress(actor=caller.actor, now=NOW, session_id=caller.session.id, step=step, reason="a call")

        told = shown(in_herts, share)["progress"]
        assert (told["step"], told["reason"]) == (step, None)

    def test_page_is_told_that_only_stills_arrive(self, in_herts: Unit) -> None:
        caller = make_consented()
        share = share_out(make_live(caller).session_id)
        assert shown(in_herts, share)["rung"] is None

        about: dict[str, Any] = {"actor": caller.actor, "now": NOW, "session_id": caller.session.id}
        ladder.note_rung(**about, rung="stills", reason="very_slow_uplink")

        assert shown(in_herts, share)["rung"]["rung"] == "stills"


@pytest.mark.usefixtures("clock_at_noon")
class TestPosition:
    """Whether a position may stand on the page, and the audit of the first."""

    def test_caller_takes_the_position_back_and_no_page_may_show_one(self, in_herts: Unit) -> None:
        caller = make_consented()
        share = share_out(make_live(caller).session_id)
        moves(caller)
        assert shown(in_herts, share)["shows_position"] is True

        consent(caller, now=LATER, scopes=("video", "recording"))

        assert shown(in_herts, share)["shows_position"] is False
        assert agency_pages.show_agency(now=LATER, ticket=verified(share))["position"] is None

    def test_officers_position_is_shown_by_order(self, in_herts: Unit) -> None:
        share = share_out(make_live(make_officer_live()).session_id)

        assert shown(in_herts, share)["shows_position"] is True

    def test_first_position_of_an_open_page_is_a_disclosure_and_the_next_is_not_another(
        self, in_herts: Unit, audit_rows: AuditRows
    ) -> None:
        caller = make_consented()
        share = share_out(make_live(caller).session_id)
        opened(share, "Sam Hill")
        agency_pages.show_agency(now=NOW, ticket=verified(share))
        assert disclosed(audit_rows()) == ["reference"]

        for _ in range(3):
            moves(caller)

        assert disclosed(audit_rows()) == ["reference", "position"]

    def test_position_that_is_agreed_to_anew_is_another_disclosure(self, in_herts: Unit, audit_rows: AuditRows) -> None:
        caller = make_consented()
        share = share_out(make_live(caller).session_id)
        agency_pages.show_agency(now=NOW, ticket=verified(share))
        moves(caller)
        consent(caller, now=LATER, scopes=("video", "recording"))
        consent(caller, now=LATER)

        moves(caller, now=LATER)
        moves(caller, now=LATER)

        assert disclosed(audit_rows()) == ["reference", "position", "position"]

    def test_page_that_is_gone_was_shown_no_position(self, in_herts: Unit, audit_rows: AuditRows) -> None:
        caller = make_consented()
        share = share_out(make_live(caller).session_id)
        verified(share)

        moves(caller, now=NOW + PLACE_KEPT)

        assert disclosed(audit_rows()) == []


@pytest.mark.usefixtures("clock_at_noon")
class TestRepeats:
    """Whoever has a cookie can ask for ever, and does not fill the audit by it."""

    def test_viewer_without_a_code_asks_again_and_again_and_is_refused_in_one_row(
        self, in_herts: Unit, audit_rows: AuditRows
    ) -> None:
        ticket = opened(share_out())
        for _ in range(5):
            with pytest.raises(AgencyNotVerified):
                agency_pages.show_agency(now=NOW, ticket=ticket)
            audit_rows()

        assert [row["code"] for row in audit_rows() if row["act"] == "agency.view"] == [AgencyNotVerified.code]

    def test_page_that_asks_for_the_same_anew_was_shown_it_once(self, in_herts: Unit, audit_rows: AuditRows) -> None:
        caller = make_consented()
        ticket = verified(share_out(make_live(caller).session_id))
        for _ in range(5):
            agency_pages.show_agency(now=NOW, ticket=ticket)
            assert disclosed(audit_rows()) == ["reference"]

        moves(caller)
        assert disclosed(audit_rows()) == ["reference", "position"]
        agency_pages.show_agency(now=NOW, ticket=ticket)

        assert disclosed(audit_rows()) == ["reference", "position"]

    def test_page_that_watches_again_and_again_refused_and_another_viewer_is_not(
        self, in_herts: Unit, audit_rows: AuditRows
    ) -> None:
        stream = make_live()
        share = share_out(stream.session_id)
        ticket, other = verified(share), verified(share, "Sam Hill")
        about: dict[str, Any] = {"now": NOW, "stream_id": stream.id, "request_id": ""}
        for _ in range(MOST_LOOKS):
            agency_pages.admit_page(ticket=ticket, **about)
            audit_rows()

        for _ in range(3):
            with pytest.raises(TooManyLooks):
                agency_pages.admit_page(ticket=ticket, **about)
            audit_rows()
        agency_pages.admit_page(ticket=other, **about)
        rows = [row["outcome"] for row in audit_rows() if row["act"] == "agency.watch"]
        assert rows == ["done"] * MOST_LOOKS + ["refused", "done"]


async def test_caller_takes_the_position_back_and_open_pages_hear_it_within_two_seconds(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, _, share, _, page = await seen(peers, herts, gateway)
    await caller.send("position.fix", **fix())
    await page.expect("agency.position")
    begun = time.monotonic()

    await caller.send("consent.give", **{**CONSENT, "scopes": ["video", "recording"]})

    told = await page.expect("agency.changed", lambda frame: not frame["shared"]["shows_position"])
    assert time.monotonic() - begun < CUT_WITHIN_S
    assert told["shared"]["stream"]["state"] == "live"
    assert await caller.refused("position.fix", **fix()) == "consent_missing"
    await page.send("agency.snapshot")
    assert (await page.expect("agency.snapshot"))["position"] is None
    assert UUID(told["shared"]["id"]) == share.id
