"""Finding past sessions: for a reason, in the own force, by time, place, reference and person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from forces.context import ForceRef, Unit, in_force
from forces.errors import InvalidInput, NotPermitted
from streams.archive import PAGE_ROWS, Circle, Criteria, find_sessions
from streams.grid import to_grid
from streams.models import Incident, LiveSession, Position, RoomPolicy
from streams.services.outcomes import record_outcome
from streams.services.search import Asked, ReasonMissing, search_sessions
from streams.services.sessions import end_session
from tests.factories.streams import NOW, AuditRows, make_invitation, make_session, person

REASON = "Complaint 12 of today"
# The town hall of Hatfield, about TL 22 08.
LATITUDE, LONGITUDE = 51.7634, -0.2257


def search(*, role: str = "operator", reason: str = REASON, cursor: str = "", **asked: Any) -> Any:
    return search_sessions(actor=person(role), now=NOW, asked=Asked(**asked), reason=reason, cursor=cursor)


def found(**asked: Any) -> list[str]:
    return [row["id"] for row in search(**asked)["results"]]


def place(session: LiveSession, latitude: float = LATITUDE, longitude: float = LONGITUDE) -> None:
    point = to_grid(latitude, longitude)
    assert point is not None
    Position.objects.create(
        session=session,
        latitude=latitude,
        longitude=longitude,
        accuracy_m=8,
        fixed_at=NOW,
        received_at=NOW,
        easting=point.easting,
        northing=point.northing,
        grid_reference=point.reference,
    )


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin", ""])
def test_other_role_searches_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        search(role=role, state="draft")


@pytest.mark.parametrize("reason", ["", "    ", "why", "x" * 501])
def test_operator_searches_without_a_reason_refused(in_herts: Unit, reason: str) -> None:
    make_session()
    with pytest.raises(ReasonMissing):
        search(reason=reason, state="draft")


def test_operator_searches_without_a_reason_where_the_force_asks_for_none(in_herts: Unit) -> None:
    RoomPolicy.objects.update(search_needs_reason=False)
    session = make_session()
    assert [row["id"] for row in search(reason="", state="draft")["results"]] == [str(session.id)]


def test_operator_searches_for_nothing_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidInput):
        search()


@pytest.mark.parametrize(
    "asked",
    [
        {"grid_reference": "QQ 1"},
        {"grid_reference": "TL 12 345"},
        {"latitude": 48.8566, "longitude": 2.3522 + 40},
        {"latitude": float("nan"), "longitude": LONGITUDE},
        {"latitude": LATITUDE, "longitude": LONGITUDE, "radius_m": float("nan")},
        {"grid_reference": "TL 2390 1234", "radius_m": float("nan")},
        {"phone_number": "900123"},
        {"state": "draft", "cursor": "bm90IG91cnM="},
    ],
)
def test_operator_searches_with_what_means_nothing_refused(in_herts: Unit, asked: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        search(**asked)


def test_operator_of_another_force_finds_nothing(copy_db: str, herts: ForceRef, beds: ForceRef) -> None:
    in_force(herts, lambda: place(make_session()))
    assert len(in_force(herts, lambda: found(grid_reference="TL 22 08"))) == 1
    assert in_force(beds, lambda: found(grid_reference="TL 22 08")) == []


def test_operator_finds_by_reference_in_any_case_ours_and_theirs(in_herts: Unit) -> None:
    session, other = make_session(), make_session()
    Incident.objects.filter(pk=session.incident_id).update(external_reference="CAD 1234")

    assert found(reference="cad 1234") == [str(session.id)]
    assert found(reference=f" {other.incident.reference.lower()} ") == [str(other.id)]
    assert found(reference="CAD 12") == []


def test_operator_finds_by_square_and_by_circle(in_herts: Unit) -> None:
    near, far, nowhere = make_session(), make_session(), make_session()
    place(near)
    place(near, LATITUDE + 0.0001)
    place(far, LATITUDE + 0.02)

    assert found(grid_reference="tl2208") == [str(near.id)]
    assert set(found(grid_reference="TL")) == {str(near.id), str(far.id)}
    assert found(latitude=LATITUDE, longitude=LONGITUDE, radius_m=300) == [str(near.id)]
    assert set(found(latitude=LATITUDE, longitude=LONGITUDE, radius_m=3_000)) == {str(near.id), str(far.id)}
    point = to_grid(LATITUDE, LONGITUDE)
    assert point is not None
    assert found(grid_reference=point.reference, radius_m=50) == [str(near.id)]
    assert str(nowhere.id) not in found(grid_reference="TL")


def test_operator_finds_by_the_whole_number_only_and_only_until_it_is_erased(in_herts: Unit) -> None:
    session = make_session(phone_number="07700 900555")
    make_session()

    assert found(phone_number="+44 7700 900 555") == [str(session.id)]
    with pytest.raises(InvalidInput):
        found(phone_number="900555")
    LiveSession.objects.filter(pk=session.id).update(phone_number="")
    assert found(phone_number="07700 900555") == []


def test_operator_finds_by_time_person_outcome_and_state(in_herts: Unit) -> None:
    early = make_invitation(now=NOW - timedelta(days=2)).session
    late = make_session()
    end_session(actor=person(), now=NOW, session_id=early.id, reason="x")
    record_outcome(actor=person(), now=NOW, session_id=early.id, code="deployment_saved")
    LiveSession.objects.filter(pk=late.pk).update(assigned_to="77")

    assert found(until=NOW - timedelta(days=1)) == [str(early.id)]
    assert found(since=NOW - timedelta(days=1)) == [str(late.id)]
    assert found(operator="77") == [str(late.id)]
    assert found(outcome="deployment_saved") == found(state="ended") == [str(early.id)]
    assert found(kind="caller", since=NOW) == [str(late.id)]
    assert found(state="ended", operator="77") == []


def test_pages_follow_each_other_without_a_row_twice_or_missing(in_herts: Unit) -> None:
    incident = make_session().incident
    rows = [
        # Several of the same moment: the id decides.
        LiveSession(incident=incident, link_kind="location", created_by="1", created_at=NOW + timedelta(minutes=n // 3))
        for n in range(2 * PAGE_ROWS + 3)
    ]
    LiveSession.objects.bulk_create(rows)
    seen: list[str] = []
    cursor = ""
    for _ in range(9):
        page = search(state="draft", cursor=cursor)
        seen += [row["id"] for row in page["results"]]
        cursor = page["next"] or ""
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == LiveSession.objects.count()
    times = dict(LiveSession.objects.values_list("id", "created_at"))
    ordered = [(times[key], key) for key in sorted(times, key=lambda key: (times[key], key), reverse=True)]
    assert seen == [str(key) for _, key in ordered]


def test_search_is_audited_with_its_criteria_and_without_the_number(in_herts: Unit, audit_rows: AuditRows) -> None:
    place(make_session(phone_number="07700 900555"))

    search(phone_number="07700 900555", grid_reference="TL 22345 08123", state="draft")

    row = audit_rows()[-1]
    assert (row["act"], row["operation"], row["detail"]["reason"]) == ("session.search", "consultation", REASON)
    assert row["detail"]["criteria"]["phone_number"] == "given"
    assert row["detail"]["criteria"]["place"]["square"] == "TL 22 08"
    assert "900555" not in str(row)


@pytest.mark.parametrize(
    ("criteria", "index"),
    [
        (Criteria(place=Circle(522_000, 208_000, 200)), "position_place"),
        (Criteria(phone_number="+447700900555"), "session_phone"),
        (Criteria(reference="CAD 1234"), "incident_external_reference"),
        (Criteria(operator="7"), "session_assigned"),
        (Criteria(outcome="deployment_saved"), "session_outcome"),
        (Criteria(since=NOW), "session_newest"),
    ],
)
def test_every_criterion_has_an_index(in_herts: Unit, criteria: Criteria, index: str) -> None:
    """With few rows Postgres would read the table anyhow, in order: told not to, it shows the index that serves."""
    with connection.cursor() as cursor:
        # Nor with a sort of the few that an index finds: an index in order is what serves many.
        for step in ("seqscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{step} = off")
    rows = find_sessions(criteria)
    assert index in (rows if index == "session_newest" else rows.order_by()).explain()


def test_door_takes_the_search_and_an_address_shows_nothing_of_it(
    in_herts: Unit, force_client: Any, audit_rows: AuditRows
) -> None:
    make_session()
    client: Client = force_client("operator")
    address = "/api/v1/sessions/search/"

    assert client.get(address, {"phone_number": "07700 900123"}).status_code == 405
    bare = client.post(address, {"state": "draft"}, content_type="application/json")
    assert (bare.status_code, bare.json()["code"]) == (400, "reason_missing")
    wrong = client.post(address, {"reason": REASON, "state": "lost"}, content_type="application/json")
    assert wrong.status_code == 400
    answered = client.post(address, {"reason": REASON, "state": "draft"}, content_type="application/json")
    assert (answered.status_code, len(answered.json()["results"])) == (200, 1)
    assert answered.json()["next"] is None
