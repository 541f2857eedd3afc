"""Sequences: pictures that stood for video become one item, sealed like a recording and erased like one."""

import hashlib
import json
import subprocess
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from evidence import erasing, gathering, sealing, storage
from evidence.errors import HoldInForce, NotDue
from evidence.models import Item, SequencePicture, Tombstone
from evidence.selectors import find_items_to_seal, visible_items
from evidence.services import sequences
from evidence.services.retention import place_hold
from evidence.services.sequences import NewPicture, add_picture, close_sequence
from evidence.services.viewing import view_file
from evidence.stills import store_live
from forces.context import ForceRef
from forces.errors import InvalidTransition, NotPermitted
from tests.evidence.conftest import ENDED, FORCE_ADMIN, OPERATOR, SUPERVISOR, SYSTEM, MovingClock
from tests.factories.pictures import picture

pytestmark = pytest.mark.usefixtures("in_herts")
SESSION = UUID("11111111-1111-4111-8111-111111111111")
PLACE = {"latitude": 51.76, "longitude": -0.24, "accuracy_m": 9.0, "fixed_at": "2030-03-17T17:47:00.000Z"}


def send(
    herts: ForceRef, clock: MovingClock, *, hue: int = 0, size: str = "640x360", kind: str = "jpeg"
) -> tuple[UUID, bytes]:
    """Store a picture and take it in, as the door of stills does; returns its item and its bytes."""
    content, picture_id = picture(kind, size, hue=hue), uuid4()
    stored = store_live(herts, SESSION, picture_id, content, is_gathered=True)
    item_id = add_picture(
        actor=SYSTEM,
        now=clock(),
        session_id=SESSION,
        incident_reference="HERTS-3003-0001",
        category_code="incident",
        picture=NewPicture(
            id=picture_id,
            taken_at=clock() - timedelta(seconds=1),
            kind=stored.shape.kind,
            size=(stored.shape.width, stored.shape.height),
            sha256=stored.sha256,
            bytes=stored.bytes,
            position=PLACE,
        ),
    )
    return item_id, content


def stretch(herts: ForceRef, clock: MovingClock, count: int = 3) -> tuple[UUID, list[bytes]]:
    """Take in so many pictures, four seconds apart."""
    sent = []
    for number in range(count):
        sent.append(send(herts, clock, hue=number * 40))
        clock.move(seconds=4)
    assert len({item_id for item_id, _ in sent}) == 1
    return sent[0][0], [content for _, content in sent]


def seal(herts: ForceRef, clock: MovingClock, item_id: UUID) -> Item:
    close_sequence(now=clock(), session_id=SESSION)
    sealing.seal(herts, item_id, clock)
    return Item.objects.get(pk=item_id)


def waiting(herts: ForceRef) -> list[Path]:
    return sorted((settings.EVIDENCE_DIR / herts.schema / ".gathered").glob("*"))


def test_pictures_of_a_stretch_are_one_item_due_when_no_more_comes(herts: ForceRef, clock: MovingClock) -> None:
    item_id, _ = stretch(herts, clock)

    item = Item.objects.get(pk=item_id)
    assert (item.kind, item.state, item.pictures.count()) == ("sequence", "sealing", 3)
    assert find_items_to_seal(clock()) == []
    clock.move(minutes=2)
    assert find_items_to_seal(clock()) == [item_id]


def test_worker_seals_the_very_bytes_with_times_hashes_and_places(
    herts: ForceRef, clock: MovingClock, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    item_id, sent = stretch(herts, clock)

    item = seal(herts, clock, item_id)

    assert (item.state, item.is_complete) == ("sealed", True), item.failure_reason
    original = item.files.get(role="original")
    path = storage.item_directory(herts.schema, item_id) / original.name
    assert original.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert [archive.read(row["file"]) for row in manifest["pictures"]] == sent
    first = manifest["pictures"][0]
    assert first["sha256"] == hashlib.sha256(sent[0]).hexdigest()
    assert (first["received_at"], first["taken_at_by_the_phone"]) == (
        ENDED.isoformat(),
        (ENDED - timedelta(seconds=1)).isoformat(),
    )
    assert (first["bytes"], first["width"], first["height"], first["position"]) == (len(sent[0]), 640, 360, PLACE)
    acts = [row["act"] for row in audit_rows()]
    assert acts.count("item.register") == acts.count("item.seal") == 1


def test_film_shows_each_picture_for_its_true_time(herts: ForceRef, clock: MovingClock) -> None:
    item_id, _ = stretch(herts, clock)

    item = seal(herts, clock, item_id)

    assert item.duration_ms == pytest.approx(2 * 4_000 + 3_000, abs=100)
    assert item.segments == [
        {"started_at": "2030-03-17T17:47:10.000Z", "offset_ms": 0, "duration_ms": item.duration_ms}
    ]
    film = storage.item_directory(herts.schema, item_id) / item.files.get(role="playable").name
    probe = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "frame=pts_time", "-of", "csv=p=0"]
    said = subprocess.run([*probe, str(film)], capture_output=True, text=True, check=True).stdout
    times = [float(line.strip(",")) for line in said.split()]
    assert times[:3] == pytest.approx([0, 4, 8], abs=0.1)


def test_pictures_of_every_size_and_kind_are_one_film(herts: ForceRef, clock: MovingClock) -> None:
    item_id, _ = send(herts, clock)
    for size, kind in (("360x640", "png"), ("320x240", "webp"), ("640x361", "jpeg")):
        clock.move(seconds=3)
        assert send(herts, clock, size=size, kind=kind)[0] == item_id

    item = seal(herts, clock, item_id)

    assert (item.state, item.width, item.height) == ("sealed", 640, 640), item.failure_reason
    assert sorted(item.files.values_list("role", flat=True)) == ["original", "playable", "poster", "thumbnail"]


