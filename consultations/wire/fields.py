"""What the fields of a client's frame about a consultation may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Purpose = Literal["call", "talk", "check"]
Wanted = Literal["high", "middle", "low", "off"]
LineRung = Literal["", "video", "video_low", "voice"]
Alone = Literal["yes", "no", "unsaid"]
Leg = Literal["ok", "failed", "absent", "unsaid"]
Answer = Literal["yes", "no"]
Name = Annotated[str, Meta(min_length=1, max_length=1200, pattern=r"^[^\x00]*$")]
Code = Annotated[str, Meta(max_length=40, pattern=r"^[a-z0-9_]*$")]
Said = Annotated[str, Meta(max_length=600, pattern=r"^[^\x00]*$")]
Tag = Annotated[str, Meta(min_length=2, max_length=12, pattern=r"^[A-Za-z-]+$")]
Count = Annotated[int, Meta(ge=0, le=2_000_000_000)]
FeedId = Annotated[str, Meta(min_length=36, max_length=36, pattern=r"^[0-9a-f-]+$")]
MOST_LAYERS = 32


class CheckResults(Struct, frozen=True, forbid_unknown_fields=True):
    """What a line check found: no address is among it."""

    camera: Leg = "unsaid"
    microphone: Leg = "unsaid"
    speaker: Leg = "unsaid"
    udp: Leg = "unsaid"
    tcp: Leg = "unsaid"
    tls: Leg = "unsaid"
    rtt_ms: Annotated[float, Meta(ge=0, le=60_000)] | None = None
    up_kbit_s: Annotated[float, Meta(ge=0, le=10_000_000)] | None = None
    loss_pct: Annotated[float, Meta(ge=0, le=100)] | None = None
    browser: Annotated[str, Meta(max_length=60, pattern=r"^[^\x00]*$")] = ""
    codes: Annotated[list[Code], Meta(max_length=20)] = []
