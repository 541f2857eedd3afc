"""Items over REST: who is refused, what is shown, and that each view is in the audit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from evidence.models import Hold, Item
from evidence.services.viewing import view_file
from forces.context import ForceRef, in_force
from forces.errors import NotFound, NotPermitted
from tests.evidence.conftest import AUDITOR, ENDED, OFFICER, OPERATOR, OTHER_OPERATOR, MovingClock, Recording

Rows = Callable[[], list[dict[str, Any]]]
MakeClient = Callable[..., Client]


@pytest.fixture
def item(sealed: Callable[..., Item]) -> Item:
    return sealed()


def views_in(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Who viewed, in which role."""
    return [(row["actor_id"], row["actor_role"]) for row in rows if row["act"] == "item.view"]


# Refused callers first.


@pytest.mark.parametrize("path", ["items/", "items/{id}/", "items/{id}/files/playable/", "retention/due/"])
def test_visitor_reads_nothing(item: Item, force_client: MakeClient, path: str) -> None:
    answer = force_client().get(f"/api/v1/{path.format(id=item.id)}")

    assert answer.status_code in (401, 403)
    assert "X-Accel-Redirect" not in answer


@pytest.mark.parametrize("role", ["officer", "force_admin"])
@pytest.mark.parametrize("path", ["items/", "items/{id}/", "items/{id}/files/playable/", "retention/due/"])
def test_others_than_control_room_and_auditors_read_nothing(
    item: Item, force_client: MakeClient, role: str, path: str
) -> None:
    answer = force_client(role).get(f"/api/v1/{path.format(id=item.id)}")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    assert "X-Accel-Redirect" not in answer


@pytest.mark.parametrize("role", ["original", "playable", "poster", "thumbnail"])
def test_auditor_reads_metadata_and_sees_no_picture(item: Item, force_client: MakeClient, role: str) -> None:
    client = force_client("auditor")

    assert client.get(f"/api/v1/items/{item.id}/").json()["files"][0]["sha256"]
    answer = client.get(f"/api/v1/items/{item.id}/files/{role}/")
    assert answer.status_code == 403
    assert "X-Accel-Redirect" not in answer


@pytest.mark.parametrize("role", ["operator", "officer", "auditor", "force_admin"])
def test_others_than_supervisors_place_and_release_no_hold(item: Item, force_client: MakeClient, role: str) -> None:
    client = force_client(role)

    placed = client.post(f"/api/v1/items/{item.id}/hold/", {"reason": "x"}, content_type="application/json")
    assert placed.status_code == 403
    assert client.delete(f"/api/v1/items/{item.id}/hold/").status_code == 403
    assert not Hold.objects.exists()


def test_hold_without_csrf_token_is_refused(item: Item, force_client: MakeClient) -> None:
    client = force_client("supervisor")
    client.handler.enforce_csrf_checks = True

    answer = client.post(f"/api/v1/items/{item.id}/hold/", {"reason": "x"}, content_type="application/json")
    assert answer.status_code == 403
    assert not Hold.objects.exists()


@pytest.mark.usefixtures("copy_db")
def test_operator_of_another_force_finds_no_item(herts: ForceRef, beds: ForceRef, force_client: MakeClient) -> None:
    recording = Recording()
    item_id = in_force(herts, recording.register)
    mine, foreign = force_client("operator"), force_client("operator", schema="beds")

    assert mine.get(f"/api/v1/items/{item_id}/").status_code == 200
    assert mine.get("/api/v1/items/").json()["count"] == 1
    assert foreign.get(f"/api/v1/items/{item_id}/").status_code == 404
    assert foreign.get(f"/api/v1/items/{item_id}/files/playable/").status_code == 404
    assert foreign.get("/api/v1/items/").json()["count"] == 0
    supervisor = force_client("supervisor", schema="beds")
    held = supervisor.post(f"/api/v1/items/{item_id}/hold/", {"reason": "x"}, content_type="application/json")
    assert held.status_code == 404
    assert in_force(beds, Item.objects.count) == 0


@pytest.mark.usefixtures("in_herts")
@pytest.mark.parametrize("actor", [OFFICER, AUDITOR])
def test_service_refuses_a_view_whatever_the_door(actor: Any) -> None:
    with pytest.raises(NotPermitted):
        view_file(actor=actor, now=ENDED, item_id=uuid4(), role="playable")


# What is shown.


def test_operator_lists_items_of_a_session(item: Item, force_client: MakeClient) -> None:
    Recording().register()
    client = force_client("operator")
    found = client.get("/api/v1/items/", {"session_id": str(item.session_id)}).json()

    assert client.get("/api/v1/items/").json()["count"] == 2
    assert [row["id"] for row in found["results"]] == [str(item.id)]
    row = found["results"][0]
    assert (row["state"], row["category"], row["hold"]) == ("sealed", "incident", None)
    assert row["duration_ms"] == item.duration_ms
    assert {file["role"] for file in row["files"]} == {"original", "playable", "poster", "thumbnail"}
    assert client.get("/api/v1/items/", {"session_id": "no-uuid"}).status_code == 400


