"""From a sequence's pictures to one archive, which is the original, and one film, in which it is looked at.

The archive (ZIP, stored) holds each picture bit for bit as the phone sent it, and `manifest.json` with times, sizes,
hashes and places. The film shows each picture for as long as it was the newest one, so that its time is true.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from evidence import encoding, gathering, pictures
from evidence.encoding import Clip
from evidence.media import NoPicture, Playable
from evidence.sandbox import Deadline, open_workshop
from evidence.services.sequences import Pictured

LAST_SHOWN_MS = 3_000
"""How long the last picture is shown: nobody knows what would have followed."""
LONGEST_SIDE = 1_280
_MODE = 0o100444 << 16


@dataclass(frozen=True, slots=True)
class Packed:
    """The archive, and whether every picture was found on the disk as it came."""

    file: Path
    is_complete: bool


def pack(schema: str, item_id: UUID, found: Sequence[Pictured], workshop: Path) -> Packed:
    """Write the archive of the pictures in `workshop`, emptied first; of the same pictures it is the same file.

    One that is not on the disk as it came is named in the manifest, and does not cost the others. Raises NoPicture
    when none is left.
    """
    if not found:
        raise NoPicture("no picture was taken in")
    open_workshop(workshop)
    archive, rows = workshop / "original.zip", []
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        for number, one in enumerate(found, start=1):
            content = _read(schema, one)
            name = f"{number:04d}_{one.received_at.astimezone(UTC):%Y%m%dT%H%M%S}.{one.kind}"
            rows.append(_row(name, one, is_missing=content is None))
            if content is not None:
                file.writestr(_entry(name, one.received_at), content)
        manifest = {"item_id": str(item_id), "count": len(rows), "pictures": rows}
        file.writestr(_entry("manifest.json", found[-1].received_at), json.dumps(manifest, indent=1))
    missing = sum(row["is_missing"] for row in rows)
    if missing == len(rows):
        raise NoPicture("no picture of the sequence is left")
    return Packed(archive, not missing)


def make_film(schema: str, found: Sequence[Pictured], workshop: Path, deadline: Deadline) -> tuple[Playable, Clip]:
    """Make the film of the pictures in `workshop`, emptied first; returns it with its size.

    Raises NoPicture, sandbox.ProgramFailed, sandbox.SandboxUnavailable.
    """
    open_workshop(workshop)
    shown = [one for one in found if gathering.shown_path(schema, one.id).is_file()]
    if not shown:
        raise NoPicture("no picture of the sequence can be shown")
    names = [f"{number:04d}.jpg" for number in range(len(shown))]
    for name, one in zip(names, shown, strict=True):
        # Linked: the sandbox needs no way to where the pictures wait, and meets no name from outside.
        (workshop / name).hardlink_to(gathering.shown_path(schema, one.id))
    clip = encoding.show_in_turn(list(zip(names, _lengths(shown), strict=True)), _size(shown), workshop, deadline)
    encoding.cut_picture(clip, 0, None, "poster.jpg", workshop, deadline)
    encoding.cut_picture(clip, 0, pictures.THUMBNAIL_WIDTH, "thumbnail.jpg", workshop, deadline)
    start = shown[0].received_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    film = Playable(
        file=workshop / clip.name,
        media_type="video/mp4",
        duration_ms=clip.duration_ms,
        segments=[{"started_at": start, "offset_ms": 0, "duration_ms": clip.duration_ms}],
        poster=workshop / "poster.jpg",
        thumbnails=(workshop / "thumbnail.jpg",),
        is_reencoded=True,
    )
    return film, clip


def _read(schema: str, one: Pictured) -> bytes | None:
    """Return the picture's bytes, or None when they are not those that were taken in."""
    try:
        content = gathering.sent_path(schema, one.id).read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == one.sha256 else None


def _row(name: str, one: Pictured, *, is_missing: bool) -> dict[str, Any]:
    """Describe a picture: `sha256` is the phone's own hash, found to be true when the picture came, and when packed."""
    return {
        "file": None if is_missing else name,
        "is_missing": is_missing,
        "received_at": one.received_at.astimezone(UTC).isoformat(),
        "taken_at_by_the_phone": one.taken_at.astimezone(UTC).isoformat(),
        "sha256": one.sha256,
        "bytes": one.bytes,
        "width": one.width,
        "height": one.height,
        "position": one.position,
    }


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, at.astimezone(UTC).timetuple()[:6])
    entry.external_attr = _MODE
    return entry


def _lengths(shown: Sequence[Pictured]) -> list[int]:
    """Return for how long, in ms, each picture was the newest one."""
    times = [one.received_at.timestamp() for one in shown]
    lengths = [max(1, round((after - before) * 1000)) for before, after in pairwise(times)]
    return [*lengths, LAST_SHOWN_MS]


def _size(shown: Sequence[Pictured]) -> tuple[int, int]:
    """Return the size in which all of them are shown, pixels: even, and no larger than people need."""
    width, height = max(one.width for one in shown), max(one.height for one in shown)
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)
