"""Reading recordings: whole ones, ones whose writer was killed, and what is no recording."""

from pathlib import Path

import pytest

from evidence.mjr import NotARecording, read_track
from tests.fakes import mjr


def test_reader_reads_codec_start_and_span(tmp_path: Path) -> None:
    track = read_track(mjr.write_mjr(tmp_path / "a.mjr", "h264", mjr.h264(2)))

    assert (track.medium, track.codec, track.first_us) == ("video", "h264", mjr.START_US)
    assert track.span_ms == 1960
    assert track.packets == len(mjr.h264(2))


def test_reader_takes_a_truncated_file_up_to_its_last_whole_packet(tmp_path: Path) -> None:
    path = mjr.write_mjr(tmp_path / "a.mjr.part", "vp8", mjr.vp8(2))
    path.write_bytes(path.read_bytes()[:-3])

    assert read_track(path).packets == len(mjr.vp8(2)) - 1


@pytest.mark.parametrize(
    "content",
    [b"", b"MJR00002", b"MJR00002\x00\x05{not}", b"MJR00002\x00\x02[]", b"MJR00001\x00\x02{}", b"GIF89a" * 20],
    ids=["empty", "opened and never written", "broken header", "no object", "older format", "another format"],
)
def test_reader_refuses_what_holds_no_media(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mjr"
    path.write_bytes(content)

    with pytest.raises(NotARecording):
        read_track(path)


def test_reader_finds_when_nothing_came_for_more_than_a_second(tmp_path: Path) -> None:
    whole = mjr.vp8(6)
    paused = mjr.pause(whole, since_ms=1_000, until_ms=3_000)
    moment = mjr.pause(paused, since_ms=4_000, until_ms=4_900)
    track = read_track(mjr.write_mjr(tmp_path / "a.mjr", "vp8", moment))

    assert track.gaps_us == ((mjr.START_US + 960_000, mjr.START_US + 3_000_000),)
    assert read_track(mjr.write_mjr(tmp_path / "b.mjr", "vp8", whole)).gaps_us == ()


def test_tracks_overlap_for_the_time_both_ran(tmp_path: Path) -> None:
    video = read_track(mjr.write_mjr(tmp_path / "v.mjr", "h264", mjr.h264(2)))
    sound = mjr.write_mjr(tmp_path / "a.mjr", "opus", mjr.opus(2), start_us=mjr.START_US + 1_000_000)
    later = mjr.write_mjr(tmp_path / "b.mjr", "opus", mjr.opus(2), start_us=mjr.START_US + 9_000_000)

    assert video.overlap_us(read_track(sound)) == 960_000
    assert video.overlap_us(read_track(later)) == 0
