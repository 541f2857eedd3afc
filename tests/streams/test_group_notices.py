"""A line of the group text reaches officers whose page is not open: by one notice for many, without a word."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from forces.context import ForceRef, Unit
from forces.dispatch import redis_client
from streams import open_pages
from streams.models import Notice
from streams.open_pages import page_key
from streams.services.assignments import accept_assignment, ask_assignment
from streams.services.group_text import say
from streams.services.officer_page import read_officer_page
from tests.factories.officers import OfficerLive, make_officer_live, make_on_duty
from tests.factories.streams import NOW, make_incident, person
from tests.streams.socket_peers import Peers, read, until


def write(incident_id: UUID, actor: object = None, *, now: datetime = NOW, client_id: str = "one") -> None:
    """Write to an incident, as an operator unless somebody else is given."""
    chosen = actor or person()
    say(actor=chosen, now=now, incident_id=incident_id, client_id=client_id, text="Ambulance in 4 minutes")  # type: ignore[arg-type]


def going(incident_id: UUID, name: str = "birch") -> str:
    """Let an officer go to an incident; returns who it is. What they were told so far is seen."""
    officer = make_on_duty(name)
    asked = ask_assignment(actor=person(), now=NOW, incident_id=incident_id, officer_id=officer.id)
    accept_assignment(actor=officer, now=NOW, assignment_id=asked)
    return officer.id


def told() -> list[tuple[str, UUID | None]]:
    """Return whom a notice of a message waits for, and what it is about."""
    rows = Notice.objects.filter(kind="message", seen_at__isnull=True).order_by("user_id")
    return list(rows.values_list("user_id", "subject_id"))


def test_officer_who_is_not_on_the_incident_or_wrote_it_is_told_nothing(in_herts: Unit) -> None:
    live = make_officer_live()
    make_on_duty("jones")

    write(live.session.incident_id, live.actor)

    assert told() == []


def test_officers_whose_page_is_closed_are_told_and_those_whose_page_is_open_are_not(in_herts: Unit) -> None:
    live = make_officer_live()
    incident_id = live.session.incident_id
    away, there = going(incident_id), going(incident_id, "cole")
    redis_client().set(page_key("herts", there), "1", ex=30)

    write(incident_id)

    assert told() == sorted([(live.actor.id, incident_id), (away, incident_id)])
    notices = [message["notice"] for _, message in in_herts.broadcasts if message["type"] == "officer.notice"]
    assert "Ambulance" not in str([one for one in notices if one["kind"] == "message"])


def test_many_lines_are_one_notice_until_some_minutes_have_passed(in_herts: Unit) -> None:
    incident_id = make_incident().id
    officer_id = going(incident_id)
    for number in range(5):
        write(incident_id, now=NOW + timedelta(seconds=number), client_id=f"line {number}")
    assert told() == [(officer_id, incident_id)]
    first = Notice.objects.get(kind="message").id

    write(incident_id, now=NOW + Notice.PUSHED_WITHIN + timedelta(seconds=9), client_id="later")

    assert told() == [(officer_id, incident_id)]
    assert Notice.objects.get(kind="message", seen_at__isnull=True).id != first


def test_officer_who_answers_has_seen_it(in_herts: Unit) -> None:
    live: OfficerLive = make_officer_live()
    write(live.session.incident_id)
    assert told() == [(live.actor.id, live.session.incident_id)]

    write(live.session.incident_id, live.actor, client_id="two")

    assert told() == []


def test_without_redis_everybody_is_told(in_herts: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    live = make_officer_live()
    redis_client().set(page_key("herts", live.actor.id), "1", ex=30)

    def lost() -> object:
        raise OSError

    monkeypatch.setattr(open_pages, "redis_client", lost)
    write(live.session.incident_id)

    assert told() == [(live.actor.id, live.session.incident_id)]


def test_officer_on_two_incidents_is_given_both_groups_by_name(in_herts: Unit) -> None:
    live, other = make_officer_live(), make_incident()
    asked = ask_assignment(actor=person(), now=NOW, incident_id=other.id, officer_id=_on_duty(live))
    accept_assignment(actor=live.actor, now=NOW, assignment_id=asked)

    groups = read_officer_page(actor=live.actor, now=NOW)["groups"]

    assert [group["incident"]["reference"] for group in groups] == [live.session.incident.reference, other.reference]


def _on_duty(live: OfficerLive) -> str:
    from streams.services.shifts import set_status

    set_status(actor=live.actor, now=NOW, status="available")
    return live.actor.id


async def test_open_page_is_known_to_be_open_and_one_that_is_closed_is_not(peers: Peers, herts: ForceRef) -> None:
    page = await peers.officer(herts)
    await page.round_trip()
    key = f"{herts.schema}:officer-page:*"
    assert len(await until(lambda: list(redis_client().scan_iter(key)))) == 1

    await page.close()

    await until(lambda: not list(redis_client().scan_iter(key)))
    assert await read(herts, lambda: open_pages.open_pages(["1"])) == set()