def test_listing_takes_few_queries_however_many_items(
    in_herts: object, force_client: MakeClient, clock: MovingClock
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = force_client("operator")
    counts = []
    for _ in range(2):
        for _ in range(5):
            Recording().register()
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/items/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_reading_metadata_is_audited(item: Item, force_client: MakeClient, audit_rows: Rows) -> None:
    client = force_client("auditor")
    for path in ("items/", f"items/{item.id}/", "retention/due/"):
        assert client.get(f"/api/v1/{path}").status_code == 200

    reads = [row for row in audit_rows() if row["act"] in ("item.list", "item.read", "retention.list")]
    assert [(row["act"], row["operation"], row["actor_role"]) for row in reads] == [
        ("item.list", "consultation", "auditor"),
        ("item.read", "consultation", "auditor"),
        ("retention.list", "consultation", "auditor"),
    ]


# Viewing.


def test_operator_plays_through_nginx(item: Item, force_client: MakeClient) -> None:
    answer = force_client("operator").get(f"/api/v1/items/{item.id}/files/playable/")
    name = item.files.get(role="playable").name

    assert answer.status_code == 200
    assert answer["X-Accel-Redirect"] == f"/protected/evidence/herts/{item.id}/{name}"
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content == b""


def test_original_is_an_attachment(item: Item, force_client: MakeClient) -> None:
    answer = force_client("operator").get(f"/api/v1/items/{item.id}/files/original/")

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"


def test_named_thumbnail_is_served_and_others_names_are_not(item: Item, force_client: MakeClient) -> None:
    client = force_client("operator")
    names = sorted(item.files.filter(role="thumbnail").values_list("name", flat=True))
    path = f"/api/v1/items/{item.id}/files/thumbnail/"

    assert client.get(path, {"name": names[2]})["X-Accel-Redirect"].endswith(names[2])
    assert client.get(path)["X-Accel-Redirect"].endswith(names[0])
    for wrong in ("../../beds/x", item.files.get(role="original").name, "no-such"):
        assert client.get(path, {"name": wrong}).status_code == 404
    assert client.get(f"/api/v1/items/{item.id}/files/secret/").status_code == 404


def test_ranges_of_one_player_are_one_view(
    item: Item, force_client: MakeClient, clock: MovingClock, audit_rows: Rows
) -> None:
    client = force_client("operator")
    path = f"/api/v1/items/{item.id}/files/playable/"
    for start in (0, 1000, 2000):
        assert client.get(path, headers={"range": f"bytes={start}-"}).status_code == 200
        clock.move(seconds=20)
    assert len(views_in(audit_rows())) == 1

    client.get(path)
    assert len(views_in(audit_rows())) == 2


def test_each_viewer_and_each_file_is_a_view_of_its_own(item: Item, clock: MovingClock, audit_rows: Rows) -> None:
    for actor in (OPERATOR, OTHER_OPERATOR, OPERATOR):
        view_file(actor=actor, now=clock(), item_id=item.id, role="playable")
    view_file(actor=OPERATOR, now=clock(), item_id=item.id, role="original")

    rows = audit_rows()
    assert views_in(rows) == [("8", "operator"), ("9", "operator"), ("8", "operator")]
    row = next(row for row in rows if row["act"] == "item.view")
    assert (row["operation"], row["object_id"]) == ("consultation", str(item.id))
    assert row["session_id"] == str(item.session_id)
    assert row["detail"]["sha256"] == item.files.get(role="playable").sha256


def test_pictures_of_a_list_are_no_views(item: Item, clock: MovingClock, audit_rows: Rows) -> None:
    view_file(actor=OPERATOR, now=clock(), item_id=item.id, role="poster")

    assert views_in(audit_rows()) == []


def test_erased_item_is_shown_as_erased_and_plays_no_more(
    item: Item, herts: ForceRef, force_client: MakeClient, clock: MovingClock
) -> None:
    from evidence import erasing

    clock.move(days=31)
    erasing.erase_due(herts, clock())
    client = force_client("operator")
    row = client.get(f"/api/v1/items/{item.id}/").json()

    assert (row["state"], row["files"]) == ("erased", [])
    assert client.get(f"/api/v1/items/{item.id}/files/playable/").status_code == 404


def test_item_whose_erasure_has_begun_plays_no_more(item: Item, clock: MovingClock) -> None:
    Item.objects.filter(id=item.id).update(state="erasing")

    with pytest.raises(NotFound):
        view_file(actor=OPERATOR, now=clock(), item_id=item.id, role="playable")


# Holds and what is due.


def test_supervisor_holds_and_releases(item: Item, force_client: MakeClient, audit_rows: Rows) -> None:
    client = force_client("supervisor")
    path = f"/api/v1/items/{item.id}/hold/"
    placed = client.post(path, {"reason": "Crown Court trial"}, content_type="application/json")

    assert placed.status_code == 201
    hold = client.get(f"/api/v1/items/{item.id}/").json()["hold"]
    assert (hold["id"], hold["reason"]) == (placed.json()["id"], "Crown Court trial")
    again = client.post(path, {"reason": "x"}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "hold_in_force")
    assert client.post(path, {"reason": ""}, content_type="application/json").status_code == 400
    assert client.delete(path).status_code == 204
    assert client.delete(path).json()["code"] == "hold_missing"
    assert client.get(f"/api/v1/items/{item.id}/").json()["hold"] is None
    acts = [row["act"] for row in audit_rows() if row["object_type"] == "item"]
    assert acts.count("item.hold") == 1
    assert acts.count("item.release") == 1


def test_auditor_sees_what_is_due_and_what_is_held(item: Item, force_client: MakeClient, clock: MovingClock) -> None:
    later = Recording().register(ended_at=ENDED + timedelta(days=10))
    client = force_client("auditor")
    assert client.get("/api/v1/retention/due/").json()["results"] == []

    clock.move(days=31)
    client = force_client("auditor")
    due = client.get("/api/v1/retention/due/").json()["results"]
    assert [row["id"] for row in due] == [str(item.id)]
    clock.move(days=10)
    client = force_client("auditor")
    assert [row["id"] for row in client.get("/api/v1/retention/due/").json()["results"]] == [
        str(item.id),
        str(later),
    ]
