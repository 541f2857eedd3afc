"""Storage: what is written is what was hashed, and nothing outside the two directories is ever touched."""

import hashlib
import os
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from evidence import storage

STREAM = uuid4()


def recorded(name: str, content: bytes = b"MJR00002", age_s: float = 60) -> Path:
    directory = Path(settings.RECORDINGS_DIR) / "herts" / "session"
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_bytes(content)
    then = path.stat().st_mtime - age_s
    os.utime(path, (then, then))
    return path


@pytest.mark.parametrize("directory", ["", "..", "../evidence", "herts/../..", "/etc"])
def test_directory_outside_the_recordings_is_refused(directory: str) -> None:
    with pytest.raises(ValueError, match="among the recordings"):
        storage.source_files(directory, [STREAM])


def test_link_in_place_of_a_recording_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    recorded("x.mjr").unlink()
    link = Path(settings.RECORDINGS_DIR) / "herts" / "session" / f"{STREAM}.mjr"
    link.symlink_to(tmp_path / "secret")

    with pytest.raises(OSError, match="symbolic links"):
        storage.keep(link, "herts", uuid4(), "a.mjr", role="original", media_type="application/octet-stream")


def test_pipe_in_place_of_a_recording_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mjr")

    with pytest.raises(ValueError, match="no regular file"):
        storage.keep(tmp_path / "pipe.mjr", "herts", uuid4(), "a.mjr", role="original", media_type="video/webm")


def test_kept_file_is_hashed_read_only_and_can_be_served_but_not_listed() -> None:
    item_id, content = uuid4(), os.urandom(3_000_000)
    source = recorded(f"{STREAM}-video-0.mjr", content)
    kept = storage.keep(source, "herts", item_id, "a.mjr", role="original", media_type="application/octet-stream")
    directory = storage.item_directory("herts", item_id)

    assert (directory / "a.mjr").read_bytes() == content
    assert (kept.sha256, kept.bytes) == (hashlib.sha256(content).hexdigest(), 3_000_000)
    assert (directory / "a.mjr").stat().st_mode & 0o777 == 0o444
    assert directory.stat().st_mode & 0o777 == 0o711
    assert [path.name for path in directory.iterdir()] == ["a.mjr"]


def test_failed_write_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    item_id = uuid4()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        storage.keep(recorded("x.mjr"), "herts", item_id, "a.mjr", role="original", media_type="video/webm")

    assert list(storage.item_directory("herts", item_id).iterdir()) == []


def test_sources_are_those_of_the_stream_only() -> None:
    mine = recorded(f"videoroom-r-user-{STREAM}-1-video-0.mjr")
    killed = recorded(f"videoroom-r-user-{STREAM}-2-video-0.mjr.part")
    others = recorded(f"videoroom-r-user-{uuid4()}-1-video-0.mjr")
    recorded(f"{STREAM}.txt")

    assert storage.source_files("herts/session", [STREAM]) == [mine, killed]
    assert storage.original_name(killed) == f"videoroom-r-user-{STREAM}-2-video-0.mjr"

    storage.erase_sources("herts/session", [STREAM])
    assert not mine.exists()
    assert not killed.exists()
    assert others.exists()


def test_recording_that_still_grows_is_waited_for() -> None:
    recorded(f"{STREAM}-video-0.mjr.part", age_s=0)

    with pytest.raises(storage.RecordingStillOpen):
        storage.source_files("herts/session", [STREAM])


def test_last_stream_takes_the_directory_along() -> None:
    path = recorded(f"{STREAM}-video-0.mjr")

    storage.erase_sources("herts/session", [STREAM])

    assert not path.parent.exists()
    assert Path(settings.RECORDINGS_DIR).exists()
    storage.erase_sources("herts/session", [STREAM])  # again: what is gone is no error


def test_erased_item_leaves_no_file() -> None:
    item_id = uuid4()
    storage.keep(recorded("x.mjr"), "herts", item_id, "a.mjr", role="original", media_type="video/webm")
    storage.workshop("herts", item_id).mkdir(parents=True)

    storage.erase_item_files("herts", item_id)
    storage.erase_item_files("herts", item_id)

    assert not storage.item_directory("herts", item_id).exists()
    assert not storage.workshop("herts", item_id).exists()
