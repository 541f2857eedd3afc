"""Leaving by "Exit this page": whoever comes after has no way in by the browser, and the caller has one by the link."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from forces import clock
from forces.audit.models import AuditEntry
from forces.context import ForceRef, Unit, ain_force, in_force
from forces.errors import DomainError
from streams import signalling
from streams.models import Consent, Stream
from streams.selectors import CALLER_COOKIE, LEFT_COOKIE, read_caller_cookie, write_caller_cookie
from streams.services import caller_page
from streams.services.consent import admit_caller
from streams.services.invitations import open_invitation
from streams.services.ladder import note_rung
from streams.services.leaving import leave_page
from streams.services.link_standing import LinkNotOpened
from streams.services.locks import lock_session
from streams.services.progress import note_lost, note_progress
from streams.services.sessions import end_session
from streams.signalling import presence
from streams.signalling.upkeep import Upkeep
from tests.factories.media import make_live
from tests.factories.pictures import picture
from tests.factories.streams import Caller, make_consented, make_invitation, make_opened, person, session_now, token_for
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peers, make, read, until_rows

MakeClient = Callable[..., Client]
HERTS = "http://herts.localhost"


@pytest.fixture
def caller(live_db: str, herts: ForceRef) -> Caller:
    """Return a caller who agreed to everything."""
    return in_force(herts, make_consented, now=clock.now())


def browser_of(caller: Caller, force_client: MakeClient, **options: Any) -> Client:
    client = force_client(**options)
    client.cookies[CALLER_COOKIE] = write_caller_cookie(caller.ticket)
    return client


def stands(force: ForceRef, caller: Caller) -> bool:
    """Whether the ticket lets in."""

    def admitted() -> bool:
        try:
            admit_caller(now=clock.now(), ticket=caller.ticket)
        except DomainError:
            return False
        return True

    return in_force(force, admitted)


def leavings(force: ForceRef) -> int:
    return in_force(force, lambda: AuditEntry.objects.filter(act="caller.leave").count())


def test_stranger_without_a_ticket_leaves_refused(live_db: str, force_client: MakeClient) -> None:
    assert force_client().post("/live/leave/").status_code == 409


def test_other_site_makes_a_caller_leave_refused(caller: Caller, herts: ForceRef, force_client: MakeClient) -> None:
    browser = browser_of(caller, force_client, enforce_csrf_checks=True)

    assert browser.post("/live/leave/").status_code == 403
    token = browser.get("/live/").cookies[settings.CSRF_COOKIE_NAME].value
    given = {"csrfmiddlewaretoken": token}
    assert browser.post("/live/leave/", given, headers={"Origin": "https://evil.example"}).status_code == 403
    assert stands(herts, caller)
    assert browser.post("/live/leave/", given, headers={"Origin": HERTS}).status_code == 204
    assert not stands(herts, caller)


def test_ticket_of_another_force_leaves_nothing(
    caller: Caller, herts: ForceRef, beds: ForceRef, force_client: MakeClient
) -> None:
    foreign = in_force(beds, make_consented, now=clock.now())
    before = (leavings(herts), leavings(beds))

    browser_of(foreign, force_client).post("/live/leave/")

    assert stands(herts, caller)
    assert stands(beds, foreign)
    assert (leavings(herts), leavings(beds)) == before


@pytest.mark.parametrize("how", ["other browser", "over", "twice"])
def test_ticket_without_power_leaves_nothing(in_herts: Unit, how: str) -> None:
    caller = make_consented()
    ticket, now = caller.ticket, clock.now()
    if how == "other browser":
        ticket = type(ticket)(ticket.invitation_id, ticket.session_id, "another browser")
    elif how == "over":
        end_session(actor=person(), now=now, session_id=ticket.session_id, reason="operator")
    else:
        leave_page(now=now, ticket=ticket)
    before = len(in_herts.broadcasts)

    assert leave_page(now=now, ticket=ticket) == []

    assert len(in_herts.broadcasts) == before


def test_browser_that_was_left_gets_in_by_no_door_and_no_history(
    caller: Caller, herts: ForceRef, force_client: MakeClient
) -> None:
    browser = browser_of(caller, force_client)
    assert browser.get("/live/").status_code == 200
    browser.post("/live/leave/")

    assert browser.get("/live/").status_code == 409
    body = picture()
    headers = {"X-Still-Hash": hashlib.sha256(body).hexdigest()}
    sent = browser.post("/live/stills/?purpose=own&taken_at=1", body, content_type="image/jpeg", headers=headers)
    assert (sent.status_code, sent.json()["code"]) == (409, "link_not_opened")


@pytest.mark.parametrize("path", ["/live/", "/live/receipt/"])
def test_browser_that_could_not_say_that_it_was_left_shows_nothing(
    caller: Caller, force_client: MakeClient, path: str
) -> None:
    browser = browser_of(caller, force_client)
    assert browser.get(path).status_code == 200
    browser.cookies[LEFT_COOKIE] = "1"

    refused = browser.get(path)

    assert refused.status_code == 403
    said = refused.content.decode()
    assert not [word for word in ("police", "Hertfordshire", "Sightline", "control room") if word in said]
    assert browser.post("/live/uploads/", headers={"Tus-Resumable": "1.0.0"}).status_code == 409


def test_control_room_sees_who_left_and_keeps_the_session(in_herts: Unit) -> None:
    caller = make_consented()
    stream = make_live(caller)
    note_rung(actor=caller.actor, now=clock.now(), session_id=caller.session.id, rung="stills", reason="line")

    left = leave_page(now=clock.now(), ticket=caller.ticket)

    session = session_now(caller.session.id)
    assert (session.is_over, session.progress_step) == (False, "page_left")
    ended = Stream.objects.get(pk=stream.id)
    assert (ended.state, ended.end_reason) == ("ended", "page_left")
    assert [place.id for place in left] == [stream.id]
    assert Consent.objects.get(session=session).is_standing
    alarms = [message["code"] for _, message in in_herts.broadcasts if message["type"] == "alarm.raised"]
    assert alarms == ["page_left"]


def test_caller_who_left_gets_back_in_by_the_link_and_nobody_else_does(
    live_db: str, herts: ForceRef, force_client: MakeClient
) -> None:
    invitation = in_force(herts, lambda: make_invitation(now=clock.now()))
    address = in_force(herts, lambda: f"/i/{token_for(invitation)}/")
    caller = in_force(herts, lambda: make_consented(make_opened(invitation, now=clock.now()), now=clock.now()))
    browser = browser_of(caller, force_client)
    browser.post("/live/leave/")
    browser.cookies[LEFT_COOKIE] = "1"

    assert force_client().post(f"{address}open/").status_code == 409
    opened = browser.post(f"{address}open/")

    assert (opened.status_code, opened.cookies[LEFT_COOKIE].value) == (303, "")
    ticket = read_caller_cookie(opened.cookies[CALLER_COOKIE].value)
    assert ticket is not None
    assert ticket.browser_secret == caller.ticket.browser_secret
    assert browser.get("/live/").status_code == 200


async def test_caller_who_exits_in_one_window_stops_sharing_in_all(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    caller = await make(herts)
    leaving, other = await peers.caller(herts, caller.ticket), await peers.caller(herts, caller.ticket)
    console = await peers.console(herts)

    await leaving.send("progress.report", step="page_left")

    alarm = await console.expect("alarm.raised")
    assert (alarm["code"], alarm["session_id"]) == ("page_left", str(caller.session.id))
    place = {"latitude": 51.8, "longitude": -0.08, "accuracy_m": 9, "fixed_at": int(clock.now().timestamp() * 1000)}
    assert await other.refused("position.fix", **place) == "link_not_opened"
    await other.send("heartbeat.ping", sent_at=1)
    assert await other.close_code() == 4401
    assert await read(herts, lambda: session_now(caller.session.id).positions.count()) == 0
    await until_rows(herts, lambda: session_now(caller.session.id).progress_step == "page_left")


@pytest.mark.parametrize("step", ["page_hidden", "connected"])
def test_page_that_was_left_reports_too_late_and_the_control_room_still_sees_who_left(
    in_herts: Unit, step: str
) -> None:
    caller = make_consented()
    leave_page(now=clock.now(), ticket=caller.ticket)
    in_herts.broadcasts.clear()

    note_progress(actor=caller.actor, now=clock.now(), session_id=caller.session.id, step=step)

    assert session_now(caller.session.id).progress_step == "page_left"
    assert in_herts.broadcasts == []


async def test_caller_who_exits_while_another_window_opens_stays_gone(
    live_db: str, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = await make(herts)
    hear = presence.hear_caller

    async def hear_and_leave(force: ForceRef, session_id: object) -> None:
        await hear(force, session_id)
        await ain_force(force, leave_page, now=clock.now(), ticket=caller.ticket)

    monkeypatch.setattr(presence, "hear_caller", hear_and_leave)

    with pytest.raises(LinkNotOpened):
        await signalling.open_page(signalling.Caller(herts, caller.ticket, ""))

    assert (await read(herts, lambda: session_now(caller.session.id))).progress_step == "page_left"


def test_caller_who_exits_first_when_both_wait_for_the_session_stays_gone(
    caller: Caller, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave_and_lock(session_id: UUID) -> Any:
        with ThreadPoolExecutor(1) as other:
            other.submit(in_force, herts, leave_page, now=clock.now(), ticket=caller.ticket).result()
        return lock_session(session_id)

    monkeypatch.setattr(caller_page, "lock_session", leave_and_lock)

    with pytest.raises(LinkNotOpened):
        in_force(herts, caller_page.note_caller_back, now=clock.now(), ticket=caller.ticket, request_id="")

    assert in_force(herts, lambda: session_now(caller.session.id)).progress_step == "page_left"


async def test_lost_caller_who_is_heard_and_exits_at_once_stays_gone(
    live_db: str, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = await make(herts)
    given: dict[str, Any] = {"now": clock.now(), "session_id": caller.session.id}
    await ain_force(herts, note_progress, actor=caller.actor, step="consent_shown", **given)
    await ain_force(herts, note_lost, **given)

    async def leave_and_be_heard(*_: object) -> set[object]:
        await ain_force(herts, leave_page, now=clock.now(), ticket=caller.ticket)
        return set()

    monkeypatch.setattr(presence, "unheard", leave_and_be_heard)

    await Upkeep(herts).notice_callers()

    assert (await read(herts, lambda: session_now(caller.session.id))).progress_step == "page_left"


async def test_caller_who_left_and_comes_back_by_the_link_is_shown_as_connected(live_db: str, herts: ForceRef) -> None:
    def make_and_leave() -> Caller:
        invitation = make_invitation(now=clock.now())
        caller = make_consented(make_opened(invitation, now=clock.now()), now=clock.now())
        leave_page(now=clock.now(), ticket=caller.ticket)
        secret = caller.ticket.browser_secret
        again = open_invitation(now=clock.now(), token=token_for(invitation), browser_secret=secret)
        return Caller(caller.session, again.ticket)

    caller = await ain_force(herts, make_and_leave)
    phone = signalling.Caller(herts, caller.ticket, "")

    await signalling.open_page(phone)

    assert (await read(herts, lambda: session_now(caller.session.id))).progress_step == "connected"
    await signalling.report_progress(phone, "page_hidden", "")
    assert (await read(herts, lambda: session_now(caller.session.id))).progress_step == "page_hidden"
