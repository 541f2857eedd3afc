"""The door of a recording that another force shares: who is turned away, who may look, and that both audits hold it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from evidence.models import Item
from evidence.services.viewing import ONE_VIEW
from forces import clock
from forces.audit.models import AuditEntry
from forces.context import ForceRef, in_force
from forces.services.sharing import Share
from streams.services import shares
from streams.services.consent import withdraw_consent
from streams.services.sessions import end_session
from tests.factories.media import make_live
from tests.factories.recordings import make_sealed, register
from tests.factories.shares import share
from tests.factories.streams import Caller, make_consented, person

MakeClient = Callable[..., Client]


@dataclass(frozen=True)
class Given:
    """What Hertfordshire shares with Bedfordshire, and what it does not."""

    caller: Caller
    share: Share
    item_id: UUID
    unsealed: UUID
    still: UUID
    foreign: UUID

    def path(self, item_id: UUID | None = None, role: str = "playable", share_id: UUID | None = None) -> str:
        return f"/api/v1/shared/{share_id or self.share.id}/recordings/{item_id or self.item_id}/{role}/"


def make(*, has_recording: bool = True, ago: timedelta = timedelta(0)) -> Given:
    """Share an ended session; `ago`: since when, of the hour that it stands."""
    now = clock.now() - ago
    caller = make_consented(now=now)
    stream = make_live(caller, now=now)
    given = share(stream.session_id, now=now, ends_at=now + timedelta(hours=1), has_recording=has_recording)
    first = make_sealed(stream, now=now)
    if has_recording:
        end_session(actor=caller.actor, now=now, session_id=caller.session.id, reason="caller_stopped")
    unsealed = register(stream, now=now, stream_id=uuid4())
    still = make_sealed(stream, now=now, stream_id=uuid4())
    Item.objects.filter(pk=still.pk).update(kind="still")
    foreign = make_sealed(make_live(now=now), now=now)
    return Given(caller, given, first.id, unsealed, still.id, foreign.id)


@pytest.fixture
def given(live_db: str, herts: ForceRef) -> Given:
    """Return a recording that stands to be looked at."""
    return in_force(herts, make)


def answer(client: Client, path: str) -> tuple[int, str]:
    """Return status and code of a refusal."""
    refused: Any = client.get(path)
    assert "X-Accel-Redirect" not in refused.headers
    return refused.status_code, refused.json()["code"]


def opened(force: ForceRef, given: Given, outcome: str = "done") -> list[dict[str, Any]]:
    """Return the audit's rows of looks by the share."""

    def look() -> list[dict[str, Any]]:
        rows = AuditEntry.objects.filter(act="share.opened", outcome=outcome, object_id=str(given.share.id))
        return [dict(row) for row in rows.order_by("seq").values("actor_id", "code", "detail")]

    return in_force(force, look)


def test_visitor_refused(given: Given, force_client: MakeClient) -> None:
    assert answer(force_client("", "beds"), given.path()) == (401, "not_signed_in")


@pytest.mark.parametrize("role", ["officer", "pcso", "scenes_of_crime", "auditor", "force_admin"])
def test_guests_person_without_the_right_refused(given: Given, force_client: MakeClient, role: str) -> None:
    assert answer(force_client(role, "beds"), given.path()) == (403, "not_permitted")


@pytest.mark.parametrize("schema", ["cambs", "herts"])
def test_person_of_a_force_that_is_not_the_guest_refused(given: Given, force_client: MakeClient, schema: str) -> None:
    assert answer(force_client("operator", schema), given.path()) == (404, "not_found")


def test_guest_of_a_live_share_refused_and_audited(
    live_db: str, herts: ForceRef, beds: ForceRef, force_client: MakeClient
) -> None:
    live_only = in_force(herts, lambda: make(has_recording=False))
    assert answer(force_client("operator", "beds"), live_only.path()) == (404, "not_found")
    (row,) = opened(herts, live_only, "refused")
    assert (row["actor_id"].partition(":")[0], row["code"]) == ("beds", "not_found")
    assert opened(herts, live_only) == opened(beds, live_only) == []


