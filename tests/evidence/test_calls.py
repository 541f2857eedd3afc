"""Calls as items: taken in once, sealed with all tracks and one film, shown, kept and erased like every item."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client

from evidence import composing, erasing, filming, sealing, storage
from evidence.models import Item, ItemKind
from evidence.sandbox import ProgramFailed
from evidence.selectors import sealed_recordings
from evidence.services import intake
from evidence.services.retention import place_hold
from forces.context import ForceRef
from tests.evidence.conftest import ENDED, STARTED, SUPERVISOR, SYSTEM, MovingClock, RecordedCall
from tests.evidence.films import COLOURS, Frame

pytestmark = pytest.mark.usefixtures("in_herts")
Rows = Callable[[], list[dict[str, Any]]]


def film_of(item: Item) -> Path:
    """The item's playable file."""
    return storage.item_directory("herts", item.id) / item.files.get(role="playable").name


def test_worker_seals_a_call_as_one_film_with_all_its_tracks(
    sealed_call: Callable[..., Item], audit_rows: Rows
) -> None:
    call = RecordedCall()
    call.add("PC Ade", "officer", colour="red")
    call.add("Ann Ball", "victim", colour="blue")
    recorded = {path.name: path.read_bytes() for path in (Path(settings.RECORDINGS_DIR) / call.directory).iterdir()}
    item = sealed_call(call)

    originals = {file.name: file.sha256 for file in item.files.filter(role="original")}
    assert originals == {name: hashlib.sha256(content).hexdigest() for name, content in recorded.items()}
    assert len(originals) == 4
    assert (item.kind, item.is_complete, len(item.segments)) == (ItemKind.CALL, True, 1)
    assert (item.width, item.height) == (1280, 720)
    assert item.duration_ms == pytest.approx(2_000, abs=100)
    assert {file.role for file in item.files.all()} == {"original", "playable", "poster", "thumbnail"}
    frame = Frame(film_of(item), 1)
    assert frame.shows(COLOURS["red"], 320, 360)
    assert frame.shows(COLOURS["blue"], 960, 360)
    assert not (Path(settings.RECORDINGS_DIR) / call.directory).exists()
    assert [row["act"] for row in audit_rows()] == ["item.register", "item.seal"]


def test_whoever_refused_is_in_no_file_and_their_tracks_of_another_item_stay(
    sealed_call: Callable[..., Item],
) -> None:
    call = RecordedCall()
    call.add("PC Ade", "officer", colour="red")
    refused = call.add("Ann Ball", is_recorded=False)
    other = RecordedCall(session_id=call.session_id)
    stray = other.add("Bea", colour="lime")
    item = sealed_call(call)

    assert str(refused) not in str(item.cast)
    assert all(str(call.feeds[0]) in file.name for file in item.files.filter(role="original"))
    frame = Frame(film_of(item), 1)
    assert frame.shows(COLOURS["red"], 640, 360)
    assert not frame.has(COLOURS["lime"])
    left = [path.name for path in (Path(settings.RECORDINGS_DIR) / call.directory).iterdir()]
    assert len(left) == 2
    assert all(str(stray) in name for name in left)


def test_call_is_taken_in_once(clock: MovingClock, audit_rows: Rows) -> None:
    call = RecordedCall()
    for name in ("Ann", "Bea"):
        call.add(name)
    first, again = call.register(), call.register()

    assert first == again
    assert Item.objects.get(id=first).stream_ids == tuple(call.feeds)
    assert len([row for row in audit_rows() if row["act"] == "item.register"]) == 1


def test_database_refuses_a_call_without_a_feed_and_two_of_one(clock: MovingClock) -> None:
    call = RecordedCall()
    call.add("Ann")
    item = Item.objects.get(id=call.register())

    for stream_id in (None, item.stream_id):
        item.pk, item.stream_id = uuid4(), stream_id
        item._state.adding = True
        with pytest.raises(IntegrityError), transaction.atomic():
            item.save(force_insert=True)


def test_attempt_at_a_call_has_time_for_every_picture(clock: MovingClock) -> None:
    call = RecordedCall()
    call.add("Ann")
    item_id = call.register(started_at=STARTED, ended_at=STARTED.replace(hour=18))
    job = intake.claim_item(actor=SYSTEM, now=clock(), item_id=item_id)

    assert job is not None
    assert job.time_limit.total_seconds() == 600 + 6 * (STARTED.replace(hour=18) - STARTED).total_seconds()
    assert [row["name"] for row in job.cast] == ["Ann"]


