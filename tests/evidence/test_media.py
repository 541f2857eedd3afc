"""From real recordings to one file that plays: what is copied, what is re-encoded, and how long it lasts."""

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from evidence import encoding, media
from evidence.media import NoPicture, Playable
from evidence.sandbox import Deadline, DeadlinePassed, ProgramFailed, open_workshop
from tests.fakes import mjr

LATER = mjr.START_US + 60_000_000


def make(tmp_path: Path, *files: Path, seconds: float = 60) -> Playable:
    return media.make_playable(files, tmp_path / "workshop", Deadline.after(seconds))


def streams_of(path: Path) -> dict[str, dict[str, Any]]:
    """The streams of a file by kind, as ffprobe sees them."""
    command = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["streams"]
    return {stream["codec_type"]: stream for stream in found}


def complaints(path: Path) -> str:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-f", "null", "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stderr


def frames_of(path: Path) -> int:
    command = ["ffprobe", "-v", "error", "-count_packets", "-select_streams", "v", "-of", "json", "-show_streams"]
    facts = json.loads(subprocess.run([*command, str(path)], capture_output=True, check=True).stdout)
    return int(facts["streams"][0]["nb_read_packets"])


@pytest.mark.parametrize(("codec", "ending"), [("h264", ".mp4"), ("vp8", ".webm")])
def test_clean_picture_without_sound_is_copied(tmp_path: Path, codec: str, ending: str) -> None:
    packets = mjr.h264(3) if codec == "h264" else mjr.vp8(3)
    playable = make(tmp_path, mjr.write_mjr(tmp_path / "a.mjr", codec, packets))

    assert not playable.is_reencoded
    assert playable.file.suffix == ending
    assert set(streams_of(playable.file)) == {"video"}
    assert streams_of(playable.file)["video"]["codec_name"] == codec
    assert frames_of(playable.file) == 75
    assert abs(playable.duration_ms - 3000) <= 40


def test_poster_has_full_size_and_thumbnails_are_small(tmp_path: Path) -> None:
    playable = make(tmp_path, mjr.write_mjr(tmp_path / "a.mjr", "h264", mjr.h264(3, "640x480")))

    assert streams_of(playable.poster)["video"]["width"] == 640
    assert len(playable.thumbnails) == 6
    assert {streams_of(path)["video"]["width"] for path in playable.thumbnails} == {320}
    assert len({path.read_bytes() for path in playable.thumbnails}) == 6


@pytest.mark.parametrize("make_packets", [mjr.vp8, mjr.h264])
def test_poster_is_cut_from_every_codec(tmp_path: Path, make_packets: Callable[..., Sequence[mjr.Packet]]) -> None:
    packets = make_packets(2, "640x480")
    playable = make(tmp_path, mjr.write_mjr(tmp_path / "a.mjr", make_packets.__name__, packets))

    assert streams_of(playable.poster)["video"]["width"] == 640


@pytest.mark.parametrize("codec", ["h264", "vp8"])
def test_sound_is_muxed_where_it_was(tmp_path: Path, codec: str) -> None:
    packets = mjr.h264(3) if codec == "h264" else mjr.vp8(3)
    late = mjr.START_US + 400_000
    picture = mjr.write_mjr(tmp_path / "v.mjr", codec, packets, start_us=late)
    playable = make(tmp_path, picture, mjr.write_mjr(tmp_path / "a.mjr", "opus", mjr.opus(3)))
    streams = streams_of(playable.file)

    assert not playable.is_reencoded
    assert set(streams) == {"video", "audio"}
    lag = float(streams["video"]["start_time"]) - float(streams["audio"]["start_time"])
    assert lag == pytest.approx(0.4, abs=0.03)


@pytest.mark.parametrize(("codec", "every"), [("h264", 1000), ("vp8", 30)])
def test_picture_with_lost_packets_is_reencoded_and_then_clean(tmp_path: Path, codec: str, every: int) -> None:
    whole = mjr.h264(3) if codec == "h264" else mjr.vp8(3)
    middle = len(whole) // 2
    lossy = mjr.lose(whole, every=every, gap=range(middle, middle + 10))
    playable = make(tmp_path, mjr.write_mjr(tmp_path / "a.mjr", codec, lossy))

    assert playable.is_reencoded
    assert playable.media_type == "video/mp4"
    assert complaints(playable.file) == ""
    assert abs(playable.duration_ms - 3000) <= 120


