"""What is read of ffmpeg's words: lines as ffmpeg 9 wrote them, of clips made for it and of what it could not reach."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drones.ingest.reading import Reading, Source, Trouble
from drones.ingest.treatments import Policy, Treatment, find_trouble, is_hopeless, next_treatment

WITH_SOUND = """\
Input #0, mpegts, from 'b.ts':
  Duration: 00:00:01.02, start: 1.456778, bitrate: 414 kb/s
  Program 1
    Metadata:
      service_name    : Service01
  Stream #0:0[0x100]: Video: h264 (High) ([27][0][0][0] / 0x001B), \
yuv420p(tv, bt709, progressive), 1280x720 [SAR 1:1 DAR 16:9], 29.97 fps, 29.97 tbr, 90k tbn, start 1.480000
  Stream #0:1[0x101](eng): Audio: aac (LC) ([15][0][0][0] / 0x000F), 44100 Hz, mono, fltp, 71 kb/s, start 1.456778
Stream mapping:
  Stream #0:0 -> #0:0 (copy)
Output #0, whip, to 'http://127.0.0.1:9/whip':
  Stream #0:0: Video: vp8, yuv420p, 1x1, 5 fps"""
FLV = """\
Input #0, flv, from 'rtmp://127.0.0.1/live/x':
  Stream #0:0: Video: h264 (Constrained Baseline), yuv420p(progressive), 320x240 [SAR 1:1 DAR 4:3], 1k fps, 25 tbr
Stream mapping:"""
H265 = """\
  Stream #0:0[0x100]: Video: hevc (Main) (HEVC / 0x43564548), yuv420p(tv), 320x240 [SAR 1:1 DAR 4:3], 25 fps, 25 tbr
Stream mapping:
[whip @ 0x56160d008d00] whip muxer supports only codec h264 for type video
[out#0/whip @ 0x56160d07b540] Could not write header (incorrect codec parameters ?): Invalid argument"""
B_FRAMES = """\
[WHIP muxer @ 0x5587cd96c8c0] Unsupported B frames by RTC
[out#0/whip @ 0x5587cda240c0] Could not write header (incorrect codec parameters ?): Not yet implemented in FFmpeg"""
IN_ORDER = [
    "#tb 0: 1/90000",
    "#codec_id 0: h264",
    *(f"0, {n}, {n}, 3600, 1413, 0x5461c9e9" for n in range(0, 9000, 90)),
]
# As x264 with two B-frames wrote them.
OUT_OF_ORDER = [
    "0,      -5110,       2090,     3600,     5020, 0x42b73b86, S=1",
    "0,      -1510,      12890,     3600,     2101, 0x389e0e85, F=0x0",
    "0,       2090,       5690,     3600,     1080, 0x14e7162f, F=0x0",
    "0,       5690,       9290,     3600,      920, 0xf3dddbf1, F=0x0",
]


def read(log: str, packets: list[str] | None = None) -> Reading:
    reading = Reading()
    for line in log.splitlines():
        reading.take_log(line)
    for line in packets or []:
        reading.take_packet(line)
    return reading


def test_source_is_read_whole() -> None:
    assert read(WITH_SOUND).source == Source("h264", "High", "yuv420p", 1280, 720, 29.97, "aac")


def test_source_without_sound_and_by_another_container_is_read() -> None:
    assert read(FLV).source == Source("h264", "Constrained Baseline", "yuv420p", 320, 240, 1000.0)


def test_source_is_known_only_when_its_list_is_whole() -> None:
    assert read(WITH_SOUND.partition("Stream mapping:")[0]).source is None


def test_picture_is_taken_when_the_door_took_it() -> None:
    before, output, _ = WITH_SOUND.partition("Output #0")

    assert not read(before).is_taken
    assert not read(before + "Output #1, framecrc, to 'pipe:1':").is_taken
    assert read(before + output + ", whip, to 'http://127.0.0.1:9/whip':").is_taken


def test_stream_of_which_nothing_is_known_is_read_as_that() -> None:
    source = read("  Stream #0:0: Video: h264, none\nStream mapping:").source

    assert source == Source("h264", "", "none", None, None, None)


@pytest.mark.parametrize(
    ("log", "trouble"),
    [
        (B_FRAMES, Trouble.B_FRAMES),
        (H265, Trouble.CODEC),
        ("Stream map '' matches no streams.\nError opening output files: Invalid argument", Trouble.NO_PICTURE),
        ("[in#0/mpegts @ 0x1] could not find codec parameters\nError opening input file junk.", Trouble.NO_MEDIA),
        ("[in#0 @ 0x1] Error opening input: Invalid data found when processing input", Trouble.NO_MEDIA),
        ("[in#0 @ 0x1] Error opening input: Connection refused", Trouble.UNREACHABLE),
        ("[tcp @ 0x1] Connection to tcp://127.0.0.1:9?timeout=0 failed: Connection refused", Trouble.UNREACHABLE),
        ("[in#0 @ 0x1] Error opening input: No route to host", Trouble.UNREACHABLE),
        ("[in#0 @ 0x1] Error opening input: Connection timed out", Trouble.SILENT),
        ("[rtsp @ 0x1] method DESCRIBE failed: 401 Unauthorized", Trouble.NOT_ADMITTED),
        ("[rtsp @ 0x1] method DESCRIBE failed: 404 Not Found", Trouble.NOT_ADMITTED),
        ("[in#0 @ 0x1] Error opening input: Cannot assign requested address", Trouble.PORT_TAKEN),
        ("[in#0 @ 0x1] Error opening input: Address already in use", Trouble.PORT_TAKEN),
        (f"{FLV}\n[http @ 0x1] HTTP error 401 Unauthorized", Trouble.DOOR_REFUSES),
        (f"{FLV}\n[http @ 0x1] HTTP error 503 Service Unavailable", Trouble.DOOR_AWAY),
        (f"{FLV}\n[out#0/whip @ 0x1] Could not write header (x ?): Connection refused", Trouble.DOOR_AWAY),
        (f"{FLV}\n[in#0/flv @ 0x1] Error during demuxing: Connection timed out", Trouble.SILENT),
        ("Press [q] to stop", None),
    ],
)
def test_cause_of_an_end_is_read(log: str, trouble: Trouble | None) -> None:
    assert read(log).trouble is trouble


