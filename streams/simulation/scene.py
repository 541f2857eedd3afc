"""The street that simulated callers film, as an ffmpeg filter graph: no fonts, no files, nothing to fetch."""

from __future__ import annotations

HOUSES = ("0x9a5b45", "0xb8a088", "0x7f8b6f", "0x8a4f4f")
# Pixels of one round of everything that moves, its hidden parts included.
LAP = 900


def street_scene(seconds: int, frames_per_second: int, tint: int) -> str:
    """A filter graph with the output [out], 640x360: traffic, a patrol car, an unsteady hand, a clock.

    `tint` turns the street's colours, in degrees, so that forces look different. Every movement repeats
    within 24 s, so that a loop has no seam but the clock's.
    """
    timing = f"r={frames_per_second}:d={seconds}"
    return ";".join(
        [
            f"color=c=0x6f7d86:s=704x396:{timing},{_boxes(_street())},hue=h={tint}[street]",
            *_traffic(timing),
            f"testsrc2=s=640x360:{timing},crop=100:18:2:2,scale=200:36:flags=neighbor[clock]",
            f"[street][walker]overlay=x='mod(t*{LAP / 24},{LAP})-60':y=222[a]",
            f"[a][car]overlay=x='mod(t*{LAP / 6},{LAP})-100':y=272[b]",
            f"[b][patrol]overlay=x='{LAP - 150}-mod(t*{LAP / 12},{LAP})':y=322[c]",
            "[c]crop=640:360:x='32+14*sin(2*PI*t/6)+6*sin(2*PI*t/2)':y='18+8*sin(2*PI*t/4)'[d]",
            "[d][clock]overlay=x=432:y=8,format=yuv420p[out]",
        ]
    )


def _street() -> list[str]:
    """Boxes (ffmpeg's drawbox) of what stands still."""
    windows = [
        f"x={60 + 170 * house + 60 * column}:y={100 + 50 * row}:w=30:h=28:c=0xdfe6c8"
        for house in range(4)
        for column in range(2)
        for row in range(2)
    ]
    return [
        "x=0:y=0:w=704:h=150:c=0x8fa9c4",  # sky
        *(f"x={40 + 170 * i}:y={50 + 25 * (i % 2)}:w=140:h=200:c={c}" for i, c in enumerate(HOUSES)),
        *windows,
        "x=0:y=245:w=704:h=20:c=0xa8a49a",  # pavement
        "x=0:y=265:w=704:h=131:c=0x4b4e52",  # road
        *(f"x={24 + 120 * i}:y=314:w=60:h=5:c=0xe8e6da" for i in range(6)),
    ]


def _traffic(timing: str) -> list[str]:
    """A car, a patrol car with a flashing light, somebody walking."""
    roof = "0x22303c"
    blinking = "x=40:y=0:w=18:h=7:c=0x1f5bff:t=fill:enable='lt(mod(t,0.5),0.25)'"
    patrol = _boxes([f"x=18:y=0:w=60:h=14:c={roof}", "x=0:y=20:w=104:h=8:c=0xf5d90a"])
    return [
        f"color=c=0xc8402f:s=92x34:{timing},{_boxes([f'x=16:y=0:w=52:h=13:c={roof}'])}[car]",
        f"color=c=0xf2f2ee:s=104x38:{timing},{patrol},drawbox={blinking}[patrol]",
        f"color=c=0x27323c:s=12x36:{timing},{_boxes(['x=2:y=0:w=8:h=8:c=0xd8b08c'])}[walker]",
    ]


def _boxes(boxes: list[str]) -> str:
    return ",".join(f"drawbox={box}:t=fill" for box in boxes)
