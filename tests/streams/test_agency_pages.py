"""The pages of an outside agency: looking spends nothing, one page for whatever is wrong, and a cookie of the own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from forces import clock
from forces.context import Unit
from streams.agency_tickets import AGENCY_COOKIE, AgencyTicket, read_agency_ticket, write_agency_cookie
from streams.models import AgencyMessage, AgencyShare, AgencyViewer
from streams.services import agencies, sessions
from tests.factories.agencies import agency_token, code_of, opened, share_out, verified, viewer_now
from tests.factories.streams import person

MakeClient = Callable[..., Client]


def shared(**changed: Any) -> AgencyShare:
    return share_out(now=clock.now(), **changed)


def with_cookie(ticket: AgencyTicket, schema: str = "herts") -> Client:
    client = Client(headers={"host": f"{schema}.localhost"})
    client.cookies[AGENCY_COOKIE] = write_agency_cookie(ticket)
    return client


def wrong_for(ticket: AgencyTicket) -> str:
    return f"{(int(code_of(ticket)) + 1) % 1_000_000:06d}"


def test_robot_looks_spends_nothing(in_herts: Unit, force_client: MakeClient) -> None:
    address = f"/agency/{agency_token(shared())}/"
    for method in ("get", "head", "get"):
        assert getattr(force_client(), method)(address).status_code == 200

    for method in ("put", "delete", "post"):
        assert getattr(force_client(), method)(address).status_code == 405
    assert force_client().get(f"{address}open/").status_code == 405
    assert not AgencyViewer.objects.exists()
    assert not AgencyMessage.objects.exists()


def test_robot_that_runs_scripts_posts_without_token_or_name_spends_nothing(in_herts: Unit) -> None:
    address = f"/agency/{agency_token(shared())}/open/"
    robot = Client(headers={"host": "herts.localhost"}, enforce_csrf_checks=True)

    assert robot.post(address, {"name": "Jo Marsh"}).status_code == 403
    assert Client(headers={"host": "herts.localhost"}).post(address, {}).status_code == 400
    assert not AgencyViewer.objects.exists()


def _unknown(share: AgencyShare) -> None:
    AgencyShare.objects.filter(pk=share.pk).update(token_hash="0" * 64)


def _revoked(share: AgencyShare) -> None:
    agencies.revoke_agency(actor=person(), now=clock.now(), session_id=share.session_id, share_id=share.id)


def _expired(share: AgencyShare) -> None:
    past = clock.now() - timedelta(hours=1)
    AgencyShare.objects.filter(pk=share.pk).update(granted_at=past, ends_at=past + timedelta(minutes=15))


def _over(share: AgencyShare) -> None:
    sessions.end_session(actor=person(), now=clock.now(), session_id=share.session_id, reason="operator")


@pytest.mark.parametrize("spoil", [_unknown, _revoked, _expired, _over])
def test_every_link_that_cannot_be_used_shows_one_page(
    in_herts: Unit, force_client: MakeClient, spoil: Callable[[AgencyShare], None]
) -> None:
    share = shared()
    spoil(share)
    address = f"/agency/{agency_token(share)}/"

    answers = [force_client().get("/agency/live/"), force_client().get(address)]
    answers.append(force_client().post(f"{address}open/", {"name": "Jo Marsh"}))

    assert {answer.status_code for answer in answers} == {404}
    (page,) = {answer.content.decode().split("<body", 1)[1] for answer in answers}
    assert "This link cannot be used" in page
    assert "East of England" not in page
    assert not AgencyViewer.objects.exists()


def test_viewer_opens_with_a_name_and_leaves_the_token_behind(in_herts: Unit, force_client: MakeClient) -> None:
    share = shared()
    client = force_client()

    answer = client.post(f"/agency/{agency_token(share)}/open/", {"name": "Jo Marsh"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/agency/code/")
    assert answer.headers["Referrer-Policy"] == "strict-origin" or "Referrer-Policy" in answer.headers
    cookie = answer.cookies[AGENCY_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"], cookie["path"]) == (True, "Lax", "", "/")
    assert 3500 < int(cookie["max-age"]) <= 3600
    ticket = read_agency_ticket({AGENCY_COOKIE: cookie.value})
    assert ticket is not None
    page = client.get("/agency/code/")
    assert (page.status_code, page.headers["Cache-Control"].count("no-store")) == (200, 1)
    assert code_of(ticket) not in page.content.decode()


def test_viewer_without_a_code_sees_no_picture_page(in_herts: Unit) -> None:
    ticket = opened(shared(), now=clock.now())

    answer = with_cookie(ticket).get("/agency/live/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/agency/code/")


def test_viewer_enters_wrong_codes_which_count_and_then_the_right_one(in_herts: Unit) -> None:
    ticket = opened(shared(), now=clock.now())
    client = with_cookie(ticket)

    refused = client.post("/agency/code/", {"code": wrong_for(ticket)})
    assert (refused.status_code, b'data-code="code_unknown"' in refused.content) == (404, True)
    assert not in_herts.must_roll_back
    assert viewer_now(ticket).code_failures == 1

    answer = client.post("/agency/code/", {"code": code_of(ticket)})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/agency/live/")
    assert client.get("/agency/live/").status_code == 200
    assert client.get("/agency/code/").headers["Location"] == "/agency/live/"


def test_viewer_posts_the_code_without_csrf_token_refused(in_herts: Unit) -> None:
    ticket = opened(shared(), now=clock.now())
    client = Client(headers={"host": "herts.localhost"}, enforce_csrf_checks=True)
    client.cookies[AGENCY_COOKIE] = write_agency_cookie(ticket)

    for path in ("/agency/code/", "/agency/code/new/"):
        assert client.post(path, {"code": code_of(ticket)}).status_code == 403
    assert viewer_now(ticket).verified_at is None


def test_viewer_asks_for_a_new_code_at_once_refused(in_herts: Unit) -> None:
    ticket = opened(shared(), now=clock.now())

    answer = with_cookie(ticket).post("/agency/code/new/")

    assert answer.status_code == 429
    assert AgencyMessage.objects.count() == 1


def test_agency_cookie_of_another_force_opens_nothing(in_herts: Unit, force_client: MakeClient) -> None:
    """The other force's rows are not these: what the cookie names is nobody here."""
    from uuid import uuid4

    stranger = AgencyTicket(uuid4(), uuid4())
    for path in ("/agency/code/", "/agency/live/"):
        assert with_cookie(stranger).get(path).status_code == 404
    assert with_cookie(stranger).post("/agency/code/", {"code": "123456"}).status_code == 404
    assert with_cookie(stranger).post("/agency/code/new/").status_code == 404
    assert with_cookie(verified(shared(), now=clock.now())).get("/agency/live/").status_code == 200


def test_live_page_has_the_devices_it_needs_and_no_data(in_herts: Unit) -> None:
    share = shared(purpose_text="Two injured")

    page = with_cookie(verified(share, now=clock.now())).get("/agency/live/")

    policy = page.headers["Permissions-Policy"]
    assert "fullscreen=(self)" in policy
    for denied in ("camera", "microphone", "geolocation", "display-capture", "picture-in-picture"):
        assert f"{denied}=()" in policy
    for secret in ("Two injured", share.session.incident.reference, "Jo Marsh", "900456"):
        assert secret not in page.content.decode()
    assert settings.AGENCY_COOKIE_NAME == "sl_agency"