@pytest.mark.parametrize("what", ["foreign", "unsealed", "still"])
def test_guest_asks_for_what_is_no_sealed_recording_of_the_session_refused(
    given: Given, force_client: MakeClient, what: str
) -> None:
    assert answer(force_client("operator", "beds"), given.path(getattr(given, what))) == (404, "not_found")


@pytest.mark.parametrize("role", ["original", "thumbnail", "picture", "anything"])
def test_guest_asks_for_another_file_refused(given: Given, force_client: MakeClient, role: str) -> None:
    assert answer(force_client("operator", "beds"), given.path(role=role)) == (404, "not_found")


def test_guest_guesses_ids_refused(given: Given, force_client: MakeClient) -> None:
    guest = force_client("operator", "beds")
    assert answer(guest, given.path(uuid4())) == (404, "not_found")
    assert answer(guest, given.path(share_id=uuid4())) == (404, "not_found")
    assert answer(guest, given.path(share_id=given.caller.session.id)) == (404, "not_found")


def test_guest_looks_after_the_end_refused(given: Given, herts: ForceRef, force_client: MakeClient) -> None:
    guest, session_id = force_client("operator", "beds"), given.caller.session.id
    assert guest.get(given.path()).status_code == 200
    in_force(
        herts,
        lambda: shares.revoke_share(actor=person(), now=clock.now(), session_id=session_id, share_id=given.share.id),
    )
    assert answer(guest, given.path()) == (410, "share_over")


def test_guest_looks_after_the_time_refused(live_db: str, herts: ForceRef, force_client: MakeClient) -> None:
    over = in_force(herts, lambda: make(ago=timedelta(hours=1)))
    assert answer(force_client("operator", "beds"), over.path()) == (410, "share_over")


def test_guest_looks_after_the_caller_took_consent_back_refused(
    given: Given, herts: ForceRef, force_client: MakeClient
) -> None:
    caller = given.caller
    in_force(herts, lambda: withdraw_consent(actor=caller.actor, now=clock.now(), session_id=caller.session.id))
    assert answer(force_client("operator", "beds"), given.path()) == (410, "share_over")


def test_guest_sends_another_method_refused(given: Given, force_client: MakeClient) -> None:
    assert force_client("operator", "beds").post(given.path()).status_code == 405


@pytest.mark.parametrize(
    ("role", "name", "media_type"),
    [("playable", "playable.webm", "video/webm"), ("poster", "poster.jpg", "image/jpeg")],
)
def test_guest_is_handed_the_owners_file_to_be_shown_and_not_kept(
    given: Given, force_client: MakeClient, role: str, name: str, media_type: str
) -> None:
    shown: HttpResponse = force_client("supervisor", "beds").get(given.path(role=role))  # type: ignore[assignment]

    assert shown.status_code == 200
    assert shown["X-Accel-Redirect"] == f"/protected/evidence/herts/{given.item_id}/{name}"
    assert (shown["Content-Type"], shown["Cache-Control"]) == (media_type, "private, no-store")
    assert shown["Content-Disposition"].startswith("inline")
    assert shown.content == b""


def test_each_look_is_in_both_audits_by_one_id_and_a_player_looks_once_a_minute(
    given: Given, herts: ForceRef, beds: ForceRef, force_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = force_client("operator", "beds")
    for _ in range(3):
        assert guest.get(given.path(), headers={"range": "bytes=0-99"}).status_code == 200
    assert len(opened(herts, given)) == 1

    monkeypatch.setattr(clock, "_offset", clock._offset + ONE_VIEW)
    guest.get(given.path())
    force_client("supervisor", "beds").get(given.path())

    owners, guests = opened(herts, given), opened(beds, given)
    assert len(owners) == 3
    ids = [row["detail"]["disclosure_id"] for row in owners]
    assert [row["detail"]["disclosure_id"] for row in guests] == ids
    for row in (*owners, *guests):
        assert (row["detail"]["what"], row["detail"]["item_id"]) == ("recording", str(given.item_id))
    assert [row["actor_id"] for row in owners] == [f"beds:{row['actor_id']}" for row in guests]
    assert "sha256" not in str(guests)