def test_call_of_which_a_track_cannot_be_played_is_sealed_as_incomplete(
    sealed_call: Callable[..., Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    normalise = filming.normalise

    def fail(name: str, *rest: Any) -> None:
        if name.startswith("0.") or name.startswith("1."):
            raise ProgramFailed("nothing to decode")
        normalise(name, *rest)

    monkeypatch.setattr(filming, "normalise", fail)
    item = sealed_call()

    assert not item.is_complete
    assert item.files.filter(role="original").count() == 4


def test_call_that_cannot_be_composed_keeps_its_originals(
    herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ProgramFailed("no film")

    monkeypatch.setattr(composing, "compose", fail)
    call = RecordedCall()
    call.add("Ann")
    item_id = call.register()
    for _ in range(intake.MAX_ATTEMPTS):
        sealing.seal(herts, item_id, clock)
        clock.move(hours=2)

    item = Item.objects.get(id=item_id)
    assert (item.state, item.failure_reason) == ("failed", "no film")
    assert {file.role for file in item.files.all()} == {"original"}
    assert item.files.count() == 2


def test_killed_worker_is_followed_by_another_that_composes(
    herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    call = RecordedCall()
    call.add("Ann")
    item_id = call.register()
    with monkeypatch.context() as patch:
        patch.setattr(composing, "compose", kill)
        with pytest.raises(Killed):
            sealing.seal(herts, item_id, clock)
    clock.move(hours=1)
    sealing.seal(herts, item_id, clock)

    item = Item.objects.get(id=item_id)
    assert (item.state, item.attempts) == ("sealed", 2)
    assert not (Path(settings.RECORDINGS_DIR) / call.directory).exists()


def test_call_is_no_recording_that_another_force_is_shown(sealed_call: Callable[..., Item]) -> None:
    item = sealed_call()

    assert sealed_recordings(item.session_id, STARTED) == []


@pytest.mark.parametrize("role", ["officer", "force_admin"])
def test_others_than_control_room_and_auditors_read_no_cast(
    sealed_call: Callable[..., Item], force_client: Callable[..., Client], role: str
) -> None:
    item = sealed_call()

    assert force_client(role).get(f"/api/v1/items/{item.id}/").status_code == 403


def test_operator_reads_who_is_in_a_call_and_the_auditor_reads_no_name(
    sealed_call: Callable[..., Item], force_client: Callable[..., Client]
) -> None:
    item = sealed_call(gaps=[{"from": "2030-03-17T17:50:00Z", "to": None, "reason": "officer"}])
    shown = force_client("operator").get(f"/api/v1/items/{item.id}/").json()
    audited = force_client("auditor").get("/api/v1/items/").json()["results"][0]

    assert (shown["kind"], shown["replaces"], shown["gaps"][0]["reason"]) == ("call", None, "officer")
    assert [(row["name"], row["role"], row["is_left_out"]) for row in shown["cast"]] == [
        ("PC Ade", "officer", False),
        ("Ann Ball", "victim", False),
    ]
    assert shown["cast"][0]["times"] == [{"from": "2030-03-17T17:46:40Z", "to": "2030-03-17T17:46:42Z"}]
    assert [(row["name"], row["role"]) for row in audited["cast"]] == [("", "officer"), ("", "victim")]
    assert "Ann" not in str(audited)


def test_erased_call_leaves_no_name_and_no_file(
    sealed_call: Callable[..., Item], herts: ForceRef, clock: MovingClock, directories: Path
) -> None:
    item = sealed_call()
    clock.move(days=32)
    assert erasing.erase_due(herts, clock())[0] == 1

    item.refresh_from_db()
    assert (item.state, item.cast, item.gaps, item.segments) == ("erased", [], [], [])
    assert [path for path in directories.rglob("*") if path.is_file()] == []


def test_hold_keeps_a_call(sealed_call: Callable[..., Item], herts: ForceRef, clock: MovingClock) -> None:
    item = sealed_call()
    place_hold(actor=SUPERVISOR, now=ENDED, item_id=item.id, reason="trial")
    clock.move(days=400)

    assert erasing.erase_due(herts, clock())[0] == 0
    assert film_of(item).exists()
