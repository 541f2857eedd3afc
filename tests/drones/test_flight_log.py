"""The flight log: who may read it, and that it holds every flight, in pages of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from django.test import Client

from drones.services import flight_log
from drones.services.flight_log import COLUMNS, open_flight_log, read_flight_log
from drones.services.flights import land_flight
from forces import clock
from forces.asgi import DjangoApplication
from forces.context import ForceRef, Unit, in_force
from forces.errors import InvalidInput, NotPermitted
from tests.factories.drones import make_aircraft, make_flying, make_pilot, make_planned
from tests.factories.streams import NOW, AuditRows, person

MakeClient = Callable[..., Client]
LOG = "/api/v1/flights/log/"


@pytest.mark.parametrize("role", ["officer", "force_admin", ""])
def test_other_role_reads_the_log_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        open_flight_log(actor=person(role), now=NOW, since=None, until=None)


@pytest.mark.parametrize(("role", "status"), [("", 401), ("officer", 403), ("force_admin", 403)])
def test_stranger_to_the_log_is_refused_in_json(
    in_herts: Unit, force_client: MakeClient, role: str, status: int
) -> None:
    answered = force_client(role).get(LOG)

    assert (answered.status_code, answered.headers["Content-Type"]) == (status, "application/json")


def test_span_that_ends_before_it_begins_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidInput):
        open_flight_log(actor=person(), now=NOW, since=NOW, until=NOW)


def test_log_says_what_flew_for_how_long_and_what_never_did(in_herts: Unit, audit_rows: AuditRows) -> None:
    flown = make_flying()
    land_flight(actor=person(), now=NOW + timedelta(seconds=750), session_id=flown.flight.pk)
    planned = make_planned(make_aircraft("SECOND"), make_pilot("second"), now=NOW + timedelta(minutes=1))

    span = open_flight_log(actor=person("auditor"), now=NOW + timedelta(hours=1), since=None, until=None)
    rows, following = read_flight_log(span, None)

    first, second = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
    assert (first["flight"], first["state"], first["minutes_in_the_air"]) == (flown.flight.pk, "landed", 12.5)
    assert (first["serial"], first["risk"], first["end_reason"]) == ("1581F5FHD23", "clear", "landed")
    assert (second["flight"], second["landed_at"], second["minutes_in_the_air"]) == (planned.flight.pk, None, None)
    assert following is None
    assert "flight.log" in [row["act"] for row in audit_rows()]


def test_log_of_a_span_holds_what_was_planned_in_it(in_herts: Unit) -> None:
    for minute in range(4):
        make_planned(make_aircraft(str(minute)), now=NOW + timedelta(minutes=minute))
    since, until = NOW + timedelta(minutes=1), NOW + timedelta(minutes=3)

    span = open_flight_log(actor=person(), now=NOW + timedelta(hours=1), since=since, until=until)
    rows, _ = read_flight_log(span, None)

    assert [row[COLUMNS.index("serial")] for row in rows] == ["1", "2"]


def test_pages_of_the_log_meet_although_flights_were_planned_at_once(
    in_herts: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flight_log, "PAGE_ROWS", 2)
    made = {make_planned(make_aircraft(str(number))).flight.pk for number in range(5)}
    span = open_flight_log(actor=person(), now=NOW + timedelta(hours=1), since=None, until=None)

    found, place = read_flight_log(span, None)
    while place is not None:
        rows, place = read_flight_log(span, place)
        found += rows

    assert len(found) == 5
    assert {row[0] for row in found} == made


async def test_log_is_streamed_as_csv_that_computes_nothing(
    copy_db: str, herts: ForceRef, force_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from asgiref.sync import sync_to_async

    monkeypatch.setattr(flight_log, "PAGE_ROWS", 2)

    def build() -> dict[str, str]:
        for number in range(5):
            in_force(herts, plan_a_flight, str(number))
        return {name: morsel.value for name, morsel in force_client("auditor").cookies.items()}

    cookies = await sync_to_async(build, thread_sensitive=False)()
    transport = httpx.ASGITransport(DjangoApplication())  # type: ignore[arg-type]  # stricter stubs
    async with httpx.AsyncClient(transport=transport, base_url="http://herts.localhost", cookies=cookies) as client:
        answer = await client.get(LOG)

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert [row["serial"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert {row["purpose"] for row in rows} == {"'=1+1 is no reason"}


def plan_a_flight(serial: str) -> None:
    make_planned(make_aircraft(serial), now=clock.now() - timedelta(minutes=1), purpose="=1+1 is no reason")
