"""Writes pictures of the machine's clock to standard output, 30 a second: 1280 by 720, a byte of grey for each pixel.

They are what `probes/clock_camera.js` draws: 32 bars are the clock's low bits in milliseconds, and the bars below them
are the same, inverted. The rest moves, so that an encoder has something to do. Ends when nobody reads any more.
"""

import fcntl
import os
import random
import time

WIDTH, HEIGHT, RATE = 1280, 720, 30
BITS, BAR_WIDTH, BAR_HEIGHT = 32, 40, 120
GROUND = WIDTH * (HEIGHT - 2 * BAR_HEIGHT)
BLOCK, STEP = 16, 4
BLACK, WHITE = bytes(BAR_WIDTH), b"\xff" * BAR_WIDTH
INVERTED = bytes(255 - value for value in range(256))
SEED = 20_261_128
# A whole picture: nobody waits for a reader within one.
PIPE_BYTES = 1 << 20


def bars(clock_ms: int) -> bytes:
    """Return the upper third of a picture."""
    row = b"".join(WHITE if clock_ms >> bit & 1 else BLACK for bit in range(BITS))
    return row * BAR_HEIGHT + row.translate(INVERTED) * BAR_HEIGHT


def texture() -> bytes:
    """Return blocks of grey at random, some more of them than a picture has: one that moves is cut out of them."""
    chance = random.Random(SEED)
    rows = []
    for _ in range(GROUND // WIDTH // BLOCK + 1):
        row = b"".join(bytes([chance.randrange(60, 180)]) * BLOCK for _ in range(WIDTH // BLOCK))
        rows.append(row * BLOCK)
    return b"".join(rows)


def write(picture: bytes) -> None:
    """Write all of a picture; raises `BrokenPipeError`."""
    rest = memoryview(picture)
    while rest:
        rest = rest[os.write(1, rest) :]


def main() -> None:
    """Draw until nobody reads."""
    fcntl.fcntl(1, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    ground, count = texture(), 0
    due = time.monotonic()
    while True:
        time.sleep(max(0.0, due - time.monotonic()))
        at = count * STEP % WIDTH
        try:
            write(bars(int(time.time() * 1000)) + ground[at : at + GROUND])
        except BrokenPipeError:
            return
        count += 1
        # What a reader who was late has missed is not made up for: a camera does not either.
        due = max(due + 1 / RATE, time.monotonic())


if __name__ == "__main__":
    main()
