"""From tracks of many people to one film: the right picture at the right place at the right time, and every voice."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from evidence import composing, filming, grids, media
from evidence.media import NoPicture
from evidence.sandbox import DeadlinePassed, ProgramFailed
from tests.evidence.films import COLOURS, GROUND, TILE, Call, Frame, iso, loudness
from tests.evidence.test_media import complaints, frames_of, streams_of
from tests.fakes import mjr
from tests.fakes.mjr import Packet


@pytest.fixture
def call(tmp_path: Path) -> Call:
    return Call(tmp_path)


def test_everybody_is_seen_where_and_when_they_were_there(call: Call) -> None:
    officer, victim, adult = call.add("PC Ade", "officer"), call.add("Ann"), call.add("Łucja", "appropriate_adult")
    call.record(officer, "vp8", mjr.plain(9, "red"))
    call.record(victim, "vp8", mjr.plain(6, "blue"), at_s=3)
    call.record(adult, "vp8", mjr.plain(3, "lime"), at_s=6)
    film = call.compose()

    alone, two, three = (Frame(film.file, second) for second in (1.5, 4.5, 7.5))
    assert alone.shows(COLOURS["red"], 640, 360)
    assert not alone.has(COLOURS["blue"])
    assert [two.shows(COLOURS[colour], x, 360) for colour, x in (("red", 320), ("blue", 960))] == [True, True]
    assert not two.has(COLOURS["lime"])
    places = (("red", 320, 180), ("blue", 960, 180), ("lime", 320, 540))
    assert [three.shows(COLOURS[colour], x, y) for colour, x, y in places] == [True, True, True]
    assert three.shows(GROUND, 960, 540)


def test_film_is_what_every_browser_plays_and_as_long_as_the_call(call: Call) -> None:
    for number, colour in enumerate(("red", "blue")):
        feed = call.add(colour)
        call.record(feed, "vp8", mjr.plain(5, colour), at_s=number * 2)
        call.record(feed, "opus", mjr.opus(5), at_s=number * 2)
    film = call.compose()
    streams = streams_of(film.file)

    assert (streams["video"]["codec_name"], streams["audio"]["codec_name"]) == ("h264", "aac")
    assert (streams["video"]["width"], streams["video"]["height"]) == composing.SIZE
    assert (film.media_type, film.is_whole) == ("video/mp4", True)
    assert film.duration_ms == pytest.approx(7_000, abs=100)
    assert frames_of(film.file) == pytest.approx(7 * 15, abs=1)
    assert complaints(film.file) == ""
    assert film.file.read_bytes().index(b"moov") < film.file.read_bytes().index(b"mdat")
    assert film.segments == [
        {
            "started_at": "2030-03-17T17:46:40.000Z",
            "offset_ms": 0,
            "duration_ms": pytest.approx(7_000, abs=100),
            "part": 1,
        }
    ]
    assert film.poster.exists()
    assert film.thumbnails


def test_every_voice_is_heard_at_its_time(call: Call) -> None:
    first, second = call.add("A"), call.add("B")
    call.record(first, "vp8", mjr.plain(8, "red"))
    call.record(first, "opus", mjr.opus(3, 440))
    call.record(second, "opus", mjr.opus(3, 1_320), at_s=4)
    film = call.compose()

    assert loudness(film.file, 440, 1) > 0.02
    assert loudness(film.file, 1_320, 1) < 0.005
    assert loudness(film.file, 1_320, 5.5) > 0.02
    assert loudness(film.file, 440, 5.5) < 0.005


def test_voice_after_a_silence_is_heard_at_its_time(call: Call) -> None:
    feed = call.add("A")
    call.record(feed, "vp8", mjr.plain(8, "red"))
    call.record(feed, "opus", mjr.pause(mjr.opus(8, 440), since_ms=2_000, until_ms=5_000))
    film = call.compose()

    heard = [loudness(film.file, 440, since) > 0.02 for since in (1, 3.2, 5.5, 7)]
    assert heard == [True, False, True, True]
    assert film.duration_ms == pytest.approx(8_000, abs=100)


def test_nobody_is_drowned_out_or_lost_when_many_speak(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filming, "_MOST_MIXED", 2)
    tones = (440, 660, 880, 1_320, 1_760)
    for hertz in tones:
        call.record(call.add(str(hertz)), "opus", mjr.opus(3, hertz))
    film = call.compose()

    assert [loudness(film.file, hertz, 1) > 0.02 for hertz in tones] == [True] * len(tones)


def test_camera_that_goes_off_leaves_a_tile_with_the_name(call: Call) -> None:
    other, feed = call.add("Ann"), call.add("Bea")
    call.record(other, "vp8", mjr.plain(9, "lime"))
    call.record(feed, "vp8", mjr.pause(mjr.plain(9, "blue"), since_ms=3_000, until_ms=6_000))
    call.record(feed, "opus", mjr.opus(9))
    film = call.compose()

    on, off, again = (Frame(film.file, second) for second in (1.5, 4.5, 7.5))
    assert on.shows(COLOURS["blue"], 960, 360)
    assert off.shows(TILE, 960, 250)
    assert not off.has(COLOURS["blue"])
    assert off.shows(COLOURS["lime"], 320, 360)
    assert again.shows(COLOURS["blue"], 960, 360)


def test_sound_alone_makes_a_film_with_a_tile(call: Call) -> None:
    call.record(call.add("Ann"), "opus", mjr.opus(4))
    film = call.compose()

    assert film.is_whole
    assert Frame(film.file, 2).shows(TILE, 640, 100)
    assert loudness(film.file, 440, 1) > 0.02


def test_name_is_drawn_on_its_tile_and_on_no_other(call: Call) -> None:
    named, nameless = call.add("M" * 30, ""), call.add("", "")
    for feed in (named, nameless):
        call.record(feed, "opus", mjr.opus(3))
    frame = Frame(call.compose().file, 1.5)
    white = (255, 255, 255)
    drawn = [x for x in range(0, grids.WIDTH, 2) for y in range(340, 380, 2) if frame.shows(white, x, y)]

    assert len(drawn) > 50
    assert max(drawn) < 640


@pytest.mark.parametrize(
    "name",
    [
        "<b>Ann</b> {\\fs200}& Co",
        "فاطمہ بی بی",
        "🙂👨\u200d👩\u200d👧🇬🇧",
        "x" * 300,
        "a\nb\\Nc\u202ed\x00",
        "'; [out] ,",
    ],
    ids=["markup", "right to left", "emoji", "300", "control", "quoting"],
)
def test_film_is_made_whatever_people_call_themselves(call: Call, name: str) -> None:
    feed = call.add(name)
    call.record(feed, "vp8", mjr.plain(2, "red"))
    other = call.add("Ann")
    call.record(other, "vp8", mjr.plain(2, "blue"))
    frame = Frame(call.compose().file, 1)

    assert frame.shows(COLOURS["red"], 320, 300)
    assert frame.shows(COLOURS["blue"], 960, 300)


def test_second_part_follows_a_card_and_says_when_it_began(call: Call) -> None:
    feed = call.add("Ann")
    call.record(feed, "vp8", mjr.plain(4, "red"))
    call.record(feed, "opus", mjr.opus(4, 440))
    call.record(feed, "vp8", mjr.plain(4, "blue"), at_s=600)
    call.record(feed, "opus", mjr.opus(4, 1_320), at_s=600)
    film = call.compose([{"from": iso(4.1), "to": iso(599.8), "reason": "media_server_lost"}])

    assert film.duration_ms == pytest.approx(10_000, abs=150)
    first, second = film.segments
    assert (first["offset_ms"], second["started_at"][:19]) == (0, "2030-03-17T17:56:40")
    assert (first["part"], second["part"]) == (1, 2)
    assert second["offset_ms"] == pytest.approx(6_000, abs=100)
    card = Frame(film.file, 5)
    assert card.has((255, 255, 255))
    assert not card.has(COLOURS["red"])
    assert Frame(film.file, 8).shows(COLOURS["blue"], 640, 360)
    assert loudness(film.file, 440, 4.6) < 0.005
    assert loudness(film.file, 1_320, 7) > 0.02


def test_screen_is_large_and_its_owner_beside_it(call: Call) -> None:
    feed = call.add("Ann", "officer")
    screen = call.add("Ann", "officer", "screen")
    call.record(feed, "vp8", mjr.plain(6, "red"))
    call.record(screen, "vp8", mjr.plain(3, "yellow", "640x360"), at_s=3)
    frame = Frame(call.compose().file, 4.5)

    assert frame.shows(COLOURS["yellow"], 480, 360)
    assert frame.shows(COLOURS["red"], 1_120, 360)


def test_whoever_signs_stays_large(call: Call) -> None:
    signing = call.add("Bea", "bsl_interpreter")
    call.record(signing, "vp8", mjr.plain(3, "lime"))
    for number in range(6):
        call.record(call.add(str(number)), "vp8", mjr.plain(3, "red"))
    frame = Frame(call.compose().file, 1.5)

    assert all(frame.shows(COLOURS["lime"], x, y) for x, y in ((40, 200), (600, 200), (320, 480)))


def test_lossy_picture_is_decoded_with_concealment(call: Call) -> None:
    feed = call.add("Ann")
    whole = mjr.vp8(4, "640x480")
    call.record(feed, "vp8", mjr.lose(whole, every=30, gap=range(40, 60)))
    film = call.compose()

    assert film.is_whole
    assert complaints(film.file) == ""
    assert film.duration_ms == pytest.approx(4_000, abs=100)


def test_track_that_cannot_be_decoded_costs_nobody_else(call: Call) -> None:
    bad, good = call.add("Ann"), call.add("Bea")
    call.record(bad, "vp8", [Packet(b"\x10\xff" + b"\x00" * 50, n * 40, n * 3_600, True) for n in range(100)])
    call.record(good, "vp8", mjr.plain(4, "blue"))
    film = call.compose()

    assert not film.is_whole
    frame = Frame(film.file, 2)
    assert frame.shows(TILE, 320, 100)
    assert frame.shows(COLOURS["blue"], 960, 360)


def test_sound_that_cannot_be_unpacked_costs_no_other_voice(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    call.record(call.add("Ann"), "opus", mjr.opus(3, 440))
    broken = call.record(call.add("Bea"), "opus", mjr.opus(3, 880))
    unpack = media.unpack

    def fail(track: Any, *rest: Any) -> str:
        if track.path == broken:
            raise ProgramFailed("unreadable")
        return unpack(track, *rest)

    monkeypatch.setattr(media, "unpack", fail)
    film = call.compose()

    assert not film.is_whole
    assert loudness(film.file, 440, 1) > 0.02
    assert loudness(film.file, 880, 1) < 0.005


def test_tracks_of_somebody_who_is_not_in_the_cast_are_not_lost(call: Call) -> None:
    call.record(call.add("Ann"), "vp8", mjr.plain(3, "red"))
    call.record(str(uuid4()), "vp8", mjr.plain(3, "blue"))
    frame = Frame(call.compose().file, 1.5)

    assert frame.shows(COLOURS["red"], 320, 360)
    assert frame.shows(COLOURS["blue"], 960, 360)


def test_whoever_was_left_out_has_no_tile(call: Call) -> None:
    call.cast.append({"role": "victim", "source": "camera", "is_left_out": True})
    call.record(call.add("Ann"), "vp8", mjr.plain(3, "red"))

    assert Frame(call.compose().file, 1.5).shows(COLOURS["red"], 640, 360)


def test_call_of_which_nothing_was_recorded_makes_no_film(call: Call) -> None:
    call.add("Ann")
    (call.path / "empty.mjr").write_bytes(b"MJR00002")
    call.files.append(call.path / "empty.mjr")

    with pytest.raises(NoPicture):
        call.compose()


def test_film_ends_at_its_deadline(call: Call) -> None:
    call.record(call.add("Ann"), "vp8", mjr.plain(3, "red"))

    with pytest.raises(DeadlinePassed):
        call.compose(seconds=0.05)