def test_first_cause_stands_for_what_follows_says_less() -> None:
    log = "[rtsp @ 0x1] method DESCRIBE failed: 404 Not Found\n[in#0 @ 0x1] Invalid data found when processing input"

    assert read(log).trouble is Trouble.NOT_ADMITTED


def test_what_went_wrong_on_the_way_to_a_picture_is_none_of_its_end() -> None:
    # A camera that asks for a password answers 401 first.
    assert read("[rtsp @ 0x1] method DESCRIBE failed: 401 Unauthorized\n" + FLV).trouble is None


def test_damaged_picture_is_no_cause_of_an_end_hours_later() -> None:
    assert read(f"{FLV}\n[h264 @ 0x1] Invalid data found when processing input").trouble is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Impossible to open 'rtsp://pilot:s3cret@127.0.0.1:9/'", "Impossible to open 'rtsp://127.0.0.1:9/'"),
        ("rtsp://a:b@c:d@host/x rtsp://e@host/y", "rtsp://host/x rtsp://host/y"),
        ("x" * 1_000, "x" * 200),
    ],
)
def test_last_words_for_the_log_hold_no_password_and_no_end(line: str, words: str) -> None:
    assert read(f"{FLV}\n{line}").last_words == words


def test_packets_in_order_are_in_order_and_others_are_not() -> None:
    assert not read(FLV, IN_ORDER).is_out_of_order
    assert read(FLV, OUT_OF_ORDER).is_out_of_order


def test_one_step_back_is_a_clock_that_was_set() -> None:
    later = ["0, 100, 100, 1, 1, 0x1", "0, 20, 20, 1, 1, 0x1"]

    assert not read(FLV, later).is_out_of_order


@pytest.mark.parametrize("line", ["", "#tb 0: 1/1000", "0", "0, x, y", "x, 1, 2", "0, 1, NOPTS, 3", ",,,"])
def test_line_that_is_no_packet_is_passed_over(line: str) -> None:
    assert not read(FLV, [line, *IN_ORDER, line]).is_out_of_order


def test_plain_picture_is_passed_on_as_it_is() -> None:
    reading = read(WITH_SOUND, IN_ORDER)

    assert find_trouble(reading) is None
    assert not is_hopeless(reading)
    assert next_treatment(reading, Policy()) is Treatment.COPY


@pytest.mark.parametrize(
    ("reading", "trouble"),
    [
        (read(f"{FLV}\n{B_FRAMES}"), Trouble.B_FRAMES),
        (read(FLV, OUT_OF_ORDER), Trouble.B_FRAMES),
        (read(FLV.replace("yuv420p", "yuv422p")), Trouble.PIXELS),
        (read(FLV.replace("yuv420p", "yuv420p10le")), Trouble.PIXELS),
    ],
)
def test_picture_that_browsers_cannot_show_in_order_is_encoded_anew(reading: Reading, trouble: Trouble) -> None:
    assert find_trouble(reading) is trouble
    assert is_hopeless(reading)
    assert next_treatment(reading, Policy()) is Treatment.TRANSCODE


def test_h265_is_refused_unless_the_force_allows_to_encode_it_anew() -> None:
    # Seen in the list already, before the muxer says so.
    reading = read(H265.partition("[whip")[0])

    assert find_trouble(reading) is Trouble.CODEC
    assert next_treatment(reading, Policy()) is None
    assert next_treatment(reading, Policy(may_transcode_h265=True)) is Treatment.TRANSCODE


def test_other_codecs_are_refused_whatever_the_force_allows() -> None:
    reading = read(FLV.replace("h264 (Constrained Baseline)", "mpeg4 (Simple Profile)"))

    assert next_treatment(reading, Policy(may_transcode_h265=True)) is None


@pytest.mark.parametrize("log", ["", "  Stream #0:0: Video: h264, none\nStream mapping:"])
def test_nothing_known_is_tried_as_it_is(log: str) -> None:
    assert next_treatment(read(log), Policy()) is Treatment.COPY


def test_lost_line_is_not_hopeless() -> None:
    assert not is_hopeless(read("[in#0 @ 0x1] Error opening input: Connection refused"))


@settings(deadline=None)
@given(st.lists(st.text(max_size=80) | st.text(max_size=40).map(lambda text: f"  Stream #0:0: Video: {text}")))
def test_anything_at_all_is_read_without_raising(lines: list[str]) -> None:
    reading = Reading()
    for line in [*lines, "Stream mapping:"]:
        reading.take_log(line)
        reading.take_packet(line)

    assert reading.source is None or reading.source.audio_codec == ""
