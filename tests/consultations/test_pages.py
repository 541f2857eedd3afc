"""The pages of a meeting: looking spends nothing, safe mode says nothing, and what comes afterwards needs no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from consultations.models import Consultation, Feedback, MeetingLink, MoveRequest
from consultations.services.entrance import remove_participant
from consultations.services.leading import end_consultation
from consultations.tickets import MEETING_COOKIE, read_meeting_cookie, write_meeting_cookie
from forces import clock
from forces.context import Unit
from tests.factories import consultations as made

WORDS_OF_POLICE = ("police", "hertfordshire", "consultation", "sightline", "heddlu")


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "herts.localhost"})


def open_link(browser: Client, consultation: Consultation, role: str = "victim") -> made.Member:
    """Open a person's link as they would."""
    victim = made.person_of(consultation, role)
    page = browser.post(f"/m/{made.token_for(victim)}/open/")
    assert (page.status_code, page["Location"]) == (303, "/meeting/")
    ticket = read_meeting_cookie(browser.cookies[MEETING_COOKIE].value)
    assert ticket is not None
    return made.Member(consultation.session_id, victim.id, ticket)


def visible(page: Any) -> str:
    """Return what a page shows, its title with it, less its style."""
    return re.sub(r"<style.*?</style>", "", page.content.decode().lower(), flags=re.DOTALL)


@pytest.mark.parametrize("token", ["x" * 32, "short", "../../etc", "%00"])
def test_unknown_link_opens_nothing(in_herts: Unit, browser: Client, token: str) -> None:
    for page in (browser.get(f"/m/{token}/"), browser.post(f"/m/{token}/open/")):
        assert page.status_code == 404
    assert MEETING_COOKIE not in browser.cookies


def test_looking_spends_nothing_and_opening_needs_a_post(in_herts: Unit, browser: Client) -> None:
    consultation = made.make_booked(now=clock.now())
    token = made.token_for(made.person_of(consultation, "victim"))
    for page in (browser.get(f"/m/{token}/"), browser.head(f"/m/{token}/")):
        assert page.status_code == 200
        assert page["Referrer-Policy"] == "strict-origin"
    assert browser.get(f"/m/{token}/open/").status_code == 405
    assert browser.get(f"/m/{token}/calendar.ics").status_code == 200
    assert not MeetingLink.objects.filter(opened_at__isnull=False).exists()

    open_link(browser, consultation)

    assert MeetingLink.objects.filter(opened_at__isnull=False).count() == 1


def test_page_without_a_ticket_says_so(in_herts: Unit, browser: Client) -> None:
    for address in ("/meeting/", "/meeting/move/", "/meeting/after/"):
        assert browser.get(address).status_code == 409
    browser.cookies[MEETING_COOKIE] = "forged"
    assert browser.get("/meeting/").status_code == 409


def test_safe_mode_says_neither_police_nor_consultation(in_herts: Unit, browser: Client) -> None:
    plan = made.plan_of("victim", safe_mode=True)
    consultation = made.make_booked(now=clock.now(), people=(plan,), purpose="domestic_abuse")
    token = made.token_for(made.person_of(consultation, "victim"))
    link = browser.get(f"/m/{token}/")
    open_link(browser, consultation)
    for page in (link, browser.get("/meeting/move/"), browser.get("/meeting/after/")):
        assert page.status_code == 200
        shown = visible(page)
        assert not [word for word in WORDS_OF_POLICE if word in shown], shown[:2000]
        assert "safety" not in shown


def test_wish_to_move_is_taken_without_script(in_herts: Unit, browser: Client) -> None:
    consultation = made.make_booked(now=clock.now(), starts_at=clock.now() + timedelta(days=2))
    open_link(browser, consultation)
    refused = browser.post("/meeting/move/", {"text": "  "})
    assert refused.status_code == 400
    done = browser.post("/meeting/move/", {"text": "After <script>five</script>, please"})
    assert (done.status_code, done["Location"]) == (303, "/meeting/move/?sent")
    twice = browser.post("/meeting/move/", {"text": "Again"})
    assert twice.status_code == 409
    assert b"<script>five" not in twice.content
    assert MoveRequest.objects.get().text == "After <script>five</script>, please"


