"""Takes the pictures: one size for the documents, or every size for whoever wants to look at each page."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

# A change of size or colours is drawn by then; a map takes the longest.
SETTLED_MS = 700
EVERY_SIZE = tuple(
    ViewportSize(width=width, height=height) for width, height in ((360, 740), (1366, 768), (2560, 1440))
)
NARROW = 600
FEWER_COLOURS = "[0:v]split[a][b];[a]palettegen=max_colors=160:stats_mode=single[p];[b][p]paletteuse=dither=none"
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Camera:
    """Writes ``directory/NAME.png``, or ``directory/WIDTHxHEIGHT/NAME.png`` where every size is wanted."""

    directory: Path
    every_size: bool = False
    taken: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str) -> None:
        """Take a page as it stands."""
        self.taken.append(name)
        if not self.every_size:
            self._settle(page)
            path = self.directory / f"{name}.png"
            page.screenshot(path=path)
            _reduce(path)
            return
        own = page.viewport_size
        for size in EVERY_SIZE:
            page.set_viewport_size(size)
            self._settle(page)
            self._shoot(page, name, size)
        if own is not None:
            page.set_viewport_size(own)

    def take_in_both_themes(self, page: Page, name: str) -> None:
        """Take a page in dark and in light colours; the light one's name ends in ``-light``."""
        self.take(page, name)
        page.emulate_media(color_scheme="light")
        self.take(page, f"{name}-light")
        page.emulate_media(color_scheme="dark")

    def _shoot(self, page: Page, name: str, size: ViewportSize) -> None:
        """On a phone the whole page is taken: what lies below the first screen is looked at, too."""
        place = self.directory / f"{size['width']}x{size['height']}"
        place.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=place / f"{name}.png", full_page=size["width"] < NARROW)
        if page.evaluate(OVERFLOW) > 0:
            self.too_wide.append(f"{name} at {size['width']}x{size['height']}")

    def _settle(self, page: Page) -> None:
        page.wait_for_timeout(SETTLED_MS)


def _reduce(path: Path) -> None:
    """Write the picture again with fewer colours: a third of the bytes, and text as sharp."""
    reduced = path.with_suffix(".reduced.png")
    words = [os.environ["SIGHTLINE_FFMPEG"], "-v", "error", "-y", "-i", str(path), "-filter_complex", FEWER_COLOURS]
    subprocess.run([*words, str(reduced)], check=True)
    reduced.replace(path)