def test_two_segments_are_joined_in_their_order(tmp_path: Path) -> None:
    second = mjr.write_mjr(tmp_path / "a.mjr", "h264", mjr.h264(2), start_us=LATER)
    first = mjr.write_mjr(tmp_path / "b.mjr", "h264", mjr.h264(3))
    playable = make(tmp_path, second, first)

    assert not playable.is_reencoded
    assert complaints(playable.file) == ""
    assert abs(playable.duration_ms - 5000) <= 80
    assert [row["started_at"] for row in playable.segments] == [
        "2030-03-17T17:46:40.000Z",
        "2030-03-17T17:47:40.000Z",
    ]
    assert playable.segments[1]["offset_ms"] == pytest.approx(3000, abs=40)


def test_segments_that_do_not_fit_are_reencoded_to_one_size(tmp_path: Path) -> None:
    first = mjr.write_mjr(tmp_path / "a.mjr", "h264", mjr.h264(2))
    second = mjr.write_mjr(tmp_path / "b.mjr", "vp8", mjr.vp8(2, "640x480"), start_us=LATER)
    sound = mjr.write_mjr(tmp_path / "c.mjr", "opus", mjr.opus(2), start_us=LATER)
    playable = make(tmp_path, first, second, sound)
    streams = streams_of(playable.file)

    assert playable.is_reencoded
    assert (streams["video"]["width"], streams["video"]["height"]) == (640, 480)
    assert complaints(playable.file) == ""
    assert abs(playable.duration_ms - 4000) <= 160
    assert float(streams["audio"]["duration"]) == pytest.approx(4.0, abs=0.2)


def test_picture_that_grows_keeps_its_largest_size_when_reencoded(tmp_path: Path) -> None:
    small, large = mjr.vp8(2), mjr.vp8(2, "640x480")
    grown = [*small, *(mjr.Packet(p.payload, p.at_ms + 2000, p.ticks + 180_000, p.is_last) for p in large)]
    lossy = mjr.lose(grown, every=40, gap=range(0))
    playable = make(tmp_path, mjr.write_mjr(tmp_path / "a.mjr", "vp8", lossy))

    assert playable.is_reencoded
    assert streams_of(playable.file)["video"]["width"] == 640


def test_recording_of_a_killed_server_plays_up_to_where_it_ends(tmp_path: Path) -> None:
    path = mjr.write_mjr(tmp_path / "a.mjr.part", "h264", mjr.h264(4))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])
    playable = make(tmp_path, path)

    assert complaints(playable.file) == ""
    assert 2_400 <= playable.duration_ms <= 3_600


def test_sound_that_cannot_be_read_does_not_cost_the_picture(tmp_path: Path) -> None:
    noise = [mjr.Packet(b"", p.at_ms, p.ticks, p.is_last) for p in mjr.opus(3)]
    noise[0] = mjr.opus(3)[0]
    noise[-1] = mjr.Packet(b"\xff", 2980, 143_040, True)
    sound = mjr.write_mjr(tmp_path / "a.mjr", "opus", noise)
    playable = make(tmp_path, mjr.write_mjr(tmp_path / "v.mjr", "h264", mjr.h264(3)), sound)

    assert "video" in streams_of(playable.file)


def test_track_that_was_opened_and_never_written_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.mjr").write_bytes(b"MJR00002")
    playable = make(tmp_path, tmp_path / "a.mjr", mjr.write_mjr(tmp_path / "v.mjr", "h264", mjr.h264(2)))

    assert set(streams_of(playable.file)) == {"video"}


def test_sound_alone_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(NoPicture):
        make(tmp_path, mjr.write_mjr(tmp_path / "a.mjr", "opus", mjr.opus(2)))


def test_work_ends_at_its_deadline(tmp_path: Path) -> None:
    with pytest.raises(DeadlinePassed):
        make(tmp_path, mjr.write_mjr(tmp_path / "a.mjr", "h264", mjr.h264(3)), seconds=0.05)


def test_file_that_refers_to_others_reads_none_of_them(tmp_path: Path) -> None:
    """A payload cannot make ffmpeg open a path or an address: inputs are read by a forced demuxer."""
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    packets = [mjr.Packet(b"\x65" + playlist * 20, n * 40, n * 3600, True) for n in range(50)]
    hostile = mjr.write_mjr(tmp_path / "a.mjr", "h264", packets)

    with pytest.raises((ProgramFailed, NoPicture)):
        make(tmp_path, hostile)


def test_link_that_a_program_left_in_the_workshop_is_not_written_through(tmp_path: Path) -> None:
    workshop, outside = tmp_path / "workshop", tmp_path / "outside"
    open_workshop(workshop)
    outside.write_text("of the worker's own")
    (workshop / "join.txt").symlink_to(outside)
    clip = encoding.Clip("absent.mp4", "h264", 2, 2, "", has_sound=False, duration_ms=1)

    with pytest.raises(ProgramFailed):
        encoding.join([clip], "joined.mp4", workshop, Deadline.after(20))

    assert outside.read_text() == "of the worker's own"
    assert (workshop / "join.txt").read_text().startswith("file absent.mp4")
