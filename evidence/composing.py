"""From the recorded tracks of a call to one film: everybody in a grid with names, and the sound of all.

Nothing here touches the database; every program runs in `evidence.sandbox`, and every file is named relative to the
workshop. Consent is not asked for here: what nobody agreed to was never recorded. A track of which nothing can be
decoded does not cost the others: its tile says the name, and its original is still evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from evidence import filming, grids, media
from evidence.captions import Tile
from evidence.filming import Heard, Shown
from evidence.media import NoPicture, Playable
from evidence.mjr import VIDEO_CONTAINERS, NotARecording, Track, read_track
from evidence.sandbox import Deadline, ProgramFailed, open_workshop
from evidence.stretches import FPS, Part, Present, Stretch, Trace, find_parts

SIZE = (grids.WIDTH, grids.HEIGHT)
CARD_FRAMES = 2 * FPS
SCREEN = "screen"
_SIGNS = "bsl_interpreter"


@dataclass(frozen=True, slots=True)
class Member:
    """A feed of the call as its item's `cast` has it; `feed_id` is empty of what nobody knows."""

    feed_id: str
    name: str
    role: str
    source: str


@dataclass(frozen=True, slots=True)
class Take:
    """One track of a member (by seat), and the file in the workshop that was made of it; None when nothing could be."""

    seat: int
    track: Track
    made: str | None


@dataclass(frozen=True, slots=True)
class _Line:
    """The film's line: `zero_us` is the wall clock of the first packet of all."""

    zero_us: int

    def frame(self, at_us: int) -> int:
        return round((at_us - self.zero_us) * FPS / 1_000_000)

    def clock(self, frame: int) -> datetime:
        return datetime.fromtimestamp((self.zero_us + frame * 1_000_000 / FPS) / 1_000_000, UTC)


def compose(
    files: Sequence[Path],
    cast: Iterable[Mapping[str, Any]],
    gaps: Iterable[Mapping[str, Any]],
    workshop: Path,
    deadline: Deadline,
) -> Playable:
    """Make the film of all `files` (.mjr, .mjr.part) of one call in `workshop`, emptied first.

    `cast` and `gaps` are the item's. Raises NoPicture when nothing at all was recorded, sandbox.ProgramFailed,
    sandbox.SandboxUnavailable.
    """
    members = [_member(row) for row in cast if row.get("feed_id")]
    found = _find_tracks(files, members)
    if not found:
        raise NoPicture("nothing was recorded")
    open_workshop(workshop)
    filming.lay_out_fonts(workshop)
    line = _Line(min(track.first_us for _, track in found))
    takes = [_take(seat, track, number, members, workshop, deadline) for number, (seat, track) in enumerate(found)]
    parts = find_parts([_trace(line, number, take) for number, take in enumerate(takes)], _known(line, gaps))
    pieces = [piece for part in parts for piece in _film_part(part, line, takes, members, workshop, deadline)]
    sound = filming.mix([heard for take in takes for heard in _heard(take, line, parts)], workshop, deadline)
    whole = filming.finish(pieces, sound, workshop, deadline)
    poster, thumbnails = media.cut_pictures(whole, workshop, deadline)
    return Playable(
        file=workshop / whole.name,
        media_type="video/mp4",
        duration_ms=whole.duration_ms,
        segments=_rows(parts, line),
        poster=poster,
        thumbnails=thumbnails,
        is_reencoded=True,
        is_whole=all(take.made is not None for take in takes),
    )


def _member(row: Mapping[str, Any]) -> Member:
    return Member(*(str(row.get(name, "")) for name in ("feed_id", "name", "role", "source")))


def _find_tracks(files: Sequence[Path], members: list[Member]) -> list[tuple[int, Track]]:
    """Read the tracks, oldest first, each with the seat of whose it is; who is not in the cast sits at the end."""
    found = []
    for path in files:
        try:
            track = read_track(path)
        except NotARecording:
            continue
        if track.medium == "video" and track.codec not in VIDEO_CONTAINERS:
            continue
        seat = next((seat for seat, one in enumerate(members) if one.feed_id and one.feed_id in path.name), None)
        if seat is None:
            seat = len(members)
            members.append(Member("", "", "", ""))
        found.append((seat, track))
    return sorted(found, key=lambda pair: pair[1].first_us)