def test_nothing_waits_and_nothing_else_lies_there_once_it_is_sealed(herts: ForceRef, clock: MovingClock) -> None:
    item_id, _ = stretch(herts, clock)
    assert len(waiting(herts)) == 6

    item = seal(herts, clock, item_id)

    assert waiting(herts) == []
    names = {path.name for path in storage.item_directory(herts.schema, item_id).iterdir()}
    assert names == set(item.files.values_list("name", flat=True))


def test_worker_killed_at_any_step_is_followed_and_loses_nothing(
    herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for a worker that ends on the spot."""

    def kill(*_: object, **__: object) -> None:
        raise Killed

    item_id, sent = stretch(herts, clock)
    close_sequence(now=clock(), session_id=SESSION)
    for step in ("sequences.pack", "sequences.make_film", "intake.note_sealed"):
        with monkeypatch.context() as broken:
            broken.setattr(f"evidence.sealing.{step}", kill)
            with pytest.raises(Killed):
                sealing.seal(herts, item_id, clock)
        clock.move(minutes=3)
        assert find_items_to_seal(clock()) == [item_id]

    sealing.seal(herts, item_id, clock)

    item = Item.objects.get(pk=item_id)
    with zipfile.ZipFile(storage.item_directory(herts.schema, item_id) / "original.zip") as archive:
        assert len(archive.namelist()) == len(sent) + 1
    assert (item.state, item.is_complete) == ("sealed", True)


def test_picture_lost_from_the_disk_is_named_and_costs_no_other(herts: ForceRef, clock: MovingClock) -> None:
    item_id, sent = stretch(herts, clock)
    lost, damaged, _ = SequencePicture.objects.filter(item_id=item_id)
    gathering.erase(herts.schema, [lost.id])
    path = gathering.sent_path(herts.schema, damaged.id)
    path.unlink()
    path.write_bytes(b"something else")

    item = seal(herts, clock, item_id)

    assert (item.state, item.is_complete) == ("sealed", False)
    with zipfile.ZipFile(storage.item_directory(herts.schema, item_id) / "original.zip") as archive:
        rows = json.loads(archive.read("manifest.json"))["pictures"]
        assert [row["is_missing"] for row in rows] == [True, True, False]
        assert archive.read(rows[2]["file"]) == sent[2]


def test_picture_after_sealing_began_opens_another_sequence(herts: ForceRef, clock: MovingClock) -> None:
    item_id, _ = stretch(herts, clock)
    item = seal(herts, clock, item_id)

    assert send(herts, clock)[0] != item_id
    with pytest.raises(InvalidTransition):
        item.take_picture(clock(), clock(), clock())


def test_full_sequence_is_sealed_and_the_next_begins(
    herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequences, "MOST_PICTURES", 2)
    first, _ = stretch(herts, clock, count=2)

    second, _ = send(herts, clock)

    assert second != first
    assert find_items_to_seal(clock()) == [first]


def test_picture_that_was_on_its_way_when_the_stretch_ended_belongs_to_it(herts: ForceRef, clock: MovingClock) -> None:
    item_id, _ = stretch(herts, clock)
    close_sequence(now=clock(), session_id=SESSION, may_be_late=True)
    clock.move(seconds=9)

    assert find_items_to_seal(clock()) == []
    assert send(herts, clock)[0] == item_id


def test_role_without_the_right_looks_at_a_sequence_refused(herts: ForceRef, clock: MovingClock) -> None:
    item_id, _ = stretch(herts, clock)
    seal(herts, clock, item_id)

    for role in ("playable", "original"):
        with pytest.raises(NotPermitted):
            view_file(actor=FORCE_ADMIN, now=clock(), item_id=item_id, role=role)
        assert view_file(actor=OPERATOR, now=clock(), item_id=item_id, role=role).is_attachment == (role == "original")
    item = visible_items(OPERATOR).get(pk=item_id)
    assert item.picture_count == 3  # type: ignore[attr-defined]  # counted by the selector


def test_sequence_under_a_hold_or_before_its_date_is_not_erased(herts: ForceRef, clock: MovingClock) -> None:
    item_id, _ = stretch(herts, clock)
    with pytest.raises(NotDue):
        erasing.erase_item(herts, item_id, clock())
    seal(herts, clock, item_id)
    place_hold(actor=SUPERVISOR, now=clock(), item_id=item_id, reason="Trial")
    clock.move(days=40)

    with pytest.raises(HoldInForce):
        erasing.erase_item(herts, item_id, clock())


@pytest.mark.parametrize("is_sealed", [True, False])
def test_erasure_of_a_sequence_leaves_no_picture_no_place_and_a_tombstone(
    herts: ForceRef, clock: MovingClock, is_sealed: bool
) -> None:
    item_id, _ = stretch(herts, clock)
    if is_sealed:
        seal(herts, clock, item_id)
    clock.move(days=40)

    erasing.erase_item(herts, item_id, clock())

    assert not SequencePicture.objects.exists()
    assert waiting(herts) == []
    assert not storage.item_directory(herts.schema, item_id).exists()
    assert (Item.objects.get(pk=item_id).state, Tombstone.objects.get().item_id) == ("erased", item_id)


def test_retention_counts_from_the_last_picture(herts: ForceRef, clock: MovingClock) -> None:
    item_id, _ = stretch(herts, clock)

    item = Item.objects.get(pk=item_id)
    assert item.ended_at == ENDED + timedelta(seconds=8)
    assert item.erase_due_at == item.ended_at + timedelta(days=31)
