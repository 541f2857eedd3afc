"""Faults of storage: no room left under a recording that runs."""

import time

import pytest

from config.services.identities import is_root
from tests.conftest import wait_until
from tests.faults.supervised import ROOMY
from tests.faults.world import World

ALARM_S = 5.0


@pytest.mark.skipif(not is_root(), reason="ONLY ROOT MAY MOUNT: a full disk under recordings is NOT tested here")
def test_disk_full_raises_the_alarm_and_leaves_the_picture_alone(world: World) -> None:
    # Switch: `is_full` in `Upkeep.check_recordings`; growth alone is missed two seconds later.
    stream = world.stream()
    of = f"FROM herts.streams_recordingsegment WHERE stream_id = '{stream.split('|')[0]}'"
    wait_until(lambda: world.sql(f"SELECT state {of}") == "recording", 10, why=lambda: world.sql(f"SELECT state {of}"))
    place = world.stack.installation.directories.recordings
    written = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    world.stack.limit_recordings(str(written))
    full = time.monotonic()
    try:
        with pytest.raises(OSError, match="No space left"):
            (place / "more").write_bytes(bytes(1 << 20))
        wait_until(
            lambda: world.recording_words() == "not recording",
            ALARM_S - (time.monotonic() - full),
            world.recording_words,
        )
        assert world.is_live()
        assert world.sql(f"SELECT state {of}") == "alarm"
    finally:
        (place / "more").unlink(missing_ok=True)
        world.stack.limit_recordings(ROOMY)
    wait_until(lambda: world.sql(f"SELECT state {of}") == "recording", 10, why=lambda: world.sql(f"SELECT state {of}"))
    assert world.stream() == stream
    assert world.sql(f"SELECT alarm_reason {of}") == "recording_no_space", "what is missing is remembered"