def _take(seat: int, track: Track, number: int, members: Sequence[Member], workshop: Path, deadline: Deadline) -> Take:
    """Unpack a track; of a picture make the film in one size that stretches are cut from."""
    try:
        if track.medium == "audio":
            name = media.unpack(track, f"{number}.opus", workshop, deadline)
            filming.require_sound(name, workshop, deadline)
            return Take(seat, track, name)
        name = media.unpack(track, f"{number}.v.{VIDEO_CONTAINERS[track.codec]}", workshop, deadline)
        size = filming.SCREEN if members[seat].source == SCREEN else filming.PICTURE
        filming.normalise(name, size, f"{number}.mp4", workshop, deadline)
    except ProgramFailed:
        deadline.left()
        return Take(seat, track, None)
    (workshop / name).unlink(missing_ok=True)
    return Take(seat, track, f"{number}.mp4")


def _trace(line: _Line, number: int, take: Take) -> Trace:
    """Return where a track lies on the line; of the takes its picture is the one with this number."""
    first, last = line.frame(take.track.first_us), line.frame(take.track.last_us)
    is_shown = take.track.medium == "video" and take.made is not None
    holes = tuple((line.frame(since), line.frame(until)) for since, until in take.track.gaps_us) if is_shown else ()
    return Trace(take.seat, number if is_shown else None, first, max(last, first + 1), holes)


def _known(line: _Line, gaps: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Return the item's gaps on the line; one without both ends is none that could lie between two parts."""
    ends = [(gap.get("from"), gap.get("to")) for gap in gaps]
    return [(_frame_of(line, since), _frame_of(line, until)) for since, until in ends if since and until]


def _frame_of(line: _Line, at: str) -> int:
    return line.frame(round(datetime.fromisoformat(at).timestamp() * 1_000_000))


def _film_part(
    part: Part, line: _Line, takes: Sequence[Take], members: Sequence[Member], workshop: Path, deadline: Deadline
) -> list[tuple[str, int]]:
    """Film a part, with a card before all but the first; returns the pieces' names and frames."""
    pieces = []
    if part.start:
        card = filming.shoot_card(_card(part, line), CARD_FRAMES, f"card-{part.start}", workshop, deadline)
        pieces.append((card, CARD_FRAMES))
    for stretch in part.stretches:
        frames, name = stretch.end - stretch.start, f"stretch-{stretch.start}"
        shown = _shown(stretch, line, takes, members)
        pieces.append((filming.shoot(shown, frames, name, workshop, deadline), frames))
    return pieces


def _card(part: Part, line: _Line) -> list[str]:
    at = line.clock(part.start).astimezone(ZoneInfo(settings.TIME_ZONE))
    words = f"Part {part.number}" if part.is_new else f"Part {part.number} goes on"
    return [f"{words}, {at:%H:%M:%S}"]


def _shown(stretch: Stretch, line: _Line, takes: Sequence[Take], members: Sequence[Member]) -> list[Shown]:
    """Return the tiles of a stretch; a screen without a picture has none."""
    there = [one for one in stretch.people if one.picture is not None or members[one.seat].source != SCREEN]
    screens = [one.seat for one in there if members[one.seat].source == SCREEN]
    screen = screens[0] if screens else None
    people = [one.seat for one in there if one.seat != screen]
    signing = {seat for seat in people if members[seat].role == _SIGNS}
    cells = grids.lay_out(people, signing, screen)
    return [_tile(one, cells[one.seat], stretch, line, takes, members[one.seat]) for one in there]


def _tile(
    one: Present, cell: grids.Cell, stretch: Stretch, line: _Line, takes: Sequence[Take], member: Member
) -> Shown:
    tile = Tile(cell, member.name, member.role, one.picture is not None, member.source == SCREEN)
    if one.picture is None:
        return Shown(tile)
    take = takes[one.picture]
    return Shown(tile, take.made, stretch.start - line.frame(take.track.first_us))


def _heard(take: Take, line: _Line, parts: Sequence[Part]) -> list[Heard]:
    """Return the sound of a take at its place in the film."""
    if take.track.medium != "audio" or take.made is None:
        return []
    first = line.frame(take.track.first_us)
    part = next(part for part in parts if part.start <= first < part.end)
    late_us = take.track.first_us - line.zero_us - part.start * 1_000_000 / FPS
    return [Heard(take.made, max(0, round(_offset(part, parts) * 1000 / FPS + late_us / 1000)))]


def _offset(part: Part, parts: Sequence[Part]) -> int:
    """Return the frame of the film at which a part begins, after its card."""
    before = parts[: parts.index(part)]
    return sum(one.end - one.start + CARD_FRAMES for one in before)


def _rows(parts: Sequence[Part], line: _Line) -> list[dict[str, Any]]:
    """Say for each part when it began and where it lies in the film."""
    return [
        {
            "started_at": line.clock(part.start).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "offset_ms": round(_offset(part, parts) * 1000 / FPS),
            "duration_ms": round((part.end - part.start) * 1000 / FPS),
            "part": part.number,
        }
        for part in parts
    ]