def test_questions_afterwards_are_answered_without_script(in_herts: Unit, browser: Client) -> None:
    now = clock.now()
    consultation = made.make_open(now=now)
    member = open_link(browser, consultation)
    made.say_ready(member, now=now)
    made.let_in(consultation, member.participant_id, now=now)
    assert browser.post("/meeting/after/", {"got_what_needed": "yes", "again": "no"}).status_code == 410
    end_consultation(actor=made.leader_of(consultation), now=now, session_id=consultation.session_id)

    assert browser.get("/meeting/")["Location"] == "/meeting/after/"
    page = browser.get("/meeting/after/")
    assert b"got_what_needed" in page.content
    assert browser.post("/meeting/after/", {"got_what_needed": "yes", "again": "no"}).status_code == 303
    assert (Feedback.objects.get().got_what_needed, Feedback.objects.get().again) == ("yes", "no")
    assert b"got_what_needed" not in browser.get("/meeting/after/").content


def test_removed_persons_page_says_no_more_than_that_it_is_over(in_herts: Unit, browser: Client) -> None:
    now = clock.now()
    consultation = made.make_open(now=now)
    member = open_link(browser, consultation)
    leader = made.leader_of(consultation)
    remove_participant(actor=leader, now=now, **member.ids, admission=member.row.admission, reason="abuse")

    for address in ("/meeting/", "/meeting/after/"):
        page = browser.get(address)
        assert page.status_code == 410
        assert "removed" not in page.content.decode().lower().replace("link_removed", "")


def test_browser_that_was_left_in_a_hurry_has_no_ticket(in_herts: Unit, browser: Client) -> None:
    consultation = made.make_booked(now=clock.now())
    open_link(browser, consultation)
    browser.cookies["sl_left"] = "1"
    page = browser.get("/meeting/")
    assert page.status_code == 409
    assert "hertfordshire" not in visible(page)


@pytest.mark.parametrize("role", ["auditor", "force_admin"])
def test_who_runs_no_consultations_gets_no_board(
    in_herts: Unit, force_client: Callable[..., Client], role: str
) -> None:
    consultation = made.make_booked(now=clock.now())
    client = force_client(role)
    for address in ("/consultations/", f"/consultations/{consultation.session_id}/"):
        assert client.get(address).status_code == 403


def test_visitor_is_sent_to_sign_in(in_herts: Unit, browser: Client) -> None:
    page = browser.get("/consultations/")
    assert page["Location"] == "/sign-in/?next=/consultations/"


def test_forged_cookie_of_another_person_is_no_ticket(in_herts: Unit, browser: Client) -> None:
    consultation = made.make_booked(now=clock.now())
    member = made.opened(made.person_of(consultation, "victim"), now=clock.now())
    value = write_meeting_cookie(member.ticket)
    for forged in (value[:-2], value.replace(":", ";"), f"x{value}", ""):
        assert read_meeting_cookie(forged) is None
    assert read_meeting_cookie(value) == member.ticket


def _book(client: Client, **fields: Any) -> Any:
    body = {"purpose": "report", "participants": [{"role": "victim", "name": "Ann", "phone_number": "07700900201"}]}
    return client.post("/api/v1/consultations/", {**body, **fields}, content_type="application/json")


@pytest.mark.parametrize(
    "wrong",
    [
        {"participants": []},
        {"participants": [{"role": "suspect", "name": "Ann", "phone_number": "07700900201"}]},
        {"participants": [{"role": "victim", "name": "Ann"}]},
        {"participants": [{"role": "victim", "name": "Ann", "email_address": "nowhere"}]},
        {"length_min": 1},
        {"starts_at": "yesterday"},
        {"purpose": "chat"},
        {"incident_id": "1"},
    ],
)
def test_booking_of_the_wrong_shape_is_refused(
    in_herts: Unit, force_client: Callable[..., Client], wrong: dict[str, Any]
) -> None:
    response = _book(force_client("operator"), **wrong)
    assert response.status_code == 400, response.content
    assert in_herts.must_roll_back


def test_booking_over_rest_makes_a_consultation(in_herts: Unit, force_client: Callable[..., Client]) -> None:
    client = force_client("officer")
    made_one = _book(client)
    assert made_one.status_code == 201, made_one.content
    view = made_one.json()
    assert (view["state"], view["counts"]) == ("planned", {"inside": 0, "waiting": 0, "invited": 1})
    assert view["participants"][0]["contact"] == "•••• •••201"
    address = f"/api/v1/consultations/{view['id']}/"
    assert client.get(address).json()["id"] == view["id"]
    person_id = view["participants"][0]["id"]
    link = client.get(f"{address}participants/{person_id}/link/").json()
    assert link["url"].startswith("http")
    assert link["qr_svg"].startswith("<svg")
    figures = client.get(
        "/api/v1/consultations/figures/?since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z&format=csv"
    )
    assert figures["Content-Type"].startswith("text/csv")
    assert b"07700" not in figures.content
    colleagues = client.get("/api/v1/colleagues/").json()
    assert {"id", "name", "number", "team"} == set(colleagues[0])
