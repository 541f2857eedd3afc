"""Sealing: idempotent, interruptible at every step, and never at the cost of an original."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from evidence import media, sealing, storage
from evidence.models import Item, ItemFile
from evidence.sandbox import ProgramFailed
from evidence.selectors import find_items_to_seal
from evidence.services import intake
from forces.context import ForceRef, Unit
from tests.evidence.conftest import ENDED, SYSTEM, MovingClock, Recording
from tests.fakes import mjr

pytestmark = pytest.mark.usefixtures("in_herts")


class Killed(BaseException):
    """Stands for a worker that ends on the spot."""


def kill(*_: object, **__: object) -> None:
    raise Killed


def test_worker_seals_originals_playable_and_pictures(
    sealed: Callable[..., Item], herts: ForceRef, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    item = sealed()
    directory = storage.item_directory(herts.schema, item.id)
    files = list(item.files.all())

    assert sorted({file.role for file in files}) == ["original", "playable", "poster", "thumbnail"]
    assert sorted(file.name for file in files) == sorted(path.name for path in directory.iterdir())
    for file in files:
        content = (directory / file.name).read_bytes()
        assert (file.sha256, file.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert item.duration_ms == pytest.approx(2000, abs=40)
    assert item.segments[0]["started_at"] == "2030-03-17T17:46:40.000Z"
    acts = {row["act"]: row for row in audit_rows()}
    assert acts["item.register"]["operation"] == "collection"
    assert len(acts["item.seal"]["detail"]["files"]) == len(files)


def test_original_is_the_very_bytes_that_were_recorded(herts: ForceRef, clock: MovingClock) -> None:
    recording = Recording()
    recorded = recording.write().read_bytes()
    item_id = recording.register()
    sealing.seal(herts, item_id, clock)

    original = ItemFile.objects.get(item_id=item_id, role="original")
    assert original.sha256 == hashlib.sha256(recorded).hexdigest()


def test_source_goes_only_after_sealing_is_committed(
    herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = Recording()
    source = recording.write()
    item_id = recording.register()
    with monkeypatch.context() as patch:
        patch.setattr(intake, "note_sealed", kill)
        with pytest.raises(Killed):
            sealing.seal(herts, item_id, clock)
    assert source.exists()

    clock.move(hours=1)
    sealing.seal(herts, item_id, clock)
    assert not source.exists()


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (storage, "source_files"),
        (storage, "keep"),
        (intake, "note_originals"),
        (media, "make_playable"),
        (intake, "note_sealed"),
    ],
    ids=["before anything", "copying", "noting originals", "encoding", "committing"],
)
def test_killed_worker_is_followed_by_another_that_finishes(
    herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch, module: Any, step: str
) -> None:
    recording = Recording()
    recording.write()
    item_id = recording.register()
    with monkeypatch.context() as patch:
        patch.setattr(module, step, kill)
        with pytest.raises(Killed):
            sealing.seal(herts, item_id, clock)
    assert find_items_to_seal(clock()) == []  # its claim still counts

    clock.move(hours=1)
    assert find_items_to_seal(clock()) == [item_id]
    sealing.seal(herts, item_id, clock)

    item = Item.objects.get(id=item_id)
    assert (item.state, item.attempts) == ("sealed", 2)
    directory = storage.item_directory(herts.schema, item_id)
    assert {path.name for path in directory.iterdir()} == set(item.files.values_list("name", flat=True))


def test_worker_killed_while_tidying_is_followed_by_another_that_tidies(
    herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = Recording()
    source = recording.write()
    item_id = recording.register()
    with monkeypatch.context() as patch:
        patch.setattr(storage, "erase_sources", kill)
        with pytest.raises(Killed):
            sealing.seal(herts, item_id, clock)
    assert Item.objects.get(id=item_id).state == "sealed"
    assert find_items_to_seal(clock()) == [item_id]

    sealing.seal(herts, item_id, clock)
    assert not source.exists()
    assert find_items_to_seal(clock()) == []


def test_sealing_a_sealed_item_again_changes_nothing(
    sealed: Callable[..., Item], herts: ForceRef, clock: MovingClock
) -> None:
    item = sealed()
    before = list(item.files.values_list("name", "sha256"))
    sealing.seal(herts, item.id, clock)

    assert list(item.files.values_list("name", "sha256")) == before
    assert Item.objects.get(id=item.id).attempts == 1


def test_two_segments_become_one_item(herts: ForceRef, clock: MovingClock) -> None:
    recording = Recording()
    recording.write(0)
    recording.write(1, ending=".part")
    item_id = recording.register(gaps=[{"from": "2030-03-17T17:46:42Z", "to": "2030-03-17T17:47:40Z"}])
    sealing.seal(herts, item_id, clock)

    item = Item.objects.get(id=item_id)
    assert item.files.filter(role="original").count() == 2
    assert not item.files.filter(name__endswith=".part").exists()
    assert len(item.segments) == 2
    assert item.duration_ms == pytest.approx(4000, abs=80)


def test_streams_of_one_recording_become_one_item_and_no_other_is_touched(herts: ForceRef, clock: MovingClock) -> None:
    first = Recording()
    second, other = (Recording(session_id=first.session_id) for _ in range(2))
    sources, left = [first.write(0), second.write(1, packets=mjr.h264(3))], other.write(2)
    item_id = first.register(later_stream_ids=[second.stream_id])

    sealing.seal(herts, item_id, clock)

    item = Item.objects.get(id=item_id)
    assert (item.state, item.is_complete, len(item.segments)) == ("sealed", True, 2)
    assert item.files.filter(role="original").count() == 2
    assert [source.exists() for source in sources] == [False, False]
    assert left.exists()


def test_recording_of_which_a_part_cannot_be_played_is_sealed_as_incomplete(
    herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = media._extract

    def fail(segment: media.Segment, index: int, workshop: Path, deadline: Any) -> Any:
        if index == 1:
            raise ProgramFailed("nothing to decode")
        return extract(segment, index, workshop, deadline)

    monkeypatch.setattr(media, "_extract", fail)
    recording = Recording()
    for number in range(3):
        recording.write(number)
    item_id = recording.register()

    sealing.seal(herts, item_id, clock)

    item = Item.objects.get(id=item_id)
    assert (item.state, item.is_complete, len(item.segments)) == ("sealed", False, 2)
    assert item.files.filter(role="original").count() == 3


def test_recording_that_still_grows_is_tried_again_soon(herts: ForceRef, clock: MovingClock) -> None:
    recording = Recording()
    path = recording.write(ending=".part", age_s=0)
    item_id = recording.register()
    sealing.seal(herts, item_id, clock)
    item = Item.objects.get(id=item_id)
    assert (item.state, item.next_attempt_at) == ("sealing", ENDED + timedelta(seconds=15))

    path.rename(path.with_suffix(""))
    clock.move(seconds=15)
    sealing.seal(herts, item_id, clock)
    assert Item.objects.get(id=item_id).state == "sealed"


def test_recording_that_never_plays_is_given_up_with_its_originals_kept(
    herts: ForceRef, clock: MovingClock, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    recording = Recording()
    junk = [mjr.Packet(b"\x65" + b"\x00" * 90, n * 40, n * 3600, True) for n in range(50)]
    source = recording.write(packets=junk)
    item_id = recording.register()
    delays = []
    for _ in range(intake.MAX_ATTEMPTS):
        sealing.seal(herts, item_id, clock)
        item = Item.objects.get(id=item_id)
        if item.next_attempt_at:
            delays.append((item.next_attempt_at - clock()).total_seconds())
            clock.time = item.next_attempt_at

    assert delays == [15, 60, 240, 960, 3600, 3600, 3600]
    assert item.state == "failed"
    assert item.failure_reason
    assert [file.role for file in item.files.all()] == ["original"]
    assert not source.exists()  # the stored original is the recording now
    assert {"cause": "ProgramFailed"} in [row["detail"] for row in audit_rows()]


def test_recording_without_files_is_given_up_and_says_so(herts: ForceRef, clock: MovingClock) -> None:
    item_id = Recording().register()
    for _ in range(intake.MAX_ATTEMPTS):
        sealing.seal(herts, item_id, clock)
        clock.move(hours=2)

    item = Item.objects.get(id=item_id)
    assert (item.state, item.failure_reason) == ("failed", "no picture was recorded")


def test_item_that_takes_its_workers_down_is_given_up(herts: ForceRef, clock: MovingClock) -> None:
    item_id = Recording().register()
    for _ in range(intake.MAX_ATTEMPTS):
        intake.claim_item(actor=SYSTEM, now=clock(), item_id=item_id)
        clock.move(hours=2)
    sealing.seal(herts, item_id, clock)

    assert Item.objects.get(id=item_id).state == "failed"


def test_full_disk_is_tried_again_and_leaves_no_halves(
    herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = Recording()
    recording.write()
    item_id = recording.register()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(media, "make_playable", full)
        sealing.seal(herts, item_id, clock)
    item = Item.objects.get(id=item_id)
    assert item.state == "sealing"
    assert "No space" in item.failure_reason
    assert not storage.workshop(herts.schema, item_id).exists()

    clock.move(minutes=1)
    sealing.seal(herts, item_id, clock)
    assert Item.objects.get(id=item_id).state == "sealed"


def test_consoles_are_told_when_an_item_is_sealed(sealed: Callable[..., Item], in_herts: Unit) -> None:
    item = sealed()

    assert ("console", "item.changed", "sealed") in [
        (topic, message["type"], message["state"]) for topic, message in in_herts.broadcasts
    ]
    assert str(item.id) in {message["item_id"] for _, message in in_herts.broadcasts}


def test_playable_lies_where_nginx_can_read_it(sealed: Callable[..., Item], directories: Path) -> None:
    item = sealed()
    playable = directories / "herts" / str(item.id) / item.files.get(role="playable").name

    assert playable.stat().st_mode & 0o004
    assert all(level.stat().st_mode & 0o001 for level in (playable.parent, playable.parent.parent))
    assert Path(settings.EVIDENCE_DIR).stat().st_mode & 0o001
